/** What an error does: goes on, or ends the program. */
export type ErrorAction =
  | { readonly kind: "continue" }
  | { readonly kind: "exit"; readonly code: ExitCode; readonly rollback: boolean };

export type ExitCode = number | "sqlcode" | "oscode";

export const goOn: ErrorAction = { kind: "continue" };

/** WHENEVER SQLERROR|OSERROR EXIT …|CONTINUE …; undefined for anything else. */
export function readWhenever(
  rest: string,
): { readonly on: "sqlerror" | "oserror"; readonly action: ErrorAction } | undefined {
  const [, on, verb, tail = ""] = /^(sqlerror|oserror)\s+(exit|continue)\b\s*(.*)$/iu.exec(rest.trim()) ?? [];
  if (on === undefined || verb === undefined) return undefined;
  const kind = on.toLowerCase() as "sqlerror" | "oserror";
  if (verb.toLowerCase() === "continue") return { on: kind, action: goOn };
  return { on: kind, action: { kind: "exit", ...readExit(tail) } };
}

/** The words behind EXIT: a code, and COMMIT or ROLLBACK. */
export function readExit(text: string): { readonly code: ExitCode; readonly rollback: boolean } {
  const words = text
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
  const rollback = words.includes("rollback");
  const [word = "success"] = words.filter((candidate) => !["commit", "rollback"].includes(candidate));
  return { code: codeOf(word), rollback };
}

function codeOf(word: string): ExitCode {
  if (word === "sql.sqlcode") return "sqlcode";
  if (word === "oscode") return "oscode";
  if (word === "failure") return 1;
  if (word === "warning") return 2;
  return /^\d+$/u.test(word) ? Number(word) : 0;
}

/** What the operating system keeps of it: some ORA- codes come out as 0. */
export function exitStatus(code: ExitCode, lastSqlCode: number): number {
  if (code === "sqlcode") return lastSqlCode % 256;
  return code === "oscode" ? 2 : code % 256;
}
