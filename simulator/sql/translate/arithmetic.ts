import { fail } from "../errors.ts";
import { asNumber } from "./coerce.ts";
import { DATE, INTERVAL, isMoment, NUMBER, type ResultType, type Typed } from "./types.ts";

/** + - * / on numbers, dates and intervals. */
export function translateArithmetic(operator: "+" | "-" | "*" | "/", left: Typed, right: Typed): Typed {
  if (isMoment(left.type) || isMoment(right.type)) return translateDateArithmetic(operator, left, right);
  const [first, second] = [asNumber(left).sql, asNumber(right).sql];
  const type: ResultType =
    left.type.type === "INTERVAL" || right.type.type === "INTERVAL" ? INTERVAL : NUMBER;
  return {
    sql: operator === "/" ? `ora_divide(${first}, ${second})` : `(${first} ${operator} ${second})`,
    type,
  };
}

function translateDateArithmetic(operator: string, left: Typed, right: Typed): Typed {
  if (isMoment(left.type) && isMoment(right.type)) {
    if (operator !== "-") throw fail(975);
    const bothDates = left.type.type === "DATE" && right.type.type === "DATE";
    return { sql: `ora_days_between(${left.sql}, ${right.sql})`, type: bothDates ? NUMBER : INTERVAL };
  }
  const [moment, amount] = isMoment(left.type) ? [left, right] : [right, left];
  if (operator !== "+" && (operator !== "-" || moment !== left)) throw fail(932, "NUMBER", "DATE");
  const days = operator === "-" ? `(-${asNumber(amount).sql})` : asNumber(amount).sql;
  const whole = moment.type.type === "DATE" || amount.type.type !== "INTERVAL";
  return { sql: `ora_add_days(${moment.sql}, ${days}, ${whole ? 1 : 0})`, type: whole ? DATE : moment.type };
}
