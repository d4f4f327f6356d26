export type StatementKind = "query" | "plsql" | "dml" | "ddl" | "other";

const FIRST_WORD = /^(?:[\s(]+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*([a-z]+)/i;

const kinds: Readonly<Record<string, StatementKind>> = {
  SELECT: "query",
  WITH: "query",
  BEGIN: "plsql",
  DECLARE: "plsql",
  CALL: "plsql",
  INSERT: "dml",
  UPDATE: "dml",
  DELETE: "dml",
  MERGE: "dml",
  ALTER: "ddl",
  CREATE: "ddl",
  DROP: "ddl",
  ANALYZE: "ddl",
  AUDIT: "ddl",
  COMMENT: "ddl",
  GRANT: "ddl",
  REVOKE: "ddl",
  TRUNCATE: "ddl",
};

/** What a client takes a statement for: it decides the order of its binds and whether it is cached. */
export function statementKind(sql: string): StatementKind {
  return kinds[firstWord(sql)] ?? "other";
}

function firstWord(sql: string): string {
  return FIRST_WORD.exec(sql)?.[1]?.toUpperCase() ?? "";
}

/** Numbers that the server tells for the kind of statement. */
const sqlTypes: Readonly<Record<string, number>> = {
  SELECT: 3,
  WITH: 3,
  INSERT: 2,
  UPDATE: 6,
  DELETE: 7,
  CREATE: 1,
  DROP: 12,
  ALTER: 15,
  BEGIN: 47,
  DECLARE: 47,
  CALL: 47,
};

export function sqlType(sql: string): number {
  return sqlTypes[firstWord(sql)] ?? 0;
}

const RETURNING = /\breturn(?:ing)?\b[\s\S]+?\binto\b([\s\S]*)$/i;

/** How many binds at the end of a DML statement only receive values: those after RETURNING … INTO. */
export function returningBinds(sql: string): number {
  if (statementKind(sql) !== "dml") return 0;
  return RETURNING.exec(sql)?.[1]?.match(/:\w+/g)?.length ?? 0;
}
