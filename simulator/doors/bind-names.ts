/** Literals, quoted names and comments, in which a colon means nothing; then a named placeholder. */
const TOKENS = /'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|:([A-Za-z][A-Za-z0-9_$#]*)/gu;

/** Names of the placeholders of a statement, upper case, each once, in order of first appearance. */
export function bindNames(sql: string): string[] {
  const names = new Set<string>();
  for (const [, name] of sql.matchAll(TOKENS)) if (name !== undefined) names.add(name.toUpperCase());
  return [...names];
}
