import { fail } from "../errors.ts";
import { wallSeconds, zoneMinutes, zoneText, type Moment } from "./moment.ts";

const MONTHS = [
  "JANUARY",
  "FEBRUARY",
  "MARCH",
  "APRIL",
  "MAY",
  "JUNE",
  "JULY",
  "AUGUST",
  "SEPTEMBER",
  "OCTOBER",
  "NOVEMBER",
  "DECEMBER",
];
const DAYS = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"];
const ELEMENT =
  /"([^"]*)"|FM|FX|SYYYY|YYYY|RRRR|YYY|YY|RR|Y|MONTH|MON|MM|MI|DDD|DD|DAY|DY|D|HH24|HH12|HH|SSSSS|SS|FF[1-9]?|A\.M\.|P\.M\.|AM|PM|TZH|TZM|TZR|TZD|Q|J|WW|IW|W|X|[-/,.;: T]/giy;

interface Clock {
  readonly at: Date;
  readonly nanos: number;
  readonly zone: number;
  readonly model: { fill: boolean };
}

/** TO_CHAR of a date: ORA-01821 for an element that is not known. */
export function formatMoment(moment: Moment, model: string, sessionZone: number): string {
  const clock: Clock = {
    at: new Date(wallSeconds(moment) * 1000),
    nanos: moment.nanos,
    zone: moment.zoneMinutes ?? sessionZone,
    model: { fill: true },
  };
  return elements(model)
    .map((element) => formatElement(element, clock))
    .join("");
}

function elements(model: string): { text: string; literal?: string }[] {
  const found: { text: string; literal?: string }[] = [];
  ELEMENT.lastIndex = 0;
  while (ELEMENT.lastIndex < model.length) {
    const match = ELEMENT.exec(model);
    if (!match) throw fail(1821);
    found.push(match[1] === undefined ? { text: match[0] } : { text: match[0], literal: match[1] });
  }
  return found;
}

