const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

export const SIZE_PATTERN = "^[0-9]+(B|KiB|MiB|GiB|TiB)$";

/**
 * Reads `4096B`, `500GiB` into bytes. `undefined` where the unit is missing or unknown, or the number is too large
 * to count bytes exactly. `GB` is refused: half of its readers mean 10^9 and the other half 2^30.
 */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,15})(B|KiB|MiB|GiB|TiB)$/.exec(text);
  const unit = BYTES_PER_UNIT[match?.[2] ?? ""];
  if (match === null || unit === undefined) return undefined;
  const bytes = Number(match[1]) * unit;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
