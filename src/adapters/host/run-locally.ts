import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

import { UmbraError } from "../../errors/umbra-error.ts";
import type { RunOptions, RunResult } from "../../ports/host.ts";
import { guardRun } from "./call-guard.ts";
import { errnoOf } from "./path-call.ts";
import { programEnvironment } from "./program-environment.ts";
import { RunOutput } from "./run-output.ts";

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A program on this machine, in a process group of its own. Contract: `Host.run`. */
export async function runLocally(
  host: string,
  argv: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const [program = "", ...args] = argv;
  const child = started(host, program, args);
  using guard = guardRun(host, program, options);
  try {
    return await Promise.race([ended(host, program, child, options), guard.left]);
  } catch (error) {
    killGroup(child);
    throw error;
  }
}

function started(host: string, program: string, args: readonly string[]): Child {
  try {
    // A group of its own: what the program has started can be ended with it, and Ctrl-C at a terminal does not reach it.
    return spawn(program, args, {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
      env: programEnvironment(process.env),
    });
  } catch (error) {
    throw notStarted(host, program, error);
  }
}

async function ended(host: string, program: string, child: Child, options: RunOptions): Promise<RunResult> {
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  const { maxOutputBytes } = options;
  const output = new RunOutput(maxOutputBytes);
  const tooMuch = () => reject(new UmbraError("UMB-7204", { host, program, maxOutputBytes }));
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].on("data", (chunk: Buffer) => void (output.add(stream, chunk) || tooMuch()));
  }
  child.on("error", (error) => {
    const status = shellStatus(error);
    if (status === undefined) return reject(notStarted(host, program, error));
    const stderr = Buffer.from(`${program}: ${error.message}\n`);
    resolve({ status, signal: undefined, stdout: Buffer.alloc(0), stderr });
  });
  child.on("close", (status, signal) =>
    resolve({ status: status ?? undefined, signal: signal ?? undefined, ...output.all }),
  );
  // A program may end without reading its input.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  return await promise;
}

/** As a shell says it, so that a program that is not there is told alike on every host. */
function shellStatus(error: Error): number | undefined {
  const errno = errnoOf(error);
  if (errno === "ENOENT" || errno === "ENOTDIR") return 127;
  return errno === "EACCES" || errno === "EPERM" ? 126 : undefined;
}

function notStarted(host: string, program: string, error: unknown): UmbraError {
  return new UmbraError(
    "UMB-7201",
    { host, program, reason: errnoOf(error) ?? String(error) },
    { cause: error },
  );
}

/**
 * With what the program has started. Not after it has ended by itself: what it left behind then is meant to stay, as the
 * instance that a STARTUP leaves. Its streams are let go, so that they hold nothing up.
 */
function killGroup(child: Child): void {
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nothing is left of it.
  }
}
