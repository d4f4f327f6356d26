import { fail } from "../errors.ts";
import { formatMoment, parseMoment } from "./date-format.ts";
import type { FunctionArgument, FunctionContext, SqlFunction } from "./function-context.ts";
import {
  addDays,
  addMonths,
  daysBetween,
  decodeMoment,
  encodeMoment,
  instantOf,
  localDate,
  localMoment,
  SECONDS_A_DAY,
  wallSeconds,
  withoutZone,
  zonedMoment,
  zoneMinutes,
  zoneText,
  type Moment,
} from "./moment.ts";
import { formatNumber } from "./number-format.ts";
import { numberText, storedNumber } from "./stored-value.ts";

const UNIT_DAYS: Readonly<Record<string, number>> = {
  DAY: 1,
  HOUR: 1 / 24,
  MINUTE: 1 / 1440,
  SECOND: 1 / SECONDS_A_DAY,
};

function moment(value: FunctionArgument | undefined): Moment {
  const decoded = typeof value === "string" ? decodeMoment(value) : undefined;
  if (decoded === undefined) throw fail(932, "DATE", "NUMBER");
  return decoded;
}

/** NULL in, NULL out. */
function strict(
  of: (context: FunctionContext, ...args: FunctionArgument[]) => FunctionArgument,
): SqlFunction {
  return (context, ...args) => (args.includes(null) ? null : of(context, ...args));
}

/** The format model, or the session's where a name of an NLS parameter stands for it. */
function modelText(context: FunctionContext, model: FunctionArgument | undefined): string {
  const text = String(model);
  return text.startsWith("NLS_") ? (context.nls.get(text) ?? "DD-MON-RR") : text;
}

function toChar(
  context: FunctionContext,
  value: FunctionArgument | undefined,
  model: FunctionArgument | undefined,
): string {
  const text = modelText(context, model);
  if (typeof value === "bigint" || typeof value === "number") return formatNumber(value, text);
  const decoded = typeof value === "string" ? decodeMoment(value) : undefined;
  if (decoded) return formatMoment(decoded, text, context.zoneMinutes);
  return formatNumber(storedNumber(String(value)), text);
}

function parsed(
  context: FunctionContext,
  value: FunctionArgument | undefined,
  model: FunctionArgument | undefined,
): Moment {
  const text = typeof value === "string" ? value : numberText(value as bigint);
  return parseMoment(text, modelText(context, model), localDate(context.now, context.zoneMinutes));
}

const asDate = (value: Moment): string => encodeMoment({ seconds: wallSeconds(value), nanos: 0 });
const asZoned = (context: FunctionContext, value: Moment): string =>
  encodeMoment(
    value.zoneMinutes === undefined
      ? {
          seconds: value.seconds - context.zoneMinutes * 60,
          nanos: value.nanos,
          zoneMinutes: context.zoneMinutes,
        }
      : value,
  );

type Truncation = (wall: number, at: Date) => number;
const toHour: Truncation = (wall) => Math.floor(wall / 3600) * 3600;
const toDay: Truncation = (wall) => Math.floor(wall / SECONDS_A_DAY) * SECONDS_A_DAY;
const toMonth: Truncation = (_, at) => Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1) / 1000;
const toYear: Truncation = (_, at) => Date.UTC(at.getUTCFullYear(), 0, 1) / 1000;
const truncations: Readonly<Record<string, Truncation>> = {
  HH: toHour,
  HH24: toHour,
  MI: (wall) => Math.floor(wall / 60) * 60,
  DD: toDay,
  DDD: toDay,
  J: toDay,
  IW: (wall, at) => toDay(wall, at) - ((at.getUTCDay() + 6) % 7) * SECONDS_A_DAY,
  MM: toMonth,
  MON: toMonth,
  MONTH: toMonth,
  Y: toYear,
  YY: toYear,
  YYYY: toYear,
  YEAR: toYear,
};

function truncated(value: Moment, model: string): Moment {
  const wall = wallSeconds(value);
  const truncation = truncations[model.toUpperCase()];
  if (truncation === undefined) throw fail(1898);
  return { seconds: truncation(wall, new Date(wall * 1000)), nanos: 0 };
}

function extract(field: string, value: FunctionArgument | undefined): bigint | number {
  const at = moment(value);
  const wall = new Date(wallSeconds(at) * 1000);
  const fields: Readonly<Record<string, number>> = {
    YEAR: wall.getUTCFullYear(),
    MONTH: wall.getUTCMonth() + 1,
    DAY: wall.getUTCDate(),
    HOUR: wall.getUTCHours(),
    MINUTE: wall.getUTCMinutes(),
    SECOND: wall.getUTCSeconds() + at.nanos / 1e9,
    TIMEZONE_HOUR: Math.trunc((at.zoneMinutes ?? 0) / 60),
    TIMEZONE_MINUTE: (at.zoneMinutes ?? 0) % 60,
  };
  const found = fields[field];
  if (found === undefined) throw fail(30_076);
  return storedNumber(found);
}

