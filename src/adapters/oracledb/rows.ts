import type { Row } from "../../ports/database.ts";
import type { Driver, DriverResult, ExecuteOptions } from "./driver.ts";

/** Rows that come with one answer; inventories are rarely larger. */
const ROWS_PER_ANSWER = 1_000;

/** NUMBER comes as text, so that no digit of an SCN is lost, and CLOB as text, so that no locator stays open. */
export function executeOptions(driver: Driver): ExecuteOptions {
  return {
    outFormat: driver.OUT_FORMAT_ARRAY,
    maxRows: 0,
    fetchArraySize: ROWS_PER_ANSWER,
    prefetchRows: ROWS_PER_ANSWER,
    fetchTypeHandler: (column) => {
      if (column.dbType === driver.DB_TYPE_NUMBER) return { type: driver.STRING, converter: exactNumber };
      if (column.dbType === driver.DB_TYPE_CLOB) return { type: driver.STRING };
      return undefined;
    },
  };
}

export function rowsOf(result: DriverResult): readonly Row[] {
  const names = (result.metaData ?? []).map((column) => column.name.toLowerCase());
  return (result.rows ?? []).map((values) =>
    Object.fromEntries(names.map((name, index) => [name, plainValue(values[index])])),
  );
}

/** A number where it is exact, else its decimal text. */
export function exactNumber(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const number = Number(value);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? value : number;
}

function plainValue(value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "number") return value;
  if (Buffer.isBuffer(value)) return value.toString("hex").toUpperCase();
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value);
}
