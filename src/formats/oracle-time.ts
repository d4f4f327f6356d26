/**
 * Oracle's time in headers: seconds in a calendar of 31-day months since 1988, in the database's local time zone.
 * Gives `YYYY-MM-DDTHH:MI:SS` without a zone, because the file does not know one; undefined for 0 (no time).
 * The resetlogs id (`%r`) is such a number.
 */
export function oracleTime(seconds: number): string | undefined {
  if (seconds === 0) return undefined;
  const second = seconds % 60;
  const minute = Math.floor(seconds / 60) % 60;
  const hour = Math.floor(seconds / 3600) % 24;
  const days = Math.floor(seconds / 86_400);
  const day = (days % 31) + 1;
  const month = (Math.floor(days / 31) % 12) + 1;
  const year = Math.floor(days / (31 * 12)) + 1988;
  const two = (n: number) => String(n).padStart(2, "0");
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
}
