import { failAt } from "../errors.ts";
import type { Expression, OrderItem, SelectBlock } from "../syntax/ast.ts";
import { orderTerm } from "./calls.ts";
import { quoted, type Scope, type ScopeColumn, type TranslatedQuery, type Translation } from "./context.ts";
import { holdsAggregate } from "./expressions.ts";
import { translateFrom } from "./from.ts";
import { outputPosition } from "./order-position.ts";
import { splitRownum } from "./rownum.ts";

interface Output extends ScopeColumn {
  readonly sql: string;
}

const ROWNUM = { ROWNUM: "(row_number() OVER ())" };

/** One SELECT … FROM … block with the ORDER BY that belongs to it. */
export function translateBlock(
  translation: Translation,
  block: SelectBlock,
  outer: Scope,
  order: readonly OrderItem[],
): TranslatedQuery {
  const { condition, limit } = splitRownum(block.where);
  const { scope, from, single } = translateSources(translation, block, outer);
  const where = condition ? ` WHERE ${translation.expression(condition, scope).sql}` : "";
  const rows = limit
    ? ` LIMIT ${translation.expression(limit.count, scope).sql}${limit.exclusive ? " - 1" : ""}`
    : "";
  const source =
    limit && single ? ` FROM (SELECT * FROM ${from}${where}${rows}) AS ${single}` : ` FROM ${from}${where}`;
  const grouping = translateGrouping(translation, block, scope);
  const listScope = grouping.scope;
  const outputs = translateItems(translation, block, listScope);
  const list = outputs.map((output) => `${output.sql} AS ${quoted(output.name)}`).join(", ");
  const having = block.having ? ` HAVING ${translation.expression(block.having, listScope).sql}` : "";
  const sorted = orderSql(translation, order, outputs, listScope);
  const tail = limit && !single ? rows : "";
  const sql = `SELECT ${block.distinct ? "DISTINCT " : ""}${list}${source}${grouping.sql}${having}${sorted}${tail}`;
  return { sql, columns: outputs.map(({ name, type }) => ({ name, type })) };
}

function translateSources(
  translation: Translation,
  block: SelectBlock,
  outer: Scope,
): { scope: Scope; from: string; single: string | undefined } {
  const parent = outer.sources.length === 0 && outer.parent === undefined ? {} : { parent: outer };
  const sources = block.from.map((item) =>
    translateFrom(translation, item, { ...parent, sources: [], named: outer.named, pseudo: {} }),
  );
  const base: Scope = {
    ...parent,
    sources: sources.flatMap((source) => source.sources),
    named: outer.named,
    pseudo: ROWNUM,
  };
  const tables = sources.map((source) => source.sql).join(", ");
  const only =
    sources.length === 1 && sources[0]?.sources.length === 1 ? sources[0].sources[0]?.sql : undefined;
  if (block.connectBy === undefined) return { scope: base, from: tables, single: only };
  const levels = translateLevels(translation, block.connectBy, base);
  return {
    scope: { ...base, pseudo: { LEVEL: levels.level, ROWNUM: levels.level } },
    from: `${tables}, ${levels.sql}`,
    single: undefined,
  };
}

/** CONNECT BY LEVEL <= n: a generator of rows, as it is used on DUAL. */
function translateLevels(
  translation: Translation,
  condition: Expression,
  scope: Scope,
): { sql: string; level: string } {
  const alias = translation.nextAlias();
  const next = translation.expression(condition, {
    ...scope,
    sources: [],
    pseudo: { LEVEL: "(n + 1)", ROWNUM: "(n + 1)" },
  }).sql;
  return {
    sql: `(WITH RECURSIVE levels(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM levels WHERE ${next}) SELECT n FROM levels) AS ${alias}`,
    level: `${alias}.n`,
  };
}

function translateGrouping(
  translation: Translation,
  block: SelectBlock,
  scope: Scope,
): { sql: string; scope: Scope } {
  const keys = block.group.map((key) => translation.expression(key, scope).sql);
  const aggregated = keys.length > 0 || block.having !== undefined || holdsAggregate(block.items);
  if (!aggregated) return { sql: "", scope };
  const code = keys.length > 0 ? 979 : 937;
  return {
    sql: keys.length > 0 ? ` GROUP BY ${keys.join(", ")}` : "",
    scope: { ...scope, grouped: { keys: new Set(keys), code } },
  };
}

function translateItems(translation: Translation, block: SelectBlock, scope: Scope): Output[] {
  return block.items.flatMap((item): Output[] => {
    if (item.kind === "expression")
      return [{ name: item.name, ...translation.expression(item.expression, scope) }];
    const sources = scope.sources.filter((source) => item.table === undefined || source.alias === item.table);
    if (sources.length === 0) throw failAt(item.position, 904, `"${item.table ?? "*"}"`);
    return sources.flatMap((source) =>
      source.columns
        .filter((column) => column.hidden !== true)
        .map((column) => ({
          name: column.name,
          type: column.type,
          sql: `${source.sql}.${quoted(column.name)}`,
        })),
    );
  });
}

function orderSql(
  translation: Translation,
  order: readonly OrderItem[],
  outputs: readonly Output[],
  scope: Scope,
): string {
  if (order.length === 0) return "";
  const terms = order.map((item) =>
    orderTerm(
      String(outputPosition(item, outputs) ?? translation.expression(item.expression, scope).sql),
      item,
    ),
  );
  return ` ORDER BY ${terms.join(", ")}`;
}