const digits = (size: number, value: (clock: Clock) => number) => (clock: Clock) => {
  const text = String(value(clock));
  return clock.model.fill ? text.padStart(size, "0") : text;
};
const hour12 = (clock: Clock) => clock.at.getUTCHours() % 12 || 12;
const dayOfYear = (clock: Clock) =>
  Math.floor((clock.at.getTime() - Date.UTC(clock.at.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
const yearDigits = (size: number) => digits(size, (clock) => clock.at.getUTCFullYear() % 10 ** size);
const padded = (names: readonly string[], index: (clock: Clock) => number) => (clock: Clock) => {
  const name = names[index(clock)] ?? "";
  return clock.model.fill ? name.padEnd(9) : name;
};
const month = (clock: Clock) => clock.at.getUTCMonth();
const weekday = (clock: Clock) => clock.at.getUTCDay();

const formats: Readonly<Record<string, (clock: Clock) => string>> = {
  SYYYY: (clock) => ` ${yearDigits(4)(clock)}`,
  YYYY: yearDigits(4),
  RRRR: yearDigits(4),
  YYY: yearDigits(3),
  YY: yearDigits(2),
  RR: yearDigits(2),
  Y: yearDigits(1),
  MM: digits(2, (clock) => month(clock) + 1),
  MON: (clock) => (MONTHS[month(clock)] ?? "").slice(0, 3),
  MONTH: padded(MONTHS, month),
  DD: digits(2, (clock) => clock.at.getUTCDate()),
  DDD: digits(3, dayOfYear),
  D: digits(1, (clock) => weekday(clock) + 1),
  DY: (clock) => (DAYS[weekday(clock)] ?? "").slice(0, 3),
  DAY: padded(DAYS, weekday),
  HH24: digits(2, (clock) => clock.at.getUTCHours()),
  HH12: digits(2, hour12),
  HH: digits(2, hour12),
  MI: digits(2, (clock) => clock.at.getUTCMinutes()),
  SS: digits(2, (clock) => clock.at.getUTCSeconds()),
  SSSSS: digits(5, (clock) => (clock.at.getTime() / 1000) % 86_400),
  AM: (clock) => (clock.at.getUTCHours() < 12 ? "AM" : "PM"),
  PM: (clock) => (clock.at.getUTCHours() < 12 ? "AM" : "PM"),
  TZH: (clock) => zoneText(clock.zone).slice(0, 3),
  TZM: (clock) => zoneText(clock.zone).slice(4),
  TZR: (clock) => zoneText(clock.zone),
  TZD: () => "",
  X: () => ".",
  Q: digits(1, (clock) => Math.floor(month(clock) / 3) + 1),
  J: digits(7, (clock) => Math.floor(clock.at.getTime() / 86_400_000) + 2_440_588),
  WW: digits(2, (clock) => Math.ceil(dayOfYear(clock) / 7)),
  W: digits(1, (clock) => Math.ceil(clock.at.getUTCDate() / 7)),
  IW: digits(2, isoWeek),
};

function isoWeek(clock: Clock): number {
  const thursday = new Date(clock.at.getTime() + (3 - ((weekday(clock) + 6) % 7)) * 86_400_000);
  return Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000 / 7) + 1;
}

function formatElement(element: { text: string; literal?: string }, clock: Clock): string {
  if (element.literal !== undefined) return element.literal;
  const name = element.text.toUpperCase().replaceAll(/(?<=[AP])\.|(?<=M)\./g, "");
  if (name === "FM") {
    clock.model.fill = !clock.model.fill;
    return "";
  }
  if (name === "FX") return "";
  if (name.startsWith("FF"))
    return String(clock.nanos)
      .padStart(9, "0")
      .slice(0, Number(name[2] ?? 6));
  const format = formats[name];
  if (format === undefined) return element.text;
  return likeModel(format(clock), element.text);
}

/** Mon gives Nov, mon gives nov. */
function likeModel(text: string, model: string): string {
  if (!/^(mon|month|dy|day|am|pm)$/i.test(model)) return text;
  if (model[0] === model[0]?.toLowerCase()) return text.toLowerCase();
  return model[1] === model[1]?.toLowerCase() ? text.slice(0, 1) + text.slice(1).toLowerCase() : text;
}

interface Fields {
  year?: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  nanos: number;
  afternoon?: boolean;
  zone?: number;
}

/** TO_DATE, TO_TIMESTAMP and TO_TIMESTAMP_TZ. `now` gives the year and month that the text leaves out. */
export function parseMoment(text: string, model: string, now: Moment): Moment {
  const today = new Date(now.seconds * 1000);
  const fields: Fields = { month: today.getUTCMonth() + 1, day: 1, hour: 0, minute: 0, second: 0, nanos: 0 };
  let rest = text.trim();
  for (const element of elements(model.trim())) {
    if (rest === "" && element.literal === undefined && !/^[-/,.;: T]$|^F[FMX]/i.test(element.text))
      throw fail(1840);
    rest = rest.slice(parseElement(element, rest, fields));
  }
  if (rest.trim() !== "") throw fail(1830);
  return assemble(fields, today);
}

function parseElement(element: { text: string; literal?: string }, rest: string, fields: Fields): number {
  if (element.literal !== undefined) {
    if (!rest.startsWith(element.literal)) throw fail(1861);
    return element.literal.length;
  }
  const name = element.text.toUpperCase();
  if (/^[-/,.;: ]$/.test(name)) return separator(rest);
  if (name === "T") return rest[0]?.toUpperCase() === "T" ? 1 : separator(rest);
  if (name === "MON" || name === "MONTH") return monthName(rest, fields);
  if (/^[AP]\.?M\.?$/.test(name)) return meridian(rest, fields);
  if (name === "TZH") return zoneHours(rest, fields);
  if (name === "TZR") return zone(rest, fields);
  if (name === "FM" || name === "FX") return 0;
  return numericElement(name, rest, fields);
}

function separator(rest: string): number {
  if (rest === "") return 0;
  if (/[\p{L}\p{N}]/u.test(rest[0] ?? "")) throw fail(1861);
  return 1;
}

function monthName(rest: string, fields: Fields): number {
  const index = MONTHS.findIndex((name) => rest.toUpperCase().startsWith(name.slice(0, 3)));
  if (index < 0) throw fail(1843);
  fields.month = index + 1;
  const name = MONTHS[index] ?? "";
  return rest.toUpperCase().startsWith(name) ? name.length : 3;
}

function meridian(rest: string, fields: Fields): number {
  const match = /^([AP])\.?M\.?/i.exec(rest);
  if (!match) throw fail(1861);
  fields.afternoon = match[1]?.toUpperCase() === "P";
  return match[0].length;
}

function zoneHours(rest: string, fields: Fields): number {
  const match = /^([+-]?)(\d{1,2})/.exec(rest);
  if (!match) throw fail(1861);
  fields.zone = Number(match[2]) * (match[1] === "-" ? -60 : 60);
  return match[0].length;
}

function zone(rest: string, fields: Fields): number {
  const match = /^(?:[+-]?\d{1,2}(?::\d\d)?|utc|gmt|z)/i.exec(rest);
  if (!match) throw fail(1861);
  fields.zone = zoneMinutes(/^[+-]?\d{1,2}$/.test(match[0]) ? `${match[0]}:00` : match[0]) ?? 0;
  return match[0].length;
}

const widths: Readonly<Record<string, number>> = {
  YYYY: 4,
  RRRR: 4,
  SYYYY: 5,
  YYY: 3,
  YY: 2,
  RR: 2,
  Y: 1,
  MM: 2,
  DD: 2,
  HH24: 2,
  HH12: 2,
  HH: 2,
  MI: 2,
  SS: 2,
  SSSSS: 5,
  TZM: 2,
};

function numericElement(name: string, rest: string, fields: Fields): number {
  const width = name.startsWith("FF") ? 9 : widths[name];
  if (width === undefined) throw fail(1821);
  const colon = name === "TZM" && rest.startsWith(":") ? 1 : 0;
  const match = new RegExp(`^\\d{1,${width}}`).exec(rest.slice(colon));
  if (!match) {
    if (name === "TZM" || name.startsWith("FF")) return 0;
    throw fail(1858);
  }
  store(name, match[0], fields);
  return match[0].length + colon;
}

const SIMPLE: Readonly<Record<string, "month" | "day" | "hour" | "minute" | "second">> = {
  MM: "month",
  DD: "day",
  HH24: "hour",
  HH12: "hour",
  HH: "hour",
  MI: "minute",
  SS: "second",
};

function store(name: string, text: string, fields: Fields): void {
  const value = Number(text);
  const simple = SIMPLE[name];
  if (simple !== undefined) fields[simple] = value;
  else if (name.startsWith("FF")) fields.nanos = Number(text.padEnd(9, "0"));
  else if (name === "SSSSS")
    [fields.hour, fields.minute, fields.second] = [
      Math.floor(value / 3600),
      Math.floor(value / 60) % 60,
      value % 60,
    ];
  else if (name === "TZM") fields.zone = (fields.zone ?? 0) + ((fields.zone ?? 0) < 0 ? -value : value);
  else fields.year = fullYear(name, text);
}

/** RR takes 00 to 49 for this century, the other short forms always do. */
function fullYear(name: string, text: string): number {
  const value = Number(text);
  if (name.startsWith("R") && text.length <= 2) return value + (value < 50 ? 2000 : 1900);
  return text.length <= 3 ? 2000 + value : value;
}

function checkFields(fields: Fields, year: number, hour: number): void {
  if (year === 0 || year > 9999) throw fail(1841);
  if (fields.month < 1 || fields.month > 12) throw fail(1843);
  if (fields.day < 1 || fields.day > 31) throw fail(1847);
  if (fields.day > new Date(Date.UTC(year, fields.month, 0)).getUTCDate()) throw fail(1839);
  if (hour > 23) throw fail(1850);
  if (fields.minute > 59) throw fail(1851);
  if (fields.second > 59) throw fail(1852);
}

function assemble(fields: Fields, today: Date): Moment {
  const year = fields.year ?? today.getUTCFullYear();
  const hour =
    fields.afternoon === undefined ? fields.hour : (fields.hour % 12) + (fields.afternoon ? 12 : 0);
  checkFields(fields, year, hour);
  const seconds = Date.UTC(year, fields.month - 1, fields.day, hour, fields.minute, fields.second) / 1000;
  if (fields.zone === undefined) return { seconds, nanos: fields.nanos };
  return { seconds: seconds - fields.zone * 60, nanos: fields.nanos, zoneMinutes: fields.zone };
}
