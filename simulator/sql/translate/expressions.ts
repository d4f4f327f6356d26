import { fail, failAt } from "../errors.ts";
import { parseMoment } from "../runtime/date-format.ts";
import { encodeMoment } from "../runtime/moment.ts";
import type { Expression } from "../syntax/ast.ts";
import { translateArithmetic } from "./arithmetic.ts";
import { translateCall } from "./calls.ts";
import { asNumber, asText, comparable } from "./coerce.ts";
import { literal, type Scope, type Translation } from "./context.ts";
import { translateName } from "./names.ts";
import {
  commonType,
  DATE,
  INTERVAL,
  isMoment,
  isText,
  namedType,
  NUMBER,
  text,
  TIMESTAMP,
  TIMESTAMP_TZ,
  type ResultType,
  type Typed,
} from "./types.ts";

type Of<K extends Expression["kind"]> = Extract<Expression, { kind: K }>;
type Translator<K extends Expression["kind"]> = (
  translation: Translation,
  expression: Of<K>,
  scope: Scope,
) => Typed;

/** Truth values stay inside SQLite. */
const CONDITION: ResultType = { type: "BOOLEAN", size: 1, nullable: true };
const UNTYPED: ResultType = { ...text(1), untyped: true };
const UNIT_DAYS: Readonly<Record<string, number>> = {
  DAY: 1,
  HOUR: 1 / 24,
  MINUTE: 1 / 1440,
  SECOND: 1 / 86_400,
};

const translators: { readonly [K in Expression["kind"]]: Translator<K> } = {
  text: (_, { value }) =>
    value === ""
      ? { sql: "NULL", type: UNTYPED }
      : { sql: literal(value), type: { ...text(value.length), type: "CHAR", nullable: false } },
  number: (_, { value }) => ({ sql: value, type: { ...NUMBER, nullable: false } }),
  null: () => ({ sql: "NULL", type: UNTYPED }),
  moment: translateMoment,
  interval: (_, { value, unit }) => ({ sql: String(intervalDays(value, unit)), type: INTERVAL }),
  bind: (translation, expression) => translation.environment.bind(expression),
  name: translateName,
  call: translateCall,
  negate: (translation, { operand }, scope) => ({
    sql: `(-${asNumber(translation.expression(operand, scope)).sql})`,
    type: NUMBER,
  }),
  not: (translation, { operand }, scope) => condition(`NOT ${translation.expression(operand, scope).sql}`),
  binary: translateBinary,
  compare: translateCompare,
  case: translateCase,
  in: translateIn,
  between: translateBetween,
  like: translateLike,
  "is-null": (translation, { operand, negated }, scope) =>
    condition(`${translation.expression(operand, scope).sql} IS ${negated ? "NOT " : ""}NULL`),
  exists: (translation, { query }, scope) => condition(`EXISTS (${translation.query(query, scope).sql})`),
  subquery: translateSubquery,
  row: (translation, { items }, scope) => ({
    sql: `(${items.map((item) => translation.expression(item, scope).sql).join(", ")})`,
    type: CONDITION,
  }),
  cast: translateCast,
  extract: (translation, { field, operand }, scope) => ({
    sql: `ora_extract(${literal(field)}, ${translation.expression(operand, scope).sql})`,
    type: NUMBER,
  }),
  zone: translateZone,
};

export function translateExpression(translation: Translation, expression: Expression, scope: Scope): Typed {
  if (scope.grouped && !["text", "number", "null", "bind"].includes(expression.kind)) {
    const { grouped, ...free } = scope;
    if (grouped.keys.size > 0 && !holdsAggregate(expression)) {
      const whole = translateExpression(translation, expression, free);
      if (grouped.keys.has(whole.sql)) return whole;
    }
  }
  const translator = translators[expression.kind] as (...args: [Translation, Expression, Scope]) => Typed;
  return translator(translation, expression, scope);
}

const AGGREGATES = new Set(["COUNT", "SUM", "AVG", "MIN", "MAX", "LISTAGG"]);

