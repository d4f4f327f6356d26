import type { KeptObject } from "./retention-objects.ts";

/** Who keeps an object: sentences. Not even a person deletes it then. */
export function keepersOf({ holds, usedBy, unseen }: KeptObject): readonly string[] {
  return [
    ...holds.map(({ owner, reason }) => `held by ${owner}: ${reason}`),
    ...usedBy.map((user) => `${user} uses it now`),
    ...(unseen === undefined ? [] : [`it cannot be judged: ${unseen}`]),
  ];
}

/** What would be missing without an object: sentences. `others` stay. */
export function lastOfItsKind(
  { good, proven }: KeptObject,
  others: readonly KeptObject[],
): readonly string[] {
  const whole = others.filter(({ entry }) => entry.onlyTablespaces === undefined);
  return [
    ...(good && !whole.some((one) => one.good) ? ["it is the last one that is good"] : []),
    ...(proven && !whole.some((one) => one.proven) ? ["it is the last one that a restore has proven"] : []),
  ];
}
