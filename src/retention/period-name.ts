import type { Instant } from "../domain/instant.ts";
import type { Period } from "../domain/retention.ts";

/** Names the hour, day, … of a zone's calendar in which a moment lies: equal for two moments of the same period. */
export type PeriodName = (period: Period, at: Instant) => string;

/** Throws RangeError for a zone that is not known. */
export function periodNames(zone: string): PeriodName {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "iso8601",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    hourCycle: "h23",
    timeZoneName: "longOffset",
  });
  return (period, at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
    const { year = "", month = "", day = "", hour = "", timeZoneName: offset = "" } = parts;
    switch (period) {
      // The hour that a clock passes twice is two hours, told apart by their offset.
      case "hourly":
        return `${year}-${month}-${day} ${hour}h ${offset}`;
      case "daily":
        return `${year}-${month}-${day}`;
      case "weekly":
        return isoWeek(Number(year), Number(month), Number(day));
      case "monthly":
        return `${year}-${month}`;
      case "yearly":
        return year;
    }
  };
}

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** `2026-W47`: weeks begin on Monday, and the first has the year's first Thursday (ISO 8601). */
function isoWeek(year: number, month: number, day: number): string {
  const dayOfYear = (DAYS_BEFORE_MONTH[month - 1] ?? 0) + day + (month > 2 && isLeap(year) ? 1 : 0);
  // Monday 1 … Sunday 7.
  const weekday = ((weekdayOfJanuaryFirst(year) + dayOfYear - 2) % 7) + 1;
  const week = Math.floor((dayOfYear - weekday + 10) / 7);
  if (week < 1) return weekText(year - 1, weeksIn(year - 1));
  return week > weeksIn(year) ? weekText(year + 1, 1) : weekText(year, week);
}

function weekText(year: number, week: number): string {
  return `${year}-W${String(week).padStart(2, "0")}`;
}

function weeksIn(year: number): number {
  const first = weekdayOfJanuaryFirst(year);
  return first === 4 || (first === 3 && isLeap(year)) ? 53 : 52;
}

/** Gauss: Monday 1 … Sunday 7. */
function weekdayOfJanuaryFirst(year: number): number {
  const before = year - 1;
  const sundayIsZero = (1 + 5 * (before % 4) + 4 * (before % 100) + 6 * (before % 400)) % 7;
  return sundayIsZero === 0 ? 7 : sundayIsZero;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
