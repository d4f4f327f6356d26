import { coverage, firstTarget } from "../coverage/coverage.ts";
import { lineage, neededFrom } from "../coverage/redo-reach.ts";
import type { CoverageInput, RestoreSource, RestoreWay } from "../domain/coverage.ts";
import type { LogDeletionInput, RedoNeed } from "../domain/log-deletion.ts";
import type { Scn } from "../domain/scn.ts";

export interface CopiesThere {
  /** With all that is there, also what is marked to go: it can be kept after all. */
  readonly input: CoverageInput;
  /** Id of the live area. */
  readonly live: string;
  /** Targets of an incarnation that the policy protects, from here on; undefined: none. */
  readonly protectedFrom: (incarnation: string) => Scn | undefined;
  /** Who holds or uses what now, by the ids of objects: each keeps all redo from it on. */
  readonly keepers: ReadonlyMap<string, readonly string[]>;
  /** What lies in it could be read. */
  readonly isKnown: (id: string) => boolean;
}

type Needs = Pick<LogDeletionInput, "needs" | "unknown">;

/**
 * The redo that backups, snapshots and the live area need (rule 97). All from there on: the live copies, what is held or
 * used, what coverage cannot judge, and the copy from which the protected time begins, even where a log after it is missing
 * now: it may come yet. Every other copy needs what makes it usable, unless that lies beside it.
 */
export function redoOfCopies(there: CopiesThere): Needs {
  const needs: RedoNeed[] = [];
  const unknown: string[] = [];
  const { input, keepers, live } = there;
  for (const source of input.sources) {
    const { id, incarnation, unusable } = source;
    const from = neededFrom(source.files);
    if (from === undefined || !there.isKnown(id)) {
      unknown.push(`backup ${id}`);
      continue;
    }
    const need = { kind: "source", name: id, incarnation, from } as const;
    for (const who of keepers.get(id) ?? []) needs.push({ ...need, name: `${id}, ${who},` });
    if (id === live) needs.push({ ...need, name: "the live area" });
    else if (unusable !== undefined) needs.push({ ...need, name: `${id} (${unusable})` });
    else if (!opensAlone(source, from, input)) needs.push({ ...need, to: firstTarget(source) });
  }
  for (const id of keepers.keys()) {
    if (input.sources.every((source) => source.id !== id)) unknown.push(id);
  }
  return { needs: [...needs, ...protectedNeeds(there)], unknown };
}

/** With the logs beside it alone it reaches its first target. */
function opensAlone(source: RestoreSource, from: Scn, input: CoverageInput): boolean {
  const first = firstTarget(source);
  const logs = input.logs.filter(
    (log) => log.places.includes(source.id) && log.nextScn > from && log.firstScn < first,
  );
  const own = coverage({ ...input, sources: [source], logs });
  return own.some(
    ({ incarnation, ways }) =>
      incarnation === source.incarnation && ways.some((way) => way.from <= first && first <= way.to),
  );
}

/**
 * Where the protected time begins: by what restores now, and by what would if no log were missing. Of each incarnation the
 * copy that needs most tells it.
 */
function protectedNeeds({ input, protectedFrom }: CopiesThere): readonly RedoNeed[] {
  const found = new Map<string, Extract<RedoNeed, { kind: "source" }>>();
  for (const { incarnation, covered, ways } of coverage(input)) {
    const since = protectedFrom(incarnation);
    if (since === undefined) continue;
    const first = newestBefore(incarnation, since, input);
    const starts = covered.filter(({ to }) => to >= since).map(({ from }) => (from < since ? since : from));
    // Where the newest copies cannot be restored now, what is older than all that is protected is the best there is.
    const targets = [...starts, ...covered.slice(-1).map(({ to }) => to)];
    for (const id of [first?.id, ...targets.map((target) => newestWay(ways, target)?.source)]) {
      const source = input.sources.find((one) => one.id === id);
      const from = source === undefined ? undefined : neededFrom(source.files);
      if (source === undefined || from === undefined) continue;
      const most = found.get(source.incarnation);
      if (most !== undefined && most.from <= from) continue;
      const name = `${source.id}, from which what is protected is restored,`;
      found.set(source.incarnation, { kind: "source", name, incarnation: source.incarnation, from });
    }
  }
  return [...found.values()];
}

/** The newest copy that was usable then; where all are younger, the oldest. */
function newestBefore(
  incarnation: string,
  since: Scn,
  { incarnations, sources }: CoverageInput,
): RestoreSource | undefined {
  const line = lineage(incarnation, incarnations);
  const own = sources
    .filter((one) => one.unusable === undefined && one.files.length > 0)
    .filter((one) => line.some(({ id }) => id === one.incarnation))
    .toSorted((a, b) => (firstTarget(a) < firstTarget(b) ? -1 : 1));
  return own.findLast((one) => firstTarget(one) <= since) ?? own[0];
}

function newestWay(ways: readonly RestoreWay[], target: Scn): RestoreWay | undefined {
  return ways
    .filter(({ from, to }) => from <= target && target <= to)
    .reduce<RestoreWay | undefined>(
      (best, way) => (best === undefined || way.redoFrom > best.redoFrom ? way : best),
      undefined,
    );
}
