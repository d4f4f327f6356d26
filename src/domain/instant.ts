import type { Brand } from "./brand.ts";

/** A moment, in milliseconds since 1970 UTC. Comes from the Clock port or the database, never from here. */
export type Instant = Brand<number, "Instant">;

export function instant(epochMs: number): Instant {
  return epochMs as Instant;
}

const DAY_MS = 86_400_000;

/** `2026-11-21T09:33:00.000Z`. Computed, because `Date` is not to be had in the pure part. */
export function formatUtc(at: Instant): string {
  const days = Math.floor(at / DAY_MS);
  const ms = at - days * DAY_MS;
  const [year, month, day] = civilFromDays(days);
  const two = (n: number) => String(n).padStart(2, "0");
  const time = `${two(Math.floor(ms / 3_600_000))}:${two(Math.floor(ms / 60_000) % 60)}:${two(Math.floor(ms / 1000) % 60)}`;
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${time}.${String(ms % 1000).padStart(3, "0")}Z`;
}

/** Reads RFC 3339 in UTC (`Z` only: a zone-less or offset time is not ours to guess). */
export function parseUtc(text: string): Instant | undefined {
  const m = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3})\d*)?Z$/.exec(text);
  if (!m) return undefined;
  const [year, month, day, hour, minute, second] = m.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const days = daysFromCivil(year, month, day);
  const ms = Number((m[7] ?? "0").padEnd(3, "0"));
  return (days * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms) as Instant;
}

/** `20261121T093300Z`: whole seconds, for names. */
export function formatStamp(at: Instant): string {
  return `${formatUtc(at).slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}

/** undefined for what `formatStamp` never writes. */
export function parseStamp(text: string): Instant | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const at = parseUtc(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // There is no 29th of February in most years.
  return at === undefined || formatStamp(at) !== text ? undefined : at;
}

/** Proleptic Gregorian calendar, years counted from March so that the leap day comes last. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

function civilFromDays(days: number): [number, number, number] {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return [
    yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfYear - Math.floor((153 * mp + 2) / 5) + 1,
  ];
}
