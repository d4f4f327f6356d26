import type { LogKey } from "../domain/log-report.ts";
import type { Scn } from "../domain/scn.ts";

type Log = LogKey & { readonly firstScn: Scn; readonly nextScn: Scn };

/** Logs that follow each other, in runs of the same thread, as long as `isAlike` says that they belong together. */
export function logGroups<T>(
  items: readonly T[],
  logOf: (item: T) => Log,
  isAlike: (a: T, b: T) => boolean = () => true,
): readonly (readonly [T, ...T[]])[] {
  const groups: [T, ...T[]][] = [];
  for (const item of items) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && follows(logOf(last), logOf(item)) && isAlike(last, item))
      group.push(item);
    else groups.push([item]);
  }
  return groups;
}

function follows(before: Log, log: Log): boolean {
  return (
    before.incarnation === log.incarnation &&
    before.thread === log.thread &&
    (before.sequence === log.sequence || before.sequence + 1 === log.sequence)
  );
}

/** `7-12`, or `7`. */
export function sequencesText(group: readonly [LogKey, ...LogKey[]]): string {
  const [{ sequence: first }] = group;
  const last = group.at(-1)?.sequence ?? first;
  return first === last ? String(first) : `${first}-${last}`;
}
