import { OraError } from "../engine/ora-error.ts";
import type { SqlValue } from "../engine/values.ts";
import { canonical, rowKey } from "./canonical.ts";
import {
  type RememberedState,
  type RememberedTable,
  tableKey,
  type TableShape,
} from "./committed-history.ts";

/** Gives all rows of a table, columns in the order of the shape; undefined where there is no such table. */
export type TableReader = (shape: TableShape) => Promise<Iterable<readonly SqlValue[]> | undefined>;

interface Difference {
  readonly table: string;
  /** Empty where the whole table is meant. */
  readonly key: string;
  readonly what: "missing" | "unexpected" | "other values" | "unreadable" | "no table";
  readonly expected?: string;
  readonly found?: string;
}

export interface Comparison {
  /** Rows that either side has. */
  readonly rowsCompared: number;
  readonly rowsDifferent: number;
  /** The first 20. */
  readonly differences: readonly Difference[];
}

const MOST_DIFFERENCES = 20;

/**
 * Compares what was committed with what a database now holds, row by row, by key. Order and block do not matter.
 * A table that cannot be read counts as its rows being different; only errors other than OraError are thrown.
 */
export async function compareWithDatabase(
  remembered: RememberedState,
  read: TableReader,
): Promise<Comparison> {
  const tally = { rowsCompared: 0, rowsDifferent: 0, differences: [] as Difference[] };
  for (const table of remembered.tables) {
    const found = await rowsOf(table, read);
    if ("failure" in found)
      note(tally, Math.max(1, table.rows.size), { table: tableKey(table.shape), key: "", ...found.failure });
    else compareTable(table, found.rows, tally);
  }
  return tally;
}

type Tally = { rowsCompared: number; rowsDifferent: number; differences: Difference[] };
type Found = { rows: Map<string, string> } | { failure: Pick<Difference, "what" | "found"> };

async function rowsOf(table: RememberedTable, read: TableReader): Promise<Found> {
  try {
    const rows = await read(table.shape);
    if (rows === undefined)
      return table.rows.size === 0 ? { rows: new Map() } : { failure: { what: "no table" } };
    const keyed = new Map<string, string>();
    for (const row of rows) {
      const key = rowKey(row);
      // Two rows with one key are never equal to the one that was committed.
      keyed.set(key, (keyed.get(key) ?? "") + canonicalRow(table.shape, row));
    }
    return { rows: keyed };
  } catch (error) {
    if (error instanceof OraError) return { failure: { what: "unreadable", found: error.message } };
    throw error;
  }
}

function compareTable(table: RememberedTable, found: ReadonlyMap<string, string>, tally: Tally): void {
  const name = tableKey(table.shape);
  for (const key of new Set([...table.rows.keys(), ...found.keys(), ...table.inDoubt.keys()])) {
    const committed = table.rows.get(key);
    const expected = committed === undefined ? undefined : canonicalRow(table.shape, committed);
    const actual = found.get(key);
    if (expected === undefined && actual === undefined) continue;
    tally.rowsCompared += 1;
    if (expected === actual || isOtherOutcome(table, key, actual)) continue;
    const what = actual === undefined ? "missing" : expected === undefined ? "unexpected" : "other values";
    tally.rowsCompared -= 1;
    note(tally, 1, {
      table: name,
      key,
      what,
      ...(expected === undefined ? {} : { expected }),
      ...(actual === undefined ? {} : { found: actual }),
    });
  }
}

function isOtherOutcome(table: RememberedTable, key: string, actual: string | undefined): boolean {
  const values = table.inDoubt.get(key);
  if (values === undefined) return false;
  return values === null ? actual === undefined : canonicalRow(table.shape, values) === actual;
}

function note(tally: Tally, rows: number, difference: Difference): void {
  tally.rowsCompared += rows;
  tally.rowsDifferent += rows;
  if (tally.differences.length < MOST_DIFFERENCES) tally.differences.push(difference);
}

function canonicalRow(shape: TableShape, row: readonly SqlValue[]): string {
  return JSON.stringify(shape.columns.map((column, index) => canonical(column.type, row[index] ?? null)));
}
