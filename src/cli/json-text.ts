/** SCNs and other bigints as text: a JSON number would lose their last digits in most readers. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, replaced, indent);
}

function replaced(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Map) return Object.fromEntries(value as Map<string, unknown>);
  return value;
}
