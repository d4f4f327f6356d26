import { OraError } from "../engine/ora-error.ts";

interface Version {
  /** The commit that replaced it. */
  readonly until: bigint;
  readonly piece: Buffer | undefined;
}

/** Versions kept in memory before the oldest are given up, as undo retention would. */
const KEPT_VERSIONS = 200_000;

/** Past versions of rows since the instance opened the database, for AS OF SCN. Older than `floor` is ORA-01555. */
export class RowVersions {
  private readonly objects = new Map<string, Map<string, Version[]>>();
  private order: { object: string; key: string; until: bigint }[] = [];
  floor: bigint;

  constructor(floor: bigint) {
    this.floor = floor;
  }

  replaced(object: string, key: string, piece: Buffer | undefined, until: bigint): void {
    let rows = this.objects.get(object);
    if (rows === undefined) this.objects.set(object, (rows = new Map()));
    const versions = rows.get(key);
    if (versions === undefined) rows.set(key, [{ until, piece }]);
    else versions.push({ until, piece });
    this.order.push({ object, key, until });
    if (this.order.length > KEPT_VERSIONS) this.forgetOldest();
  }

  /** What the row was at `scn`: undefined where it has not been replaced since. */
  at(object: string, key: string, scn: bigint): { piece: Buffer | undefined } | undefined {
    return this.objects
      .get(object)
      ?.get(key)
      ?.find((version) => version.until > scn);
  }

  /** Rows of an object that were replaced after `scn`. */
  *changedSince(object: string, scn: bigint): Iterable<[string, Buffer | undefined]> {
    for (const [key, versions] of this.objects.get(object) ?? []) {
      const version = versions.find((candidate) => candidate.until > scn);
      if (version !== undefined) yield [key, version.piece];
    }
  }

  require(scn: bigint): void {
    if (scn < this.floor)
      throw new OraError(1555, 'snapshot too old: rollback segment number  with name "" too small');
  }

  private forgetOldest(): void {
    const dropped = this.order.splice(0, this.order.length / 2);
    for (const { object, key, until } of dropped) {
      const rows = this.objects.get(object);
      const left = rows?.get(key)?.filter((version) => version.until > until) ?? [];
      if (left.length === 0) rows?.delete(key);
      else rows?.set(key, left);
      if (until > this.floor) this.floor = until;
    }
  }
}
