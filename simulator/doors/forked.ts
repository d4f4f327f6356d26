import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { InstanceStep } from "../instance/hooks.ts";
import type { PlannedFault } from "../instance/instance-faults.ts";
import type { RememberedState } from "../workload/committed-history.ts";
import type {
  ControlCalls,
  ControlKind,
  ControlReply,
  ReadyLine,
  SimulatorStatus,
} from "./control-protocol.ts";
import { programArguments, programDefaults, type ProgramOptions } from "./program-options.ts";

/** A simulated database host in a process of its own. Every call has a deadline; disposing kills the process by its id. */
export interface ForkedSimulator extends AsyncDisposable {
  readonly ready: ReadyLine;
  readonly port: number;
  readonly pid: number;
  status(): Promise<SimulatorStatus>;
  /** Everything the workload committed at or before the SCN. */
  remembered(scn: bigint): Promise<RememberedState>;
  startWorkload(opsPerSecond: number): Promise<void>;
  /** Unless `commit`, open transactions stay open. */
  stopWorkload(options?: { readonly commit: boolean }): Promise<void>;
  startup(to: "NOMOUNT" | "MOUNT" | "OPEN", pfile?: string): Promise<void>;
  shutdown(mode: "NORMAL" | "TRANSACTIONAL" | "IMMEDIATE" | "ABORT"): Promise<void>;
  /** The instance dies at once; process and listener stay. */
  crash(): Promise<void>;
  /** What shall go wrong with STARTUP and SHUTDOWN from now on; see `PlannedFault`. */
  plant(fault: PlannedFault): Promise<void>;
  /** Takes the faults at a step back, or all of them; what hangs goes on. */
  lift(at?: InstanceStep): Promise<void>;
  /** Ends the process; its files stay. */
  stop(): Promise<void>;
}

export interface ForkOptions extends Partial<ProgramOptions> {
  readonly base: string;
  /** Until the ready line; creating 4 GB takes its time. 60 s unless told. */
  readonly startDeadlineMs?: number;
  /** For each control call. 30 s unless told. */
  readonly callDeadlineMs?: number;
  /** A program that starts it, and becomes it: one that enters a namespace. */
  readonly through?: readonly string[];
}

const PROGRAM = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../main.ts" : "../main.js", import.meta.url),
);
const STOP_MS = 3_000;
const LAST_LINES = 20;

/** Rejects, with the program's last lines, when it does not become ready. */
export async function forkSimulator(options: ForkOptions): Promise<ForkedSimulator> {
  const [execPath, ...execArgv] = [...(options.through ?? []), process.execPath];
  const child = fork(PROGRAM, programArguments({ ...programDefaults, ...options }), {
    execPath,
    execArgv,
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const complaints: string[] = [];
  if (child.stderr !== null)
    createInterface(child.stderr).on("line", (line) => {
      complaints.push(line);
      if (complaints.length > LAST_LINES) complaints.shift();
    });
  try {
    const ready = await within(
      options.startDeadlineMs ?? 60_000,
      "the start of the simulator",
      readyLine(child, complaints),
    );
    return new ForkedProgram(child, ready, options.callDeadlineMs ?? 30_000);
  } catch (error) {
    await end(child);
    throw error;
  }
}

async function readyLine(child: ChildProcess, complaints: readonly string[]): Promise<ReadyLine> {
  const { promise, resolve, reject } = Promise.withResolvers<ReadyLine>();
  if (child.stdout !== null) {
    createInterface(child.stdout).on("line", (line) => {
      if (line.startsWith("{")) resolve(JSON.parse(line) as ReadyLine);
    });
  }
  child.once("error", reject);
  child.once("close", (code, signal) => {
    reject(new Error(`the simulator ended with ${signal ?? `code ${code}`}\n${complaints.join("\n")}`));
  });
  return promise;
}

class ForkedProgram implements ForkedSimulator {
  readonly ready: ReadyLine;
  readonly #child: ChildProcess;
  readonly #callDeadlineMs: number;
  readonly #waiting = new Map<
    number,
    { resolve: (answer: unknown) => void; reject: (error: Error) => void }
  >();
  #lastId = 0;

  constructor(child: ChildProcess, ready: ReadyLine, callDeadlineMs: number) {
    this.#child = child;
    this.ready = ready;
    this.#callDeadlineMs = callDeadlineMs;
    child.on("message", (message) => this.#take(message as ControlReply));
    child.once("exit", () => this.#loseAll());
  }

  get port(): number {
    return this.ready.port;
  }

  get pid(): number {
    return this.ready.pid;
  }

  async status(): Promise<SimulatorStatus> {
    return this.#call("status", null);
  }

  async remembered(scn: bigint): Promise<RememberedState> {
    return this.#call("remembered", { scn });
  }

  async startWorkload(opsPerSecond: number): Promise<void> {
    await this.#call("start-workload", { opsPerSecond });
  }

  async stopWorkload(options: { readonly commit: boolean } = { commit: false }): Promise<void> {
    await this.#call("stop-workload", options);
  }

  async startup(to: "NOMOUNT" | "MOUNT" | "OPEN", pfile?: string): Promise<void> {
    await this.#call("startup", { to, ...(pfile !== undefined && { pfile }) });
  }

  async shutdown(mode: "NORMAL" | "TRANSACTIONAL" | "IMMEDIATE" | "ABORT"): Promise<void> {
    await this.#call("shutdown", { mode });
  }

  async crash(): Promise<void> {
    await this.#call("crash", null);
  }

  async plant(fault: PlannedFault): Promise<void> {
    await this.#call("plant", { fault });
  }

  async lift(at?: InstanceStep): Promise<void> {
    await this.#call("lift", at === undefined ? {} : { at });
  }

  async stop(): Promise<void> {
    await end(this.#child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #call<K extends ControlKind>(
    kind: K,
    ask: ControlCalls[K]["ask"],
  ): Promise<ControlCalls[K]["answer"]> {
    if (!this.#child.connected) throw gone();
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#child.send({ id, kind, ask }, (error) => {
      if (error !== null) reject(error);
    });
    try {
      return (await within(
        this.#callDeadlineMs,
        `the simulator's answer to ${kind}`,
        promise,
      )) as ControlCalls[K]["answer"];
    } finally {
      this.#waiting.delete(id);
    }
  }

  #take(reply: ControlReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (reply.ok) waiting?.resolve(reply.answer);
    else waiting?.reject(new Error(reply.message));
  }

  #loseAll(): void {
    for (const { reject } of this.#waiting.values()) reject(gone());
  }
}

function gone(): Error {
  return new Error("the simulator's process has ended");
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  try {
    await within(STOP_MS, "the end of the simulator", exited);
  } catch {
    child.kill("SIGKILL");
    await exited;
  }
}

async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${what} took longer than ${ms} ms`)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
