import type { ExecuteResult } from "../../engine/engine.ts";

const VERBS: Readonly<Record<string, string>> = {
  ALTER: "altered",
  CREATE: "created",
  DROP: "dropped",
  INSERT: "created",
  UPDATE: "updated",
  DELETE: "deleted",
  MERGE: "merged",
};

/** The line after a statement, without FEEDBACK OFF. `least`: rows of a query that are worth a line. */
export function feedbackOf(sql: string, result: ExecuteResult, rows: number, least: number): string {
  if (least === 0) return "";
  const words = sql
    .trim()
    .split(/[\s(;]+/u)
    .map((word) => word.toUpperCase());
  const [first = ""] = words;
  switch (result.kind) {
    case "query":
      if (rows === 0) return "\nno rows selected\n\n";
      return rows < least ? "\n" : `\n${counted(rows)} selected.\n\n`;
    case "dml":
      return `\n${counted(result.rowsAffected)} ${VERBS[first] ?? "processed"}.\n\n`;
    case "plsql":
      return "\nPL/SQL procedure successfully completed.\n\n";
    case "ddl":
      return `\n${ddlLine(words)}\n\n`;
  }
}

/** Database altered., Tablespace created., Grant succeeded., Commit complete. */
function ddlLine([first = "", ...rest]: readonly string[]): string {
  if (first === "COMMIT" || first === "ROLLBACK") return `${capital(first)} complete.`;
  if (first === "GRANT" || first === "REVOKE") return `${capital(first)} succeeded.`;
  const kinds = ["BIGFILE", "SMALLFILE", "UNDO", "TEMPORARY", "OR", "REPLACE", "PUBLIC"];
  const [kind = "", second] = rest.filter((word) => !kinds.includes(word));
  const name = kind === "PLUGGABLE" || second === "INDEX" ? `${capital(kind)} database` : capital(kind);
  return `${name} ${VERBS[first] ?? "altered"}.`;
}

function counted(rows: number): string {
  return rows === 1 ? "1 row" : `${rows} rows`;
}

function capital(word: string): string {
  return word.slice(0, 1) + word.slice(1).toLowerCase();
}
