import { counted, printable } from "../../domain/human.ts";
import type { CheckItem } from "../../discover/check-item.ts";

/** A line for each item; below those that are not right, what to do. */
export function checkText(database: string, items: readonly CheckItem[]): string {
  const width = Math.max(...items.map((item) => item.name.length), 0);
  const lines = items.map((item) => itemText(item, width));
  const wrong = items.filter((item) => !item.ok && item.severity === "error").length;
  const warnings = items.filter((item) => !item.ok && item.severity === "warning").length;
  const verdict = wrong > 0 ? `not ready for a backup: ${counted(wrong, "problem")}` : "ready for a backup";
  const doubts = warnings > 0 ? `, ${counted(warnings, "warning")}` : "";
  return [...lines, `${database} is ${verdict}${doubts}`].join("\n");
}

const MARKS = { error: "FAILED ", warning: "warning", info: "info   " } as const;

function itemText(item: CheckItem, width: number): string {
  const mark = item.ok ? "ok     " : MARKS[item.severity];
  const line = `${mark}  ${item.name.padEnd(width)}  ${printable(item.seen)}`;
  if (item.ok || item.todo === undefined) return line.trimEnd();
  const rule = item.rule === undefined ? "" : ` (rule ${item.rule})`;
  return `${line}\n         ${" ".repeat(width)}  to do${rule}: ${printable(item.todo)}`;
}
