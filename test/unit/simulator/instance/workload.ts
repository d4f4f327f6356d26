import type { RowAddress } from "../../../../simulator/instance/api.ts";
import type { OpenInstance } from "../../../../simulator/instance/open-instance.ts";

/** What a table held after each commit: the truth that a restore is compared with. */
export class RememberedTable {
  readonly commits: { readonly scn: bigint; readonly rows: ReadonlyMap<number, string> }[] = [];
  private readonly instance: OpenInstance;
  private readonly conId: number;
  private readonly objectId: number;
  private readonly random: () => number;
  private readonly rows = new Map<number, { address: RowAddress; value: string }>();
  private next = 0;

  constructor(instance: OpenInstance, at: { conId: number; objectId: number }, random: () => number) {
    this.instance = instance;
    this.conId = at.conId;
    this.objectId = at.objectId;
    this.random = random;
  }

  /** One transaction of a few changes; one in five is rolled back. */
  async step(): Promise<void> {
    const transaction = this.instance.begin(this.conId);
    const changed = new Map<number, { address: RowAddress; value: string } | undefined>();
    for (let left = 1 + Math.trunc(this.random() * 4); left > 0; left -= 1) {
      const ids = [...this.rows.keys()].filter((id) => !changed.has(id));
      const id = ids[Math.trunc(this.random() * ids.length)];
      const row = id === undefined ? undefined : this.rows.get(id);
      const value = "v".repeat(Math.trunc(this.random() * 300)) + String(this.random());
      if (id === undefined || row === undefined || this.random() < 0.4) {
        this.next += 1;
        changed.set(this.next, {
          value,
          address: await transaction.insert(this.objectId, [this.next, value]),
        });
      } else if (this.random() < 0.7) {
        changed.set(id, {
          value,
          address: await transaction.update(this.objectId, row.address, [id, value]),
        });
      } else {
        await transaction.delete(this.objectId, row.address);
        changed.set(id, undefined);
      }
    }
    if (this.random() < 0.2) {
      await transaction.rollback();
      return;
    }
    const scn = await transaction.commit();
    for (const [id, row] of changed) {
      if (row === undefined) this.rows.delete(id);
      else this.rows.set(id, row);
    }
    this.commits.push({ scn, rows: new Map([...this.rows].map(([id, row]) => [id, row.value])) });
  }

  /** Committed rows before `scn`: what RECOVER … UNTIL CHANGE scn shall give. */
  before(scn: bigint): ReadonlyMap<number, string> {
    return this.commits.findLast((commit) => commit.scn < scn)?.rows ?? new Map();
  }
}

export function rowsOf(
  instance: OpenInstance,
  conId: number,
  objectId: number,
  scn?: bigint,
): Map<number, string> {
  const rows = instance.readRows(conId, objectId, scn === undefined ? {} : { scn });
  return new Map(
    [...rows].map(({ values }) => [Number(values[0]), typeof values[1] === "string" ? values[1] : ""]),
  );
}
