import type { DateValue, SqlValue } from "../engine/values.ts";

/** Format for TO_CHAR that gives the text of a date here. */
export const DATE_FORMAT = "YYYY-MM-DD HH24:MI:SS";

/** One text for a value, by whichever way it came: from a block, from a driver as number or text, or from TO_CHAR. */
export function canonical(type: string, value: SqlValue): string | null {
  if (value === null || value === "") return null;
  if (type.startsWith("NUMBER")) return String(Number(value));
  if (typeof value !== "object") return String(value);
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (value.kind === "date") return dateText(value);
  return value.kind === "cursor" ? null : value.data.toString("hex");
}

/** The first column is the key of a row, and a whole number. */
export function rowKey(row: readonly SqlValue[]): string {
  return canonical("NUMBER", row[0] ?? null) ?? "";
}

function dateText(date: DateValue): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const clock = [date.hour, date.minute, date.second].map(two).join(":");
  return `${date.year}-${two(date.month)}-${two(date.day)} ${clock}`;
}
