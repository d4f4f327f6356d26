import type { DatabaseIdentity } from "../domain/facts.ts";

/** In which of the named parts the database is not what it was, in words (rule 1). */
export function identityChanges(
  before: DatabaseIdentity,
  now: DatabaseIdentity,
  parts: readonly (keyof DatabaseIdentity)[],
): readonly string[] {
  return parts
    .filter((part) => before[part] !== now[part])
    .map((part) => `${part} was ${String(before[part])} and is ${String(now[part])}`);
}
