import type { FromItem, TableReference } from "../syntax/ast.ts";
import { quoted, type Scope, type Source, type Translation } from "./context.ts";

interface From {
  readonly sql: string;
  readonly sources: readonly Source[];
}

type Join = Extract<FromItem, { kind: "join" }>;

export function translateFrom(translation: Translation, item: FromItem, scope: Scope): From {
  if (item.kind === "table") return translateTable(translation, item, scope);
  if (item.kind === "join") return translateJoin(translation, item, scope);
  const { sql, columns } = translation.query(item.query, scope);
  const alias = translation.nextAlias();
  return { sql: `(${sql}) AS ${alias}`, sources: [{ sql: alias, alias: item.alias ?? alias, columns }] };
}

function translateTable(translation: Translation, reference: TableReference, scope: Scope): From {
  const alias = translation.nextAlias();
  const name = reference.parts.at(-1) ?? "";
  const named = reference.parts.length === 1 ? scope.named.get(name) : undefined;
  if (named)
    return {
      sql: `(${named.sql}) AS ${alias}`,
      sources: [{ sql: alias, alias: reference.alias ?? name, columns: named.columns }],
    };
  const asOf = reference.asOf && {
    unit: reference.asOf.unit,
    value: translation.expression(reference.asOf.value, scope),
  };
  const table = translation.environment.table(reference, asOf);
  const source: Source = {
    sql: alias,
    alias: reference.alias ?? table.name,
    owner: table.owner,
    columns: table.columns,
  };
  return { sql: `${quoted(table.sql)} AS ${alias}`, sources: [source] };
}

function translateJoin(translation: Translation, join: Join, scope: Scope): From {
  const left = translateFrom(translation, join.left, scope);
  const right = translateFrom(translation, join.right, scope);
  const sources = [...left.sources, ...right.sources];
  const on = joinCondition(translation, join, left.sources, right.sources, { ...scope, sources });
  return { sql: `${left.sql} ${join.type} JOIN ${right.sql}${on === "" ? "" : ` ON ${on}`}`, sources };
}

function joinCondition(
  translation: Translation,
  join: Join,
  left: readonly Source[],
  right: readonly Source[],
  scope: Scope,
): string {
  if (join.on) return translation.expression(join.on, scope).sql;
  const side = (sources: readonly Source[], name: string) =>
    translation.expression({ kind: "name", parts: [name], position: 0 }, { ...scope, sources }).sql;
  return (join.using ?? []).map((name) => `${side(left, name)} = ${side(right, name)}`).join(" AND ");
}