/** True where the expression holds an aggregate of its own block (not one with OVER, not one in a subquery). */
export function holdsAggregate(expression: unknown): boolean {
  if (typeof expression !== "object" || expression === null) return false;
  if (Array.isArray(expression)) return expression.some((item) => holdsAggregate(item));
  const node = expression as { kind?: string; parts?: readonly string[]; over?: unknown; with?: unknown };
  if (node.kind === "subquery" || node.kind === "exists" || node.with !== undefined) return false;
  if (node.kind === "call" && node.over === undefined && AGGREGATES.has(node.parts?.join(".") ?? ""))
    return true;
  return Object.values(node).some((value) => holdsAggregate(value));
}

function condition(sql: string): Typed {
  return { sql: `(${sql})`, type: CONDITION };
}

function translateMoment(_: Translation, { type, value, position }: Of<"moment">): Typed {
  const model =
    type === "DATE"
      ? "YYYY-MM-DD"
      : value.includes(".")
        ? "YYYY-MM-DD HH24:MI:SS.FF"
        : "YYYY-MM-DD HH24:MI:SS";
  const zoned = type === "TIMESTAMP" && / ?(?:[+-]\d\d:\d\d|UTC)$/i.test(value);
  const moment = parseMoment(value, zoned ? `${model} TZH:TZM` : model, { seconds: 0, nanos: 0 });
  if (position < 0) throw failAt(0, 1841);
  return {
    sql: literal(encodeMoment(moment)),
    type: type === "DATE" ? DATE : zoned ? TIMESTAMP_TZ : TIMESTAMP,
  };
}

function intervalDays(value: string, unit: string): number {
  const days = UNIT_DAYS[unit];
  if (days === undefined || Number.isNaN(Number(value))) throw fail(1867);
  return Number(value) * days;
}

function translateBinary(
  translation: Translation,
  { operator, left, right }: Of<"binary">,
  scope: Scope,
): Typed {
  const [first, second] = [translation.expression(left, scope), translation.expression(right, scope)];
  if (operator === "AND" || operator === "OR") return condition(`${first.sql} ${operator} ${second.sql}`);
  if (operator === "||") {
    const [head, tail] = [asText(first), asText(second)];
    return {
      sql: `ora_concat(${head.sql}, ${tail.sql})`,
      type: text(Math.min(head.type.size + tail.type.size, 4000)),
    };
  }
  return translateArithmetic(operator, first, second);
}

function translateCompare(translation: Translation, expression: Of<"compare">, scope: Scope): Typed {
  const { operator, left, right, quantifier } = expression;
  if (quantifier !== undefined) return translateQuantified(translation, expression, scope);
  if (left.kind === "row" && right.kind === "row") {
    const pairs = left.items.map(
      (item, index) =>
        translateCompare(
          translation,
          { kind: "compare", operator: "=", left: item, right: right.items[index] ?? item },
          scope,
        ).sql,
    );
    return condition(operator === "=" ? pairs.join(" AND ") : `NOT (${pairs.join(" AND ")})`);
  }
  const [first, second] = comparable(
    translation.expression(left, scope),
    translation.expression(right, scope),
  );
  return condition(`${first} ${operator} ${second}`);
}

/** = ANY is IN, <> ALL is NOT IN; the others compare with the least or the greatest of a subquery. */
function translateQuantified(
  translation: Translation,
  { operator, left, right, quantifier }: Of<"compare">,
  scope: Scope,
): Typed {
  const list = right.kind === "subquery" ? right.query : right.kind === "row" ? right.items : [right];
  if (operator === "=" && quantifier === "ANY")
    return translateIn(translation, { kind: "in", operand: left, list, negated: false }, scope);
  if (operator === "<>" && quantifier === "ALL")
    return translateIn(translation, { kind: "in", operand: left, list, negated: true }, scope);
  if (!("body" in list)) throw fail(3001);
  const query = translation.query(list, scope);
  const extreme = operator.startsWith(">") === (quantifier === "ALL") ? "max" : "min";
  return condition(
    `${translation.expression(left, scope).sql} ${operator} (SELECT ${extreme}("${query.columns[0]?.name ?? ""}") FROM (${query.sql}))`,
  );
}

