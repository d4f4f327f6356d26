import { OraError } from "../engine/ora-error.ts";
import type { Transaction } from "../instance/api.ts";
import type { Chance } from "./chance.ts";
import type { CommittedHistory, RowChange } from "./committed-history.ts";
import type { LiveRow, LiveTable, WorkloadInstance } from "./live-table.ts";

export type Operation = "insert" | "update" | "delete" | "commit" | "rollback";

interface OpenChange {
  readonly table: LiveTable;
  readonly key: string;
  readonly before: LiveRow | undefined;
}

/** One user at work: a transaction at a time, in one container. An error of the database undoes all of the transaction. */
export class WorkloadSession {
  readonly #instance: WorkloadInstance;
  readonly #history: CommittedHistory;
  readonly #chance: Chance;
  #transaction: Transaction | undefined;
  #changes: OpenChange[] = [];

  constructor(instance: WorkloadInstance, history: CommittedHistory, chance: Chance) {
    this.#instance = instance;
    this.#history = history;
    this.#chance = chance;
  }

  /** Container of the open transaction; undefined between transactions. */
  get conId(): number | undefined {
    return this.#transaction?.conId;
  }

  get openChanges(): number {
    return this.#changes.length;
  }

  async insert(table: LiveTable): Promise<void> {
    const id = table.nextId;
    table.nextId += 1;
    const values = table.kind.fresh(this.#chance, id);
    const key = String(id);
    await this.#change(table, key, async (transaction) => ({
      address: await transaction.insert(table.objectId, values),
      values,
    }));
  }

  async update(table: LiveTable, key: string, row: LiveRow): Promise<void> {
    const values = table.kind.changed(this.#chance, row.values);
    await this.#change(table, key, async (transaction) => ({
      address: await transaction.update(table.objectId, row.address, values),
      values,
    }));
  }

  async delete(table: LiveTable, key: string, row: LiveRow): Promise<void> {
    await this.#change(table, key, async (transaction) => {
      await transaction.delete(table.objectId, row.address);
      return undefined;
    });
  }

  async #change(
    table: LiveTable,
    key: string,
    perform: (transaction: Transaction) => Promise<LiveRow | undefined>,
  ): Promise<void> {
    this.#transaction ??= this.#instance.begin(table.conId);
    this.#changes.push({ table, key, before: table.rows.get(key) });
    table.held.add(key);
    const after = await perform(this.#transaction);
    if (after === undefined) table.rows.delete(key);
    else table.rows.set(key, after);
  }

  async commit(): Promise<void> {
    const transaction = this.#transaction;
    if (transaction === undefined) return;
    const changes = this.#netChanges();
    try {
      this.#history.committed(await transaction.commit(), changes);
      this.#forget();
    } catch (error) {
      if (error instanceof OraError) this.#doubt(changes);
      throw error;
    }
  }

  /** Also after an error: what the instance can no longer roll back, its recovery will. */
  async rollback(): Promise<void> {
    const transaction = this.#transaction;
    for (const { table, key, before } of this.#changes.toReversed()) {
      if (before === undefined) table.rows.delete(key);
      else table.rows.set(key, before);
    }
    this.#forget();
    try {
      await transaction?.rollback();
    } catch (error) {
      if (!(error instanceof OraError)) throw error;
    }
  }

  #netChanges(): RowChange[] {
    const net = new Map<string, RowChange>();
    for (const { table, key } of this.#changes) {
      net.set(`${table.key}/${key}`, { table: table.key, key, values: table.rows.get(key)?.values ?? null });
    }
    return [...net.values()];
  }

  /** No answer to COMMIT: nobody touches these rows again, and both outcomes count as right. */
  #doubt(changes: readonly RowChange[]): void {
    this.#history.unanswered(changes);
    for (const { table, key } of this.#changes) table.rows.delete(key);
    this.#forget();
  }

  #forget(): void {
    for (const { table, key } of this.#changes) table.held.delete(key);
    this.#changes = [];
    this.#transaction = undefined;
  }
}
