const BASE_YEAR = 1988;

/**
 * Oracle's 4-byte time in file headers: seconds in a calendar whose months all have 31 days (formats.md, section 7).
 * The simulated host's zone is UTC. Milliseconds are cut off. The resetlogs id (`%r`) is this number too.
 */
export function toOracleTime(date: Date): number {
  const months = (date.getUTCFullYear() - BASE_YEAR) * 12 + date.getUTCMonth();
  const days = months * 31 + date.getUTCDate() - 1;
  return ((days * 24 + date.getUTCHours()) * 60 + date.getUTCMinutes()) * 60 + date.getUTCSeconds();
}

export function fromOracleTime(time: number): Date {
  const days = Math.floor(time / 86_400);
  const months = Math.floor(days / 31);
  const seconds = time % 86_400;
  return new Date(Date.UTC(BASE_YEAR + Math.floor(months / 12), months % 12, (days % 31) + 1, 0, 0, seconds));
}

/** Slots that may hold no time: 0 stands for none. */
export function toOptionalTime(date: Date | null): number {
  return date === null ? 0 : toOracleTime(date);
}

export function fromOptionalTime(time: number): Date | null {
  return time === 0 || time === 0xff_ff_ff_ff ? null : fromOracleTime(time);
}
