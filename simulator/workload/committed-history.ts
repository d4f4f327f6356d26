import type { SqlValue } from "../engine/values.ts";

/** Where a table is and what it looks like. Containers go by name: a restored database may number them anew. */
export interface TableShape {
  readonly container: string;
  readonly owner: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** `values` null: the row was deleted. The key is the first column as text. */
export interface RowChange {
  readonly table: string;
  readonly key: string;
  readonly values: readonly SqlValue[] | null;
}

export interface RememberedTable {
  readonly shape: TableShape;
  readonly rows: ReadonlyMap<string, readonly SqlValue[]>;
  /** Rows whose last change got no answer to its COMMIT, with that change: both outcomes are right. */
  readonly inDoubt: ReadonlyMap<string, readonly SqlValue[] | null>;
}

/** All that was committed at or before `scn`. RECOVER UNTIL CHANGE n leaves the state at n - 1. */
export interface RememberedState {
  readonly scn: bigint;
  readonly tables: readonly RememberedTable[];
}

interface Version {
  readonly scn: bigint;
  readonly values: readonly SqlValue[] | null;
}

export function tableKey(shape: Pick<TableShape, "container" | "owner" | "name">): string {
  return `${shape.container}.${shape.owner}.${shape.name}`;
}

/** Every committed version of every row of the workload, by commit SCN. Knows nothing of blocks: it is the other witness. */
export class CommittedHistory {
  readonly #tables = new Map<
    string,
    { shape: TableShape; versions: Map<string, Version[]>; inDoubt: Map<string, readonly SqlValue[] | null> }
  >();
  #lastScn = 0n;
  #commits = 0;

  /** SCN of the last commit that was remembered; 0 before the first. */
  get lastScn(): bigint {
    return this.#lastScn;
  }

  get commits(): number {
    return this.#commits;
  }

  addTable(shape: TableShape): string {
    const key = tableKey(shape);
    this.#tables.set(key, { shape, versions: new Map(), inDoubt: new Map() });
    return key;
  }

  committed(scn: bigint, changes: readonly RowChange[]): void {
    for (const change of changes) {
      const versions = this.#table(change.table).versions;
      const known = versions.get(change.key) ?? [];
      known.push({ scn, values: change.values });
      versions.set(
        change.key,
        known.toSorted((a, b) => (a.scn < b.scn ? -1 : Number(a.scn > b.scn))),
      );
    }
    this.#commits += 1;
    if (scn > this.#lastScn) this.#lastScn = scn;
  }

  /** The commit was asked for and nobody answered. */
  unanswered(changes: readonly RowChange[]): void {
    for (const change of changes) this.#table(change.table).inDoubt.set(change.key, change.values);
  }

  stateAt(scn: bigint): RememberedState {
    const tables = [...this.#tables.values()].map(({ shape, versions, inDoubt }) => {
      const rows = new Map<string, readonly SqlValue[]>();
      for (const [key, known] of versions) {
        const values = known.findLast((version) => version.scn <= scn)?.values ?? null;
        if (values !== null) rows.set(key, values);
      }
      return { shape, rows, inDoubt: new Map(inDoubt) };
    });
    return { scn, tables };
  }

  #table(key: string) {
    const table = this.#tables.get(key);
    if (table === undefined) throw new RangeError(`the workload has no table ${key}`);
    return table;
  }
}
