import { OraError } from "../engine/ora-error.ts";
import type { RowAddress } from "./api.ts";

/** Who holds a row, and what it was before: what everybody else sees until the holder commits. */
export interface RowLock {
  readonly holder: object;
  readonly objectId: number;
  readonly address: RowAddress;
  readonly before: Buffer | undefined;
}

export const rowKey = (row: RowAddress): string => `${row.file}.${row.block}.${row.slot}`;

/** Row locks, waits and the search for deadlocks. */
export class RowLocks {
  private readonly rows = new Map<string, RowLock>();
  private readonly waiting = new Map<object, object>();
  private readonly woken = new Map<object, (() => void)[]>();

  holding(key: string): RowLock | undefined {
    return this.rows.get(key);
  }

  all(): Iterable<RowLock> {
    return this.rows.values();
  }

  take(key: string, lock: RowLock): void {
    this.rows.set(key, lock);
  }

  /** Resolves when nobody else holds the row, and tells whether somebody did; ORA-00060 for the one whose wait would close a circle. */
  async waitFor(key: string, who: object): Promise<boolean> {
    let waited = false;
    for (
      let lock = this.rows.get(key);
      lock !== undefined && lock.holder !== who;
      lock = this.rows.get(key)
    ) {
      const holder = lock.holder;
      waited = true;
      this.refuseCircle(who, holder);
      this.waiting.set(who, holder);
      await new Promise<void>((resolve) => {
        this.woken.set(holder, [...(this.woken.get(holder) ?? []), resolve]);
      });
      this.waiting.delete(who);
    }
    return waited;
  }

  release(holder: object, keys: Iterable<string>): void {
    for (const key of keys) if (this.rows.get(key)?.holder === holder) this.rows.delete(key);
    const waiters = this.woken.get(holder) ?? [];
    this.woken.delete(holder);
    for (const wake of waiters) wake();
  }

  private refuseCircle(who: object, holder: object): void {
    for (let next: object | undefined = holder; next !== undefined; next = this.waiting.get(next)) {
      if (next === who) throw new OraError(60, "deadlock detected while waiting for resource");
    }
  }
}