function translateCase(
  translation: Translation,
  { operand, branches, otherwise }: Of<"case">,
  scope: Scope,
): Typed {
  const subject = operand && translation.expression(operand, scope);
  const parts = branches.map(({ when, result }) => {
    const test = translation.expression(when, scope);
    const [left, right] = subject ? comparable(subject, test) : [test.sql, ""];
    return { when: subject ? `${left} = ${right}` : left, value: translation.expression(result, scope) };
  });
  const last = otherwise && translation.expression(otherwise, scope);
  const type = commonType([...parts.map((part) => part.value.type), last?.type ?? UNTYPED]);
  const body = parts.map((part) => `WHEN ${part.when} THEN ${part.value.sql}`).join(" ");
  return { sql: `CASE ${body}${last ? ` ELSE ${last.sql}` : ""} END`, type };
}

function translateIn(translation: Translation, { operand, list, negated }: Of<"in">, scope: Scope): Typed {
  if ("body" in list) {
    const value = translation.expression(operand, scope);
    return condition(`${value.sql} ${negated ? "NOT " : ""}IN (${translation.query(list, scope).sql})`);
  }
  const tests = list.map(
    (item) =>
      translateCompare(translation, { kind: "compare", operator: "=", left: operand, right: item }, scope)
        .sql,
  );
  return condition(`${negated ? "NOT " : ""}(${tests.join(" OR ")})`);
}

function translateBetween(
  translation: Translation,
  { operand, low, high, negated }: Of<"between">,
  scope: Scope,
): Typed {
  const value = translation.expression(operand, scope);
  const [from, least] = comparable(value, translation.expression(low, scope));
  const [to, most] = comparable(value, translation.expression(high, scope));
  return condition(`${negated ? "NOT " : ""}(${from} >= ${least} AND ${to} <= ${most})`);
}

function translateLike(
  translation: Translation,
  { operand, pattern, escape, negated }: Of<"like">,
  scope: Scope,
): Typed {
  const value = asText(translation.expression(operand, scope));
  const by = escape ? translation.expression(escape, scope).sql : "NULL";
  return condition(
    `${negated ? "NOT " : ""}ora_like(${value.sql}, ${asText(translation.expression(pattern, scope)).sql}, ${by})`,
  );
}

/** A scalar subquery: more than one row is ORA-01427, which SQLite would not notice. */
function translateSubquery(translation: Translation, { query }: Of<"subquery">, scope: Scope): Typed {
  const { sql, columns } = translation.query(query, scope);
  const [column, second] = columns;
  if (column === undefined || second !== undefined) throw fail(913);
  return {
    sql: `(SELECT ora_single(v, n) FROM (SELECT "${column.name.replaceAll('"', '""')}" AS v, count(*) OVER () AS n FROM (${sql}) LIMIT 1))`,
    type: { ...column.type, nullable: true },
  };
}

function translateCast(translation: Translation, { operand, type }: Of<"cast">, scope: Scope): Typed {
  const value = translation.expression(operand, scope);
  const target = namedType(type.name, type.sizes);
  if (target === undefined) throw fail(902);
  if (target.type === "NUMBER") {
    const number = asNumber(value).sql;
    return {
      sql: target.precision === undefined ? number : `ora_round(${number}, ${target.scale ?? 0})`,
      type: target,
    };
  }
  if (isText(target)) return { sql: `ora_substr(${asText(value).sql}, 1, ${target.size})`, type: target };
  if (!isMoment(target)) return { sql: value.sql, type: target };
  const name =
    target.type === "DATE"
      ? "date"
      : target.type === "TIMESTAMP WITH TIME ZONE"
        ? "timestamp_tz"
        : "timestamp";
  if (isMoment(value.type)) return { sql: `ora_as_${name}(${value.sql})`, type: target };
  return {
    sql: `ora_to_${name}(${value.sql}, ${name === "date" ? "'NLS_DATE_FORMAT'" : "'NLS_TIMESTAMP_FORMAT'"})`,
    type: target,
  };
}

function translateZone(translation: Translation, { operand, zone }: Of<"zone">, scope: Scope): Typed {
  const target = zone === "LOCAL" ? "ora_dbtimezone()" : translation.expression(zone, scope).sql;
  return { sql: `ora_at_zone(${translation.expression(operand, scope).sql}, ${target})`, type: TIMESTAMP_TZ };
}
