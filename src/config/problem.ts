import type { Place } from "./located.ts";
import { maskedLine } from "./masked-line.ts";

/** Something wrong in the configuration, before its source line is at hand. */
export interface Finding {
  readonly at: Place;
  readonly text: string;
  /** First column of the source line that must not be shown; without it: what follows the place. */
  readonly showUntil?: number;
}

/** Something wrong in the configuration, ready to be shown: its source line has no secret in it. */
export interface Problem extends Finding {
  readonly source: string;
  /** Characters of `source` before the caret: masking may have moved it. */
  readonly caret: number;
}

/** Adds the source lines, sorts by file and position, and drops what was found twice. */
export function problemsOf(
  findings: readonly Finding[],
  sources: ReadonlyMap<string, string>,
): readonly Problem[] {
  const files = [...sources.keys()];
  const unique = new Map(findings.map((f) => [`${f.at.file}:${f.at.line}:${f.at.column}:${f.text}`, f]));
  return [...unique.values()]
    .toSorted(
      (a, b) =>
        files.indexOf(a.at.file) - files.indexOf(b.at.file) ||
        a.at.line - b.at.line ||
        a.at.column - b.at.column,
    )
    .map((finding) => shown(finding, sources.get(finding.at.file) ?? ""));
}

function shown(finding: Finding, text: string): Problem {
  const { line, column, width } = finding.at;
  const before = maskedLine(text, line, column).replace(/…$/, "");
  return {
    ...finding,
    source: maskedLine(text, line, finding.showUntil ?? column + width),
    caret: Math.min(column - 1, before.length),
  };
}

/** `file:line:column: text`, then the line and a caret below the value. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, width } = problem.at;
  const head = `${file}:${line}:${column}: ${problem.text}`;
  if (problem.source.trim() === "") return head;
  const room = Math.max(1, problem.source.length - problem.caret);
  return `${head}\n  ${problem.source}\n  ${" ".repeat(problem.caret)}${"^".repeat(Math.min(width, room))}`;
}