function atZone(
  context: FunctionContext,
  value: FunctionArgument | undefined,
  zone: FunctionArgument | undefined,
): string {
  const minutes = zoneMinutes(String(zone));
  if (minutes === undefined) throw fail(1882);
  const decoded = moment(value);
  const utc =
    decoded.zoneMinutes === undefined ? decoded.seconds - context.zoneMinutes * 60 : decoded.seconds;
  return encodeMoment({ seconds: utc, nanos: decoded.nanos, zoneMinutes: minutes });
}

/** Searches the clock for the first second at which the instance had reached the SCN. */
function scnToTimestamp(context: FunctionContext, scn: FunctionArgument | undefined): string {
  const target = BigInt(numberText(scn as bigint));
  if (target > context.currentScn() || target < 1n) throw fail(8181);
  let [low, high] = [context.now.getTime() - 400 * SECONDS_A_DAY * 1000, context.now.getTime()];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (context.scnAt(new Date(middle)) >= target) high = middle;
    else low = middle;
  }
  return encodeMoment(localMoment(new Date(high), context.zoneMinutes));
}

export const dateFunctions: Readonly<Record<string, SqlFunction>> = {
  ora_sysdate: (context) => encodeMoment(localDate(context.now, context.zoneMinutes)),
  ora_systimestamp: (context) => encodeMoment(zonedMoment(context.now, context.zoneMinutes)),
  ora_localtimestamp: (context) => encodeMoment(localMoment(context.now, context.zoneMinutes)),
  ora_dbtimezone: (context) => zoneText(context.zoneMinutes),
  ora_to_char: strict(toChar),
  ora_to_date: strict((context, value, model) => asDate(parsed(context, value, model))),
  ora_to_timestamp: strict((context, value, model) =>
    encodeMoment(withoutZone(parsed(context, value, model))),
  ),
  ora_to_timestamp_tz: strict((context, value, model) => asZoned(context, parsed(context, value, model))),
  ora_as_date: strict((_, value) => asDate(moment(value))),
  ora_as_timestamp: strict((_, value) => encodeMoment(withoutZone(moment(value)))),
  ora_as_timestamp_tz: strict((context, value) => asZoned(context, moment(value))),
  ora_from_tz: strict((_, value, zone) => {
    const minutes = zoneMinutes(String(zone)) ?? 0;
    const local = moment(value);
    return encodeMoment({ seconds: local.seconds - minutes * 60, nanos: local.nanos, zoneMinutes: minutes });
  }),
  ora_sys_extract_utc: strict((context, value) => {
    const zoned = moment(value);
    return encodeMoment({
      seconds: zoned.zoneMinutes === undefined ? zoned.seconds - context.zoneMinutes * 60 : zoned.seconds,
      nanos: zoned.nanos,
    });
  }),
  ora_at_zone: strict(atZone),
  ora_utc: strict((_, value) => encodeMoment({ seconds: moment(value).seconds, nanos: moment(value).nanos })),
  ora_session_time: strict((context, value) =>
    encodeMoment({ seconds: moment(value).seconds + context.zoneMinutes * 60, nanos: moment(value).nanos }),
  ),
  ora_add_days: strict((_, value, days, whole) =>
    encodeMoment(addDays(moment(value), Number(days), Number(whole) === 1)),
  ),
  ora_add_months: strict((_, value, months) =>
    encodeMoment({ ...addMonths(withoutZone(moment(value)), Number(months)), nanos: 0 }),
  ),
  ora_days_between: strict((context, left, right) => {
    const utc = (value: Moment) =>
      value.zoneMinutes === undefined
        ? { ...value, seconds: value.seconds - context.zoneMinutes * 60 }
        : value;
    return storedNumber(daysBetween(utc(moment(left)), utc(moment(right))));
  }),
  ora_months_between: strict((_, left, right) =>
    storedNumber(daysBetween(moment(left), moment(right)) / (365.25 / 12)),
  ),
  ora_last_day: strict((_, value) => {
    const start = truncated(moment(value), "MM");
    return encodeMoment(addDays(addMonths(start, 1), -1, true));
  }),
  ora_trunc_date: strict((_, value, model = "DD") => encodeMoment(truncated(moment(value), String(model)))),
  ora_round_date: strict((_, value, model = "DD") =>
    encodeMoment(truncated(addDays(moment(value), 0.5, true), String(model))),
  ),
  ora_numtodsinterval: strict((_, amount, unit) => {
    const days = UNIT_DAYS[String(unit).toUpperCase()];
    if (days === undefined) throw fail(1760);
    return Number(amount) * days;
  }),
  ora_extract: strict((_, field, value) => extract(String(field), value)),
  ora_current_scn: (context) => context.currentScn(),
  ora_timestamp_to_scn: strict((context, value) =>
    context.scnAt(instantOf(moment(value), context.zoneMinutes)),
  ),
  ora_scn_to_timestamp: strict(scnToTimestamp),
  ora_get_time: (context) => BigInt(Math.floor(context.now.getTime() / 10)),
  ora_uid: (context) => BigInt(context.userId),
  ora_sys_context: strict((context, namespace, name) => {
    const value = context.sysContext(String(namespace).toUpperCase(), String(name).toUpperCase());
    if (value === undefined) throw fail(2003);
    return value;
  }),
};
