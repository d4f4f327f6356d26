import { OraError } from "../../engine/ora-error.ts";

function place(sql: string, position: number): { line: number; column: number } {
  const before = sql.slice(0, position);
  return { line: before.split("\n").length, column: position - before.lastIndexOf("\n") };
}

/** A block that does not compile: ORA-06550 with the PLS- error below it. */
function compileError(sql: string, position: number, pls: number, text: string): OraError {
  const { line, column } = place(sql, position);
  return new OraError(6550, `line ${line}, column ${column}:`, {
    position,
    below: [
      `PLS-${String(pls).padStart(5, "0")}: ${text}`,
      `ORA-06550: line ${line}, column ${column}:`,
      "PL/SQL: Statement ignored",
    ],
  });
}

export function undeclared(sql: string, position: number, name: string): OraError {
  return compileError(sql, position, 201, `identifier '${name}' must be declared`);
}

export function unexpectedSymbol(sql: string, position: number, symbol: string): OraError {
  return compileError(
    sql,
    position,
    103,
    `Encountered the symbol "${symbol === "" ? "end-of-file" : symbol}" when expecting one of the following:`,
  );
}

/** An error at run time, with the line that raised it below. Unknown names are errors of compilation. */
export function located(error: unknown, sql: string, position: number): unknown {
  if (!(error instanceof OraError) || error.code === 6550 || error.message.includes("ORA-06512"))
    return error;
  const { line } = place(sql, position);
  if (error.code === 904)
    return undeclared(sql, position, (/"([^"]*)"/.exec(error.message)?.[1] ?? "").toUpperCase());
  const [first = "", ...below] = error.message.split("\n");
  return new OraError(error.code, first.replace(/^ORA-\d+: /, ""), {
    below: [...below, `ORA-06512: at line ${line}`],
  });
}
