import { counted, printable } from "../../domain/human.ts";
import type { DoctorLine } from "../../doctor/line.ts";

const MARKS = { ok: "ok     ", warning: "warning", problem: "PROBLEM" } as const;

/** A heading for each part of the installation, a line for each check; below those that are not right, what to do. */
export function doctorText(lines: readonly DoctorLine[]): string {
  const width = Math.max(...lines.map(({ what }) => what.length), 0);
  const parts = [...new Set(lines.map(({ about }) => about))].flatMap((about) => [
    about,
    ...lines.filter((line) => line.about === about).map((line) => lineText(line, width)),
  ]);
  return [...parts, verdict(lines)].join("\n");
}

function lineText({ level, what, seen, todo }: DoctorLine, width: number): string {
  const line = `  ${MARKS[level]}  ${what.padEnd(width)}  ${printable(oneLine(seen))}`.trimEnd();
  return todo === undefined ? line : `${line}\n           ${" ".repeat(width)}  to do: ${printable(todo)}`;
}

/** What Oracle says has a line for each of its codes. */
function oneLine(seen: string): string {
  return seen.replaceAll(/\s*\n\s*/gu, "; ");
}

function verdict(lines: readonly DoctorLine[]): string {
  const count = (level: DoctorLine["level"]) => lines.filter((line) => line.level === level).length;
  const [problems, warnings] = [count("problem"), count("warning")];
  if (problems + warnings === 0) return "Nothing is wrong.";
  const words = [
    ...(problems > 0 ? [counted(problems, "problem")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
  ];
  return `Found ${words.join(" and ")}.`;
}
