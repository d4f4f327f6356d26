import { setTimeout as sleep } from "node:timers/promises";

import type { ContainerName } from "../../src/domain/names.ts";
import { databaseError } from "../../src/errors/database-error.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import type { BindValue, CallOptions, Database, Row } from "../../src/ports/database.ts";
import type { Bind, EngineSession, ExecuteResult } from "../engine/engine.ts";
import { OraError } from "../engine/ora-error.ts";
import { bindNames } from "./bind-names.ts";
import type { DoorFaults } from "./in-process-faults.ts";
import { plainValue } from "./plain-value.ts";

/** A session that does not end in this time is left behind. */
const CLOSE_MS = 1_000;

/** The agent's database port over a session of the simulated instance, without a network between them. */
export class InProcessSession implements Database {
  readonly container: ContainerName;
  readonly #session: EngineSession;
  readonly #faults: DoorFaults;
  readonly #nextCall: () => number;
  readonly #dropped: Promise<never>;
  #queue: Promise<unknown> = Promise.resolve();
  #dead: UmbraError | undefined;
  #closed: Promise<void> | undefined;

  constructor(
    session: EngineSession,
    wiring: { container: ContainerName; faults: DoorFaults; nextCall: () => number; dropped: Promise<never> },
  ) {
    this.#session = session;
    this.container = wiring.container;
    this.#faults = wiring.faults;
    this.#nextCall = wiring.nextCall;
    this.#dropped = wiring.dropped;
  }

  async query(
    sql: string,
    binds: Readonly<Record<string, BindValue>>,
    options: CallOptions,
  ): Promise<readonly Row[]> {
    return this.#inTurn(sql, bindsInOrder(sql, binds), options, (result) =>
      result.kind === "query" ? rowsOf(result) : [],
    );
  }

  async execute(sql: string, options: CallOptions): Promise<void> {
    await this.#inTurn(sql, [], options, () => undefined);
  }

  async close(): Promise<void> {
    this.#closed ??= this.#end();
    await this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #end(): Promise<void> {
    this.#dead ??= lost("not connected");
    const ended = this.#session.close().catch(() => undefined);
    await Promise.race([ended, sleep(CLOSE_MS, undefined, { ref: false })]);
  }

  /**
   * Calls of one session wait for each other; a deadline counts from the moment the call was made. Rows are read inside
   * the call, so that a damaged block under one of them is an error of this call.
   */
  async #inTurn<T>(
    sql: string,
    binds: readonly Bind[],
    options: CallOptions,
    read: (result: ExecuteResult) => T,
  ): Promise<T> {
    if (this.#dead !== undefined) throw this.#dead;
    const before = this.#queue;
    return this.#watched(options, (signal) => {
      const work = before.then(() => this.#perform(sql, binds, signal)).then(read);
      // The next call waits until the engine let go of this one, also where nobody waits for the answer any more.
      this.#queue = work.then(
        () => undefined,
        () => undefined,
      );
      return work;
    });
  }

  async #perform(sql: string, binds: readonly Bind[], signal: AbortSignal): Promise<ExecuteResult> {
    if (this.#dead !== undefined) throw this.#dead;
    const call = { number: this.#nextCall(), sql };
    await this.#faults.sending?.(call);
    signal.throwIfAborted();
    const result = await this.#session.execute(sql, binds, { signal });
    await this.#faults.answering?.(call);
    return result;
  }

  async #watched<T>(options: CallOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(this.#missed(options.deadlineMs)), options.deadlineMs);
    const cancel = () => late.reject(cancelled());
    options.signal?.addEventListener("abort", cancel, { once: true });
    try {
      if (options.signal?.aborted === true) throw cancelled();
      return await Promise.race([work(stop.signal), late.promise, this.#dropped]);
    } catch (error) {
      throw this.#translated(error);
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", cancel);
      stop.abort(DONE);
    }
  }

  #missed(deadlineMs: number): UmbraError {
    this.#dead = lost("the session was given up after a missed deadline");
    return new UmbraError("UMB-5203", { ora: null, message: "no answer", lost: true, deadlineMs });
  }

  #translated(error: unknown): unknown {
    if (!(error instanceof OraError)) return error;
    const translated = databaseError(error.code, error.message, { cause: error });
    if (translated.code === "UMB-5202") this.#dead = translated;
    return translated;
  }
}

/** A reason of its own: an exception made for each call would be most of its cost. */
const DONE = new Error("the call has ended");

function lost(message: string): UmbraError {
  return new UmbraError("UMB-5202", { ora: null, message, lost: true });
}

function cancelled(): UmbraError {
  return databaseError(1013, "ORA-01013: user requested cancel of current operation");
}

function bindsInOrder(sql: string, binds: Readonly<Record<string, BindValue>>): Bind[] {
  const values = new Map(Object.entries(binds).map(([name, value]) => [name.toUpperCase(), value]));
  const names = bindNames(sql);
  const stranger = [...values.keys()].find((name) => !names.includes(name));
  if (stranger !== undefined)
    throw databaseError(1036, `ORA-01036: unrecognized bind variable passed to the SQL: ${stranger}`);
  return names.map((name) => {
    const value = values.get(name);
    if (value === undefined) throw databaseError(1008, `ORA-01008: not all variables bound: ${name}`);
    return { name, value };
  });
}

function rowsOf(result: Extract<ExecuteResult, { kind: "query" }>): Row[] {
  return Array.from(result.rows, (row) =>
    Object.fromEntries(
      result.columns.map((column, index) => [
        column.name.toLowerCase(),
        plainValue(column, row[index] ?? null),
      ]),
    ),
  );
}
