const MS_PER_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export const DURATION_PATTERN = "^[0-9]+(ms|s|m|h|d)$";

/** Reads `500ms`, `30s`, `10m`, `2h`, `1d` into milliseconds. `undefined` where the unit is missing or unknown. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,12})(ms|s|m|h|d)$/.exec(text);
  const unit = MS_PER_UNIT[match?.[2] ?? ""];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}
