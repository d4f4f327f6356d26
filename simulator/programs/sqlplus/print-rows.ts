import type { Column, DateValue, SqlValue } from "../../engine/values.ts";
import type { Settings } from "./settings.ts";

const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
/** Of DD-MON-RR. */
const DATE_WIDTH = 9;

interface Shown {
  readonly name: string;
  readonly width: number;
  readonly right: boolean;
}

/** A result as SQL*Plus prints it: columns as wide as their type, headings on each page, lines cut at LINESIZE. */
export function printRows(
  columns: readonly Column[],
  rows: readonly (readonly SqlValue[])[],
  settings: Settings,
): string {
  const shown = columns.map((column) => widthOf(column, settings));
  const lines = linesOf(shown, settings.linesize);
  const heading = settings.heading && settings.pagesize > 0 ? headingOf(lines, settings) : undefined;
  const perPage = Math.max(1, settings.pagesize - 1 - (heading?.length ?? 0));
  const output: string[] = [];
  let onPage = 0;
  for (const row of rows) {
    const printed = printRow(lines, row, settings);
    if (settings.pagesize > 0 && (onPage === 0 || onPage + printed.length > perPage)) {
      output.push("", ...(heading ?? []));
      onPage = 0;
    }
    output.push(...printed);
    onPage += printed.length;
  }
  return output.map((line) => `${settings.trimout ? line.trimEnd() : line}\n`).join("");
}

const NUMBERS = new Set<Column["type"]>(["NUMBER", "BINARY_FLOAT", "BINARY_DOUBLE"]);

function widthOf({ name, type, size }: Column, settings: Settings): Shown {
  if (NUMBERS.has(type)) return { name, width: Math.max(name.length, settings.numwidth), right: true };
  if (type === "DATE") return { name, width: Math.max(name.length, DATE_WIDTH), right: false };
  return { name: name.slice(0, size), width: size, right: false };
}

type Placed = readonly { readonly column: Shown; readonly index: number; readonly width: number }[];

/** Columns that do not fit into a line go to the next. */
function linesOf(columns: readonly Shown[], linesize: number): Placed[] {
  const lines: { column: Shown; index: number; width: number }[][] = [];
  let used = 0;
  for (const [index, column] of columns.entries()) {
    const width = Math.min(column.width, linesize);
    const last = lines.at(-1);
    if (last === undefined || used + 1 + width > linesize) {
      lines.push([{ column, index, width }]);
      used = width;
    } else {
      last.push({ column, index, width });
      used += 1 + width;
    }
  }
  return lines;
}

function headingOf(lines: readonly Placed[], settings: Settings): string[] {
  return lines.flatMap((line) => [
    line.map(({ column, width }) => aligned(column.name, column, width)).join(settings.colsep),
    line.map(({ width }) => "-".repeat(width)).join(settings.colsep),
  ]);
}

/** A text longer than its column goes on below. */
function printRow(lines: readonly Placed[], row: readonly SqlValue[], settings: Settings): string[] {
  return lines.flatMap((line) => {
    const cells = line.map(({ index, width, column }) =>
      wrapped(textOf(row[index] ?? null, settings), width, column),
    );
    const height = Math.max(1, ...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, level) =>
      line
        .map(({ column, width }, at) => aligned(cells[at]?.[level] ?? "", column, width))
        .join(settings.colsep),
    );
  });
}

function wrapped(text: string, width: number, column: Shown): string[] {
  if (column.right) return [text.length > width ? "#".repeat(width) : text];
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += width) parts.push(text.slice(at, at + width));
  return parts;
}

function aligned(text: string, { right }: Shown, width: number): string {
  return right ? text.padStart(width) : text.slice(0, width).padEnd(width);
}

function textOf(value: SqlValue, settings: Settings): string {
  if (value === null || value === "") return settings.null;
  if (typeof value !== "object") return String(value);
  if (Buffer.isBuffer(value)) return value.toString("hex").toUpperCase();
  if (value.kind === "date") return dateText(value);
  if (value.kind === "clob") return value.data.toString("utf8");
  return "";
}

/** NLS_DATE_FORMAT of a session that says nothing: DD-MON-RR. */
function dateText({ day, month, year }: DateValue): string {
  return `${String(day).padStart(2, "0")}-${MONTHS[month - 1] ?? ""}-${String(year % 100).padStart(2, "0")}`;
}
