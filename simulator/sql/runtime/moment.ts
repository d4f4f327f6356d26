import type { DateValue } from "../../engine/values.ts";

/** A DATE or TIMESTAMP inside the engine: the wall clock read as if it were UTC; with a zone, UTC itself and the offset. */
export interface Moment {
  readonly seconds: number;
  readonly nanos: number;
  readonly zoneMinutes?: number;
}

const TEXT = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{9})(?:([+-])(\d\d):(\d\d))?$/;
export const SECONDS_A_DAY = 86_400;

/** Sortable text, the form in which SQLite holds it: `2026-11-21 09:33:00.000000000`, with `+01:00` behind it where it has a zone. */
export function encodeMoment(moment: Moment): string {
  const iso = new Date(moment.seconds * 1000).toISOString();
  const zone = moment.zoneMinutes === undefined ? "" : zoneText(moment.zoneMinutes);
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}.${String(moment.nanos).padStart(9, "0")}${zone}`;
}

export function decodeMoment(text: string): Moment | undefined {
  const match = TEXT.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, nanos, sign, zoneHour, zoneMinute] = match;
  const seconds =
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) /
    1000;
  if (sign === undefined) return { seconds, nanos: Number(nanos) };
  const zone = Number(zoneHour) * 60 + Number(zoneMinute);
  return { seconds, nanos: Number(nanos), zoneMinutes: sign === "-" ? -zone : zone };
}

export function zoneText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${String(Math.floor(size / 60)).padStart(2, "0")}:${String(size % 60).padStart(2, "0")}`;
}

/** `+01:00`, `-3:30`, UTC, GMT, Z; undefined for anything else. */
export function zoneMinutes(text: string): number | undefined {
  if (/^(utc|gmt|z|etc\/utc)$/i.test(text)) return 0;
  const match = /^([+-]?)(\d{1,2}):(\d\d)$/.exec(text.trim());
  if (!match) return undefined;
  const size = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === "-" ? -size : size;
}

/** The wall clock of the zone that is `offsetMinutes` ahead of UTC. */
export function localMoment(at: Date, offsetMinutes: number): Moment {
  const ms = at.getTime() + offsetMinutes * 60_000;
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.round(ms - seconds * 1000) * 1_000_000 };
}

/** DATE has whole seconds. */
export function localDate(at: Date, offsetMinutes: number): Moment {
  return { seconds: localMoment(at, offsetMinutes).seconds, nanos: 0 };
}

export function zonedMoment(at: Date, offsetMinutes: number): Moment {
  return { ...localMoment(at, 0), zoneMinutes: offsetMinutes };
}

/** Seconds of the clock on the wall, whatever the zone. */
export function wallSeconds(moment: Moment): number {
  return moment.seconds + (moment.zoneMinutes ?? 0) * 60;
}

export function withoutZone(moment: Moment): Moment {
  return { seconds: wallSeconds(moment), nanos: moment.nanos };
}

export function instantOf(moment: Moment, offsetMinutes: number): Date {
  const seconds = moment.zoneMinutes === undefined ? moment.seconds - offsetMinutes * 60 : moment.seconds;
  return new Date(seconds * 1000 + Math.floor(moment.nanos / 1_000_000));
}

/** Adds days and fractions of a day; a DATE keeps whole seconds. */
export function addDays(moment: Moment, days: number, wholeSeconds: boolean): Moment {
  if (wholeSeconds) return { ...moment, seconds: moment.seconds + Math.round(days * SECONDS_A_DAY) };
  const micros = Math.round(days * SECONDS_A_DAY * 1e6) + Math.round(moment.nanos / 1000);
  const carry = Math.floor(micros / 1e6);
  return { ...moment, seconds: moment.seconds + carry, nanos: (micros - carry * 1e6) * 1000 };
}

/** Adds calendar months: the last day of a month stays a last day. */
export function addMonths(moment: Moment, months: number): Moment {
  const at = new Date(moment.seconds * 1000);
  const lastDay = (year: number, month: number) => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const target = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1));
  const last = lastDay(target.getUTCFullYear(), target.getUTCMonth());
  const wasLast = at.getUTCDate() === lastDay(at.getUTCFullYear(), at.getUTCMonth());
  const day = wasLast ? last : Math.min(at.getUTCDate(), last);
  const timeOfDay = ((moment.seconds % SECONDS_A_DAY) + SECONDS_A_DAY) % SECONDS_A_DAY;
  return { ...moment, seconds: target.getTime() / 1000 + (day - 1) * SECONDS_A_DAY + timeOfDay };
}

export function daysBetween(left: Moment, right: Moment): number {
  return (left.seconds - right.seconds + (left.nanos - right.nanos) / 1e9) / SECONDS_A_DAY;
}

/** The value that travels: a zoned one keeps UTC fields beside its offset. */
export function momentToDateValue(moment: Moment): DateValue {
  const at = new Date(moment.seconds * 1000);
  return {
    kind: "date",
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    nanos: moment.nanos,
    ...(moment.zoneMinutes !== undefined && { zoneMinutes: moment.zoneMinutes }),
  };
}

export function momentFromDateValue(value: DateValue): Moment {
  const seconds =
    Date.UTC(value.year, value.month - 1, value.day, value.hour, value.minute, value.second) / 1000;
  return {
    seconds,
    nanos: value.nanos,
    ...(value.zoneMinutes !== undefined && { zoneMinutes: value.zoneMinutes }),
  };
}
