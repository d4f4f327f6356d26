import { failAt } from "../errors.ts";
import type { Expression } from "../syntax/ast.ts";
import { quoted, type Scope, type ScopeColumn, type Source, type Translation } from "./context.ts";
import { functions, niladic } from "./functions.ts";
import { NUMBER, type Typed } from "./types.ts";

type NameExpression = Extract<Expression, { kind: "name" }>;

/** A column, a pseudo column, a PL/SQL variable or a function without parentheses, in this order. */
export function translateName(translation: Translation, expression: NameExpression, scope: Scope): Typed {
  const { parts, position } = expression;
  const column = findColumn(parts, scope, position);
  if (column !== undefined) return column;
  const name = parts.join(".");
  const pseudo = findPseudo(name, scope);
  if (pseudo !== undefined) return { sql: pseudo, type: NUMBER };
  const variable = translation.environment.variable(name);
  if (variable !== undefined) return variable;
  if (Object.hasOwn(niladic, name) && niladic[name] !== undefined) return niladic[name];
  const definition = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (definition?.min === 0) return definition.translate([]);
  throw failAt(position, 904, parts.map((part) => `"${part}"`).join("."));
}

function findColumn(parts: readonly string[], scope: Scope, position: number): Typed | undefined {
  for (let level: Scope | undefined = scope; level !== undefined; level = level.parent) {
    const found = columnsIn(level.sources, parts);
    if (found.length > 1) throw failAt(position, 918);
    const [only] = found;
    if (only === undefined) continue;
    const sql = `${only.source.sql}.${quoted(only.column.name)}`;
    if (level === scope && scope.grouped && !scope.grouped.keys.has(sql))
      throw failAt(position, scope.grouped.code);
    return { sql, type: only.column.type };
  }
  return undefined;
}

function columnsIn(
  sources: readonly Source[],
  parts: readonly string[],
): { source: Source; column: ScopeColumn }[] {
  const name = parts.at(-1);
  const table = parts.at(-2);
  const owner = parts.at(-3);
  return sources
    .filter(
      (source) =>
        (table === undefined || source.alias === table) && (owner === undefined || source.owner === owner),
    )
    .flatMap((source) =>
      source.columns
        .filter(
          (column) =>
            column.name === name && (column.hidden !== true || table !== undefined || sources.length === 1),
        )
        .map((column) => ({ source, column })),
    );
}

function findPseudo(name: string, scope: Scope): string | undefined {
  for (let level: Scope | undefined = scope; level !== undefined; level = level.parent) {
    if (Object.hasOwn(level.pseudo, name)) return level.pseudo[name];
  }
  return undefined;
}
