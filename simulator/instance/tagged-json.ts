/** JSON that keeps bigints and dates. */
export function toTaggedJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key: string, seen: unknown) {
    const original = this[key];
    if (original instanceof Date) return { $at: original.getTime() };
    return typeof seen === "bigint" ? { $scn: String(seen) } : seen;
  });
}

export function fromTaggedJson(text: string): unknown {
  return JSON.parse(text, (_key, seen: unknown) => {
    if (typeof seen !== "object" || seen === null) return seen;
    if ("$scn" in seen) return BigInt(String(seen.$scn));
    return "$at" in seen ? new Date(Number(seen.$at)) : seen;
  });
}
