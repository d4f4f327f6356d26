import { formatBytes, printable } from "../../domain/human.ts";
import type { Warning } from "../../domain/refusal.ts";
import { indented } from "../table.ts";

/** One step of a plan as it is shown: what is done, the statements that are sent, the file that is copied. */
export interface PlanLine {
  readonly id: string;
  readonly title: string;
  /** Where the statements run; absent: the root. */
  readonly container?: string;
  readonly sql: readonly string[];
  /** What RMAN is given, line by line. */
  readonly script?: readonly string[];
  readonly source?: string;
  /** Where the source lies, unless on the database's host. */
  readonly sourceHost?: string;
  readonly target?: string;
  readonly bytes?: number;
}

/** Numbered steps, each statement and each copy below its step, then what to know, `notes` first, and the sum. */
export function planText(
  head: string,
  lines: readonly PlanLine[],
  warnings: readonly Warning[],
  notes: readonly string[] = [],
): string {
  const width = String(lines.length).length;
  const steps = lines.map(
    (line, index) => `${String(index + 1).padStart(width)}. ${stepText(line, width + 2)}`,
  );
  const bytes = lines.reduce((sum, line) => sum + (line.bytes ?? 0), 0);
  const sum = `${lines.length} steps, ${formatBytes(bytes)} to copy. Nothing was changed: this is the plan.`;
  return [head, ...steps, ...notes, ...warnings.map(warningText), sum].join("\n");
}

function stepText(line: PlanLine, indent: number): string {
  const size = line.bytes === undefined ? "" : ` (${formatBytes(line.bytes)})`;
  const where = line.container === undefined ? "" : ` in ${printable(line.container)}`;
  const host = line.sourceHost === undefined ? "" : `${line.sourceHost}:`;
  const copy =
    line.source === undefined ? [] : [`${host}${printable(line.source)} → ${printable(line.target ?? "?")}`];
  const write = line.source === undefined && line.target !== undefined ? [`→ ${printable(line.target)}`] : [];
  const statements = line.sql.map((sql) => `SQL${where}: ${printable(sql)}`);
  const script = (line.script ?? []).map((text) => `RMAN: ${printable(text)}`);
  const below = [...statements, ...script, ...copy, ...write];
  const inner = below.map((text) => `\n${indentedBy(text, indent)}`).join("");
  return `${printable(line.title)}${size}${inner}`;
}

export function warningText(warning: Warning): string {
  const rule = warning.rule === undefined ? "" : ` (rule ${warning.rule})`;
  return `warning${rule}: ${printable(warning.seen)}\n${indented(`to do: ${printable(warning.todo)}`)}`;
}

function indentedBy(text: string, columns: number): string {
  return `${" ".repeat(columns)}${text}`;
}
