import type { Column, DateValue, SqlValue } from "../engine/values.ts";

/** A value as the agent's database port gives it: text, a number (an integer only where it is exact), or null. Binary values are upper-case hex. */
export function plainValue(column: Column, value: SqlValue): string | number | null {
  if (value === null || value === "") return null;
  if (typeof value === "string") return column.type === "NUMBER" ? numberOrText(value) : value;
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return numberOrText(value.toString());
  if (typeof value === "boolean") return String(value);
  if (Buffer.isBuffer(value)) return value.toString("hex").toUpperCase();
  switch (value.kind) {
    case "date":
      return dateText(value);
    case "clob":
      return value.data.toString("utf8");
    case "blob":
      return value.data.toString("hex").toUpperCase();
    case "cursor":
      throw new TypeError(`column ${column.name} is a cursor: the database port has none`);
  }
}

function numberOrText(text: string): string | number {
  const number = Number(text);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number;
}

function dateText(date: DateValue): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const day = [String(date.year).padStart(4, "0"), two(date.month), two(date.day)].join("-");
  const clock = [date.hour, date.minute, date.second].map(two).join(":");
  const fraction = date.nanos === 0 ? "" : `.${String(date.nanos).padStart(9, "0").replace(/0+$/u, "")}`;
  return `${day}T${clock}${fraction}${date.zoneMinutes === undefined ? "" : "Z"}`;
}
