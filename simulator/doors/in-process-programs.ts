import { basename, dirname } from "node:path";

import { UmbraError } from "../../src/errors/umbra-error.ts";
import type { Host, RunOptions, RunResult } from "../../src/ports/host.ts";
import { environmentNames, type ProgramName } from "../programs/door-protocol.ts";
import { InputLines } from "../programs/input-lines.ts";
import type { ProgramHost } from "../programs/program.ts";
import { programs } from "../programs/programs.ts";

/** One run of a program, as the faults of this door see it. */
export interface ProgramCall {
  /** Of all programs, from 1. */
  readonly number: number;
  readonly program: ProgramName;
  readonly argv: readonly string[];
  readonly input: string;
}

/** What may go wrong between the agent and a program. An error that is thrown is what `run` rejects with. */
export interface ProgramFaults {
  /** Before the program starts: an error here means that nothing was done. */
  starting?(call: ProgramCall): Promise<void> | void;
  /**
   * True cuts the connection as soon as the program has printed this much: `run` rejects with UMB-7203, the program is gone
   * with all that it was not told yet, and what it asked of the instance goes on.
   */
  cutting?(call: ProgramCall, printed: string): boolean;
  /** After the program ended, before its answer arrives. */
  answering?(call: ProgramCall): Promise<void> | void;
}

/**
 * `Host.run` for the programs of a simulated ORACLE_HOME, in this process: thousands of runs a minute. Others go to
 * `otherwise`. A missed deadline, an abort and a cut kill the program, not what the instance does.
 */
export function inProcessPrograms(
  host: ProgramHost,
  otherwise: Host["run"],
  faults: ProgramFaults = {},
): Host["run"] {
  let calls = 0;
  return async (argv, options) => {
    const found = programOf(host, argv);
    if (found === undefined) return otherwise(argv, options);
    calls += 1;
    const call = { ...found, number: calls, input: Buffer.from(options.input ?? "").toString() };
    await faults.starting?.(call);
    const result = await runToEnd(host, call, options, faults);
    await faults.answering?.(call);
    return result;
  };
}

interface Found {
  readonly program: ProgramName;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** `[/usr/bin/env NAME=VALUE…] ORACLE_HOME/bin/PROGRAM ARGUMENT…`. */
function programOf(host: ProgramHost, words: readonly string[]): Found | undefined {
  const at =
    words[0]?.endsWith("env") === true ? words.findIndex((word, n) => n > 0 && !word.includes("=")) : 0;
  const path = words[at] ?? "";
  const program = basename(path);
  if (dirname(path) !== `${host.oracleHome}/bin` || !Object.hasOwn(programs, program)) return undefined;
  const settings = words.slice(1, at).map((word) => word.split(/=(.*)/su) as [string, string]);
  return { program: program as ProgramName, argv: words.slice(at + 1), env: Object.fromEntries(settings) };
}

async function runToEnd(
  host: ProgramHost,
  call: ProgramCall & Found,
  options: RunOptions,
  faults: ProgramFaults,
): Promise<RunResult> {
  const { program, argv, env } = call;
  const broken = Promise.withResolvers<never>();
  const input = new InputLines();
  let alive = true;
  let printed = "";
  const end = (error: Error) => {
    alive = false;
    input.end();
    broken.reject(error);
  };
  const say = (text: string) => {
    printed += text;
    if (alive && faults.cutting?.(call, printed) === true)
      end(new UmbraError("UMB-7203", { host: "dbhost", program }));
  };
  const { deadlineMs, signal } = options;
  const late = () => end(new UmbraError("UMB-7202", { host: "dbhost", program, deadlineMs }));
  const timer = setTimeout(late, deadlineMs);
  const stop = () => end(signal?.reason as Error);
  if (signal?.aborted === true) stop();
  signal?.addEventListener("abort", stop, { once: true });
  input.add(call.input);
  input.end();
  try {
    // Nobody may be waiting when a program that was cut ends.
    broken.promise.catch(() => undefined);
    const ran = programs[program](host, {
      argv,
      env: Object.fromEntries(environmentNames.flatMap((name) => (env[name] ? [[name, env[name]]] : []))),
      input,
      say,
      get alive() {
        return alive;
      },
    });
    ran.catch(() => undefined);
    const status = await Promise.race([ran, broken.promise]);
    return { status, signal: undefined, stdout: Buffer.from(printed), stderr: Buffer.alloc(0) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}
