/** What JSON does not have becomes an object with one of these as its only name. */
const BYTES = "$bytes";
const BIGINT = "$bigint";
const UNDEFINED = "$undefined";

/** One message as a line. */
export function frameText(message: object): string {
  return `${JSON.stringify(message, plain)}\n`;
}

/** What a line says. Throws SyntaxError. */
export function parseFrame(line: string): unknown {
  return revived(JSON.parse(line) as unknown);
}

/** `this` has the value before its own toJSON, which a Buffer has. */
function plain(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Readonly<Record<string, unknown>>)[key];
  if (original instanceof Uint8Array) {
    const { buffer, byteOffset, byteLength } = original;
    return { [BYTES]: Buffer.from(buffer, byteOffset, byteLength).toString("base64") };
  }
  if (original === undefined) return { [UNDEFINED]: true };
  return typeof original === "bigint" ? { [BIGINT]: original.toString() } : value;
}

/** Not a reviver of JSON.parse, which takes undefined for a name that is to go. */
function revived(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(revived);
  const {
    [BYTES]: bytes,
    [BIGINT]: number,
    [UNDEFINED]: absent,
  } = value as Readonly<Record<string, unknown>>;
  if (typeof bytes === "string") return Buffer.from(bytes, "base64");
  if (typeof number === "string") return BigInt(number);
  if (absent === true) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revived(one)]));
}
