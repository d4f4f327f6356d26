const ZERO = Buffer.from([0x80]);
/** Exponent byte of a positive number whose first base-100 digit counts ones. */
const UNITS = 0xc1;
const MOST_DIGITS = 20;
const NEGATIVE_END = 102;
const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** NUMBER as Oracle stores and sends it: an exponent byte and up to 20 digits of base 100. */
export function encodeNumber(value: string | number | bigint): Buffer {
  if (typeof value === "number" && Number.isSafeInteger(value)) return encodeInteger(value);
  return encodeText(String(value));
}

function encodeInteger(value: number): Buffer {
  if (value === 0) return ZERO;
  const digits: number[] = [];
  for (let rest = Math.abs(value); rest > 0; rest = Math.floor(rest / 100)) digits.push(rest % 100);
  const exponent = digits.length - 1;
  return assemble(digits.toReversed(), exponent, value < 0);
}

function encodeText(text: string): Buffer {
  const match = PATTERN.exec(text.trim());
  if (match === null || (match[2] === "" && (match[3] ?? "") === "")) {
    throw new TypeError(`not a number: ${text}`);
  }
  const [whole, fraction] = shifted(match[2] ?? "", match[3] ?? "", Number(match[4] ?? 0));
  const left = whole.length % 2 === 0 ? whole : `0${whole}`;
  const right = fraction.length % 2 === 0 ? fraction : `${fraction}0`;
  const pairs = (left + right).match(/\d\d/g) ?? [];
  return assemble(pairs.map(Number), left.length / 2 - 1, match[1] === "-");
}

function shifted(whole: string, fraction: string, exponent: number): readonly [string, string] {
  if (exponent >= 0) {
    const padded = fraction.padEnd(exponent, "0");
    return [whole + padded.slice(0, exponent), padded.slice(exponent)];
  }
  const padded = whole.padStart(-exponent, "0");
  const point = padded.length + exponent;
  return [padded.slice(0, point), padded.slice(point) + fraction];
}

function assemble(pairs: readonly number[], exponentOfFirst: number, negative: boolean): Buffer {
  let start = 0;
  while (pairs[start] === 0) start += 1;
  let end = Math.min(pairs.length, start + MOST_DIGITS);
  while (end > start && pairs[end - 1] === 0) end -= 1;
  if (end <= start) return ZERO;
  const head = UNITS + exponentOfFirst - start;
  const digits = pairs.slice(start, end);
  if (!negative) return Buffer.from([head, ...digits.map((digit) => digit + 1)]);
  const tail = digits.length < MOST_DIGITS ? [NEGATIVE_END] : [];
  return Buffer.from([~head & 0xff, ...digits.map((digit) => 101 - digit), ...tail]);
}

/** Decimal text of an encoded NUMBER, without exponent and without digits that say nothing. */
export function decodeNumber(bytes: Buffer): string {
  const head = bytes[0] ?? 0x80;
  if (bytes.length <= 1 && head === 0x80) return "0";
  const positive = (head & 0x80) !== 0;
  const exponent = (positive ? head : ~head & 0xff) - UNITS;
  const body = bytes.subarray(1, !positive && bytes.at(-1) === NEGATIVE_END ? -1 : undefined);
  const digits = [...body].map((byte) => String(positive ? byte - 1 : 101 - byte).padStart(2, "0")).join("");
  const point = (exponent + 1) * 2;
  const whole = point <= 0 ? "0" : digits.padEnd(point, "0").slice(0, point);
  const fraction = point <= 0 ? "0".repeat(-point) + digits : digits.slice(point);
  const shortWhole = whole.replace(/^0+(?=\d)/, "");
  const shortFraction = fraction.replace(/0+$/, "");
  return `${positive ? "" : "-"}${shortWhole}${shortFraction === "" ? "" : `.${shortFraction}`}`;
}
