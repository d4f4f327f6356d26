import { failAt } from "../errors.ts";
import type { CallExpression, OrderItem, Window } from "../syntax/ast.ts";
import type { Scope, Translation } from "./context.ts";
import { analytics, functions } from "./functions.ts";
import { NUMBER, type Typed } from "./types.ts";

/** A call of a built-in function, an aggregate or an analytic function. ORA-00904 for a name that is none. */
export function translateCall(translation: Translation, expression: CallExpression, scope: Scope): Typed {
  const name = expression.parts.join(".");
  if (expression.over) return translateAnalytic(translation, expression, name, scope);
  const definition = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (definition === undefined)
    throw failAt(expression.position, 904, expression.parts.map((part) => `"${part}"`).join("."));
  const inner = definition.aggregate ? ungrouped(scope) : scope;
  if (expression.star) {
    if (name !== "COUNT") throw failAt(expression.position, 936);
    return { sql: "count(*)", type: { ...NUMBER, nullable: false } };
  }
  const args = expression.arguments.map((argument) => translation.expression(argument, inner));
  if (args.length < definition.min || args.length > definition.max) throw failAt(expression.position, 909);
  const translated = definition.translate(args);
  return { ...translated, sql: decorated(translation, expression, translated.sql, inner) };
}

/** DISTINCT goes inside the parentheses, and so does the order of LISTAGG. */
function decorated(translation: Translation, expression: CallExpression, sql: string, scope: Scope): string {
  const distinct = expression.distinct ? sql.replace("(", "(DISTINCT ") : sql;
  if (expression.withinGroup === undefined) return distinct;
  return `${distinct.slice(0, -1)} ORDER BY ${orderSql(translation, expression.withinGroup, scope)})`;
}

function ungrouped(scope: Scope): Scope {
  const { grouped: _, ...rest } = scope;
  return rest;
}

function translateAnalytic(
  translation: Translation,
  expression: CallExpression,
  name: string,
  scope: Scope,
): Typed {
  const args = expression.arguments.map((argument) => translation.expression(argument, scope));
  const analytic = Object.hasOwn(analytics, name) ? analytics[name] : undefined;
  const aggregate = Object.hasOwn(functions, name) ? functions[name] : undefined;
  const called = expression.star
    ? { sql: "count(*)", type: NUMBER }
    : (analytic?.(args) ?? (aggregate?.aggregate ? aggregate.translate(args) : undefined));
  if (called === undefined) throw failAt(expression.position, 904, `"${name}"`);
  return {
    sql: `${called.sql} OVER (${windowSql(translation, expression.over ?? { partition: [], order: [] }, scope)})`,
    type: called.type,
  };
}

function windowSql(translation: Translation, window: Window, scope: Scope): string {
  const parts: string[] = [];
  if (window.partition.length > 0)
    parts.push(
      `PARTITION BY ${window.partition.map((key) => translation.expression(key, scope).sql).join(", ")}`,
    );
  if (window.order.length > 0) parts.push(`ORDER BY ${orderSql(translation, window.order, scope)}`);
  if (window.frame !== undefined) parts.push(window.frame);
  return parts.join(" ");
}

function orderSql(translation: Translation, items: readonly OrderItem[], scope: Scope): string {
  return items.map((item) => orderTerm(translation.expression(item.expression, scope).sql, item)).join(", ");
}

/** Oracle puts NULL last, or first with DESC; SQLite the other way round. */
export function orderTerm(sql: string, item: OrderItem): string {
  return `${sql} ${item.descending ? "DESC" : "ASC"} NULLS ${item.nulls}`;
}
