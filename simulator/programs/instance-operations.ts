import { OraError } from "../engine/ora-error.ts";
import type { Instance } from "../instance/api.ts";
import type { SimulatedEngine } from "../sql/engine.ts";

export type ShutdownMode = "NORMAL" | "TRANSACTIONAL" | "IMMEDIATE" | "ABORT";

export interface StartupOrder {
  readonly to: "NOMOUNT" | "MOUNT" | "OPEN";
  readonly readOnly: boolean;
  readonly restricted: boolean;
  readonly pfile?: string;
}

/** Where a test may hold the instance, or make it fail by throwing an OraError. */
export type OperationStep = "start" | "mount" | "open" | "shutdown";
export type Hold = (step: OperationStep) => Promise<void>;

interface Pending {
  readonly kind: "startup" | "shutdown";
  readonly mode: ShutdownMode | undefined;
}

const MEBIBYTE = 1_048_576;

/** STARTUP and SHUTDOWN as tools give them: step by step, one at a time, with the lines that SQL*Plus prints. */
export class InstanceOperations {
  readonly #engine: SimulatedEngine;
  readonly #instance: Instance;
  readonly #hold: Hold;
  #pending: Pending | undefined;

  constructor(engine: SimulatedEngine, instance: Instance, hold: Hold) {
    this.#engine = engine;
    this.#instance = instance;
    this.#hold = hold;
  }

  /** What SQL gets from an instance that is on its way down. */
  get refusal(): OraError | undefined {
    if (this.#pending?.kind !== "shutdown") return undefined;
    if (this.#pending.mode === "IMMEDIATE")
      return new OraError(1089, "immediate shutdown or close in progress - no operations are permitted");
    return new OraError(1090, "shutdown in progress - connection is not permitted");
  }

  async startup(order: StartupOrder, say: (text: string) => void): Promise<void> {
    if (this.#instance.state !== "IDLE")
      throw new OraError(1081, "cannot start already-running ORACLE - shut it down first");
    await this.#alone({ kind: "startup", mode: undefined }, async () => {
      const { to, restricted, pfile } = order;
      await this.#hold("start");
      await this.#instance.startup({ to: "NOMOUNT", restricted, ...(pfile !== undefined && { pfile }) });
      say(`ORACLE instance started.\n\n${sgaLines()}`);
      if (to === "NOMOUNT") return;
      await this.#hold("mount");
      await this.#instance.mount();
      say("Database mounted.\n");
      if (to === "MOUNT") return;
      await this.#hold("open");
      await this.#instance.open(order.readOnly ? "READ ONLY" : "READ WRITE");
      say("Database opened.\n");
    });
  }

  async shutdown(mode: ShutdownMode, say: (text: string) => void): Promise<void> {
    if (mode === "ABORT") {
      const starting = this.#pending?.kind === "startup";
      this.#pending = undefined;
      if (starting || this.#instance.state !== "IDLE")
        await this.#engine.shutdown("ABORT").catch(ignoreNotAvailable);
      say("ORACLE instance shut down.\n");
      return;
    }
    if (this.#instance.state === "IDLE") throw notAvailable();
    await this.#alone({ kind: "shutdown", mode }, () => this.#shutdownCleanly(mode, say));
  }

  async #shutdownCleanly(mode: ShutdownMode, say: (text: string) => void): Promise<void> {
    const { state, startedAt } = this.#instance;
    if (state === "MOUNT") say("ORA-01109: database not open\n\n\n");
    if (state === "NOMOUNT") say("ORA-01507: database not mounted\n\n\n");
    await this.#hold("shutdown");
    // Somebody else aborted it meanwhile, and may have started it again.
    if (this.#instance.state === "IDLE" || this.#instance.startedAt !== startedAt) throw notAvailable();
    await this.#engine.shutdown(mode);
    if (state === "OPEN") say("Database closed.\n");
    if (state !== "NOMOUNT") say("Database dismounted.\n");
    say("ORACLE instance shut down.\n");
  }

  async #alone(pending: Pending, work: () => Promise<void>): Promise<void> {
    if (this.#pending !== undefined)
      throw new OraError(10_997, "another startup/shutdown operation of this instance inprogress");
    this.#pending = pending;
    try {
      await work();
    } finally {
      if (this.#pending === pending) this.#pending = undefined;
    }
  }
}

/** A STARTUP that was held before there was an instance. */
function ignoreNotAvailable(error: unknown): void {
  if (!(error instanceof OraError) || error.code !== 1034) throw error;
}

export function notAvailable(): OraError {
  return new OraError(1034, "ORACLE not available", {
    below: [
      "ORA-27101: shared memory realm does not exist",
      "Linux-x86_64 Error: 2: No such file or directory",
    ],
  });
}

function sgaLines(): string {
  const parts: readonly (readonly [string, number])[] = [
    ["Fixed Size", 9 * MEBIBYTE],
    ["Variable Size", 400 * MEBIBYTE],
    ["Database Buffers", 1000 * MEBIBYTE],
    ["Redo Buffers", 7 * MEBIBYTE],
  ];
  const total = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
  return [["Total System Global Area", total] as const, ...parts]
    .map(([name, bytes]) => `${name.padEnd(24)} ${String(bytes).padStart(10)} bytes\n`)
    .join("");
}
