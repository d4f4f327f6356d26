import type { KeptObject } from "./retention-objects.ts";

/** Why not even a person deletes an object: sentences, none where nothing is against it. `others` stay. */
export function reasonsAgainst(object: KeptObject, others: readonly KeptObject[]): readonly string[] {
  const whole = others.filter(({ entry }) => entry.onlyTablespaces === undefined);
  const why = [
    ...object.holds.map(({ owner, reason }) => `held by ${owner}: ${reason}`),
    ...object.usedBy.map((user) => `${user} uses it now`),
    ...(object.unseen === undefined ? [] : [`it could not be looked at: ${object.unseen}`]),
  ];
  if (object.good && !whole.some(({ good }) => good)) why.push("it is the last one that is good");
  if (object.proven && !whole.some(({ proven }) => proven)) {
    why.push("it is the last one that a restore has proven");
  }
  return why;
}
