import { fail } from "../errors.ts";
import {
  isMoment,
  isNumber,
  isText,
  isZoned,
  DATE,
  NUMBER,
  text,
  type ResultType,
  type Typed,
} from "./types.ts";

/** Oracle's implicit conversions, made visible in the SQLite text. */
export function asNumber(value: Typed): Typed {
  if (isNumber(value.type) || value.type.untyped === true) return value;
  if (isText(value.type)) return { sql: `ora_to_number(${value.sql})`, type: NUMBER };
  throw fail(932, "NUMBER", value.type.type);
}

export function asText(value: Typed): Typed {
  if (isText(value.type)) return value;
  if (isMoment(value.type))
    return { sql: `ora_to_char(${value.sql}, ${modelOf(value.type)})`, type: text(64) };
  if (isNumber(value.type)) return { sql: `ora_number_text(${value.sql})`, type: text(40) };
  if (value.type.type === "RAW") return { sql: `hex(${value.sql})`, type: text(value.type.size * 2) };
  return { sql: value.sql, type: text(4000) };
}

/** The session's model for the type, kept by name because it may change from call to call. */
function modelOf(type: ResultType): string {
  return type.type === "DATE"
    ? "'NLS_DATE_FORMAT'"
    : isZoned(type)
      ? "'NLS_TIMESTAMP_TZ_FORMAT'"
      : "'NLS_TIMESTAMP_FORMAT'";
}

export function asMoment(value: Typed): Typed {
  if (isMoment(value.type) || value.type.untyped === true) return value;
  if (isText(value.type)) return { sql: `ora_to_date(${value.sql}, 'NLS_DATE_FORMAT')`, type: DATE };
  throw fail(932, "DATE", value.type.type);
}

/** Two sides of a comparison, brought to one type: numbers win over text, dates over text, local over zoned time. */
export function comparable(left: Typed, right: Typed): [string, string] {
  if (isNumber(left.type) || isNumber(right.type)) return [asNumber(left).sql, asNumber(right).sql];
  if (isMoment(left.type) || isMoment(right.type)) return comparableMoments(asMoment(left), asMoment(right));
  if (left.type.type === "RAW" && isText(right.type)) return [`hex(${left.sql})`, `upper(${right.sql})`];
  if (right.type.type === "RAW" && isText(left.type)) return [`upper(${left.sql})`, `hex(${right.sql})`];
  return [left.sql, right.sql];
}

function comparableMoments(left: Typed, right: Typed): [string, string] {
  if (isZoned(left.type) === isZoned(right.type)) {
    return isZoned(left.type) ? [`ora_utc(${left.sql})`, `ora_utc(${right.sql})`] : [left.sql, right.sql];
  }
  const local = (value: Typed) => (isZoned(value.type) ? `ora_session_time(${value.sql})` : value.sql);
  return [local(left), local(right)];
}
