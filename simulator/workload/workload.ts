import { setTimeout as sleep } from "node:timers/promises";

import { OraError } from "../engine/ora-error.ts";
import { Chance } from "./chance.ts";
import { CommittedHistory } from "./committed-history.ts";
import { homes, type LiveTable, openTable, type WorkloadInstance } from "./live-table.ts";
import { type Operation, WorkloadSession } from "./session.ts";
import { tableKinds } from "./table-kinds.ts";

export interface WorkloadOptions {
  readonly instance: WorkloadInstance;
  readonly seed: number;
  /** Sessions whose transactions overlap; 4 unless told. */
  readonly sessions?: number;
  /** Tables in each user tablespace; 3 unless told. */
  readonly tables?: number;
  /** Committed rows in each new table before the first step; 20 unless told. */
  readonly initialRows?: number;
  /** Above it a table shrinks more often than it grows; 150 unless told. */
  readonly mostRows?: number;
}

export interface Workload {
  readonly history: CommittedHistory;
  /** How often each ORA- code met the workload; it goes on with the next transaction. */
  readonly errors: ReadonlyMap<number, number>;
  readonly operations: number;
  /** One operation of one session. Calls must not overlap. Throws no OraError. */
  step(): Promise<void>;
  /** Commits what is open in every session. */
  settle(): Promise<void>;
  /** Rolls back what is open in every session. */
  rollback(): Promise<void>;
  /** Steps until the signal, even where one of them hangs on a stuck archiver. Leaves transactions open. */
  run(options: { readonly signal: AbortSignal; readonly opsPerSecond: number }): Promise<void>;
}

const TICK_MS = 10;
const weights: Readonly<Record<Operation, number>> = {
  insert: 32,
  update: 42,
  delete: 8,
  commit: 14,
  rollback: 4,
};
const crowdedWeights: Readonly<Record<Operation, number>> = { ...weights, insert: 4, delete: 36 };

/** Creates (or takes over) the tables and fills them. The database must be open READ WRITE; a seed decides all else. */
export async function createWorkload(options: WorkloadOptions): Promise<Workload> {
  const { instance } = options;
  const history = new CommittedHistory();
  const tables: LiveTable[] = [];
  const perContainer = new Map<number, number>();
  for (const home of homes(instance)) {
    const before = perContainer.get(home.conId) ?? 0;
    const wanted = options.tables ?? tableKinds.length;
    for (let i = before; i < before + wanted; i += 1) {
      const kind = tableKinds[i % tableKinds.length] ?? raise();
      const round = Math.floor(i / tableKinds.length);
      tables.push(
        await openTable(instance, home, kind, {
          name: round === 0 ? kind.name : `${kind.name}_${round + 1}`,
          history,
        }),
      );
    }
    perContainer.set(home.conId, before + wanted);
  }
  const workload = new SeededWorkload(options, tables, history);
  await workload.fill(options.initialRows ?? 20);
  return workload;
}

function raise(): never {
  throw new RangeError("there is no kind of table");
}

class SeededWorkload implements Workload {
  readonly history: CommittedHistory;
  readonly errors = new Map<number, number>();
  operations = 0;
  readonly #chance: Chance;
  readonly #sessions: readonly WorkloadSession[];
  readonly #tables: readonly LiveTable[];
  readonly #mostRows: number;

  constructor(options: WorkloadOptions, tables: readonly LiveTable[], history: CommittedHistory) {
    this.history = history;
    this.#tables = tables;
    this.#chance = new Chance(options.seed);
    this.#mostRows = options.mostRows ?? 150;
    this.#sessions = Array.from(
      { length: options.sessions ?? 4 },
      () => new WorkloadSession(options.instance, history, this.#chance),
    );
  }

  async fill(rows: number): Promise<void> {
    const session = this.#chance.pick(this.#sessions);
    for (const table of this.#tables) {
      while (table.rows.size < rows) await session.insert(table);
      await session.commit();
    }
  }

  async step(): Promise<void> {
    if (this.#tables.length === 0) return;
    this.operations += 1;
    const session = this.#chance.pick(this.#sessions);
    const inReach = this.#tables.filter(
      (table) => session.conId === undefined || table.conId === session.conId,
    );
    const table = this.#chance.pick(inReach);
    const operation = this.#chance.weighted(table.rows.size > this.#mostRows ? crowdedWeights : weights);
    await this.#guarded(session, () => this.#perform(session, table, operation));
  }

  async #perform(session: WorkloadSession, table: LiveTable, operation: Operation): Promise<void> {
    if (operation === "commit" || operation === "rollback") return session[operation]();
    if (operation === "insert") return session.insert(table);
    const free = [...table.rows].filter(([key]) => !table.held.has(key));
    if (free.length === 0) return session.insert(table);
    const [key, row] = this.#chance.pick(free);
    return session[operation](table, key, row);
  }

  async #guarded(session: WorkloadSession, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof OraError)) throw error;
      this.errors.set(error.code, (this.errors.get(error.code) ?? 0) + 1);
      await session.rollback();
    }
  }

  async settle(): Promise<void> {
    for (const session of this.#sessions) await this.#guarded(session, () => session.commit());
  }

  async rollback(): Promise<void> {
    for (const session of this.#sessions) await session.rollback();
  }

  async run(options: { readonly signal: AbortSignal; readonly opsPerSecond: number }): Promise<void> {
    const { signal, opsPerSecond } = options;
    const stopped = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    const begun = performance.now();
    let done = 0;
    while (!signal.aborted) {
      const due = ((performance.now() - begun) * opsPerSecond) / 1000;
      for (; done < due && !signal.aborted; done += 1) await Promise.race([this.step(), stopped]);
      await sleep(TICK_MS);
    }
  }
}
