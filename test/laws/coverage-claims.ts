import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { Chance } from "../../simulator/workload/chance.ts";
import { compareWithDatabase } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import type { Workload } from "../../simulator/workload/workload.ts";
import type { CoverageReport } from "../../src/domain/coverage-report.ts";
import type { RestoreWay, ScnInterval } from "../../src/domain/coverage.ts";
import type { CatalogEntry } from "../../src/domain/journal.ts";
import type { LiveLogs } from "../rigs/live-logs.ts";
import { manifestOf, restoredDatabase } from "../rigs/restored-database.ts";

export interface Judged {
  /** Empty where the law holds. */
  readonly problems: readonly string[];
  readonly rowsCompared: number;
  /** Restores that coverage denied, and that failed as they must. */
  readonly denied: number;
}

export interface Claims {
  readonly live: LiveLogs;
  readonly chance: Chance;
  readonly workload: Workload;
  readonly report: CoverageReport;
}

const MOST_DENIED = 2;

/** Restores a target by a way that coverage names, and tries targets of its holes from whatever is there. */
export async function judgeClaims(claims: Claims): Promise<Judged> {
  const { chance, report } = claims;
  const coverage = report.coverage.find(({ incarnation }) => incarnation === report.current.incarnation);
  if (coverage === undefined) throw new Error("the current incarnation has no coverage");
  const restorer = await createRestorer(claims);
  const problems: string[] = [];
  const { ways, holes } = coverage;
  if (ways.length + holes.length === 0) problems.push("nothing is claimed and nothing denied");
  const rowsCompared =
    ways.length === 0 ? 0 : await judgeClaimed(claims, chance.pick(ways), restorer, problems);
  let denied = 0;
  const targets = holes.flatMap((hole) => surelyDenied(hole, restorer.sources));
  while (targets.length > 0 && restorer.sources.length > 0 && denied < MOST_DENIED) {
    const [target, source] = [chance.pick(targets), chance.pick(restorer.sources)];
    if (await restorer.succeeds(source.id, target)) problems.push(`${source.id} to ${target} is denied`);
    denied += 1;
  }
  return { problems, rowsCompared, denied };
}

async function judgeClaimed(
  { chance, workload }: Claims,
  way: RestoreWay,
  { restore }: Restorer,
  problems: string[],
): Promise<number> {
  const target = oneOf(way, chance);
  await using restored = await restore(way.source, target);
  const expected = workload.history.stateAt(target - 1n);
  const found = await compareWithDatabase(expected, instanceReader(restored.instance));
  if (found.rowsDifferent > 0)
    problems.push(`${found.rowsDifferent} rows of ${way.source} at ${target} differ`);
  return found.rowsCompared;
}

/** Both ends count as much as all between them: they are where mistakes of one hide. */
function oneOf({ from, to }: ScnInterval, chance: Chance): bigint {
  const where = chance.between(0, 3);
  if (where === 0) return from;
  if (where === 1) return to;
  return from + BigInt(chance.between(0, Number(to - from)));
}

/**
 * Both ends of a hole and its middle, but not what lies between the first BEGIN and the noted end of a backup: the SCN of
 * the last END is read a moment after it, so coverage may deny a few targets there that could be restored.
 */
function surelyDenied({ from, to }: ScnInterval, sources: readonly CatalogEntry[]): readonly bigint[] {
  const during = sources
    .map(({ directory }) => manifestOf(directory).scns)
    .map((one) => ({ begin: BigInt(one.neededFrom), end: BigInt(one.minimumRecovery) }));
  return [from, (from + to) / 2n, to].filter(
    (target) => !during.some(({ begin, end }) => begin < target && target < end),
  );
}

type Restorer = Awaited<ReturnType<typeof createRestorer>>;

/** Copies of one source with the logs of all of them, as coverage combines them. Half rewritten copies restore nothing. */
async function createRestorer({ live }: Claims) {
  const { state, database } = live.world;
  const all = await state.catalog.list(database.name);
  const sources = all.filter(
    ({ directory, dirty }) => dirty === undefined && existsSync(join(directory, "manifest.json")),
  );
  const logs = join(live.rig.directory, "all-logs");
  mkdirSync(logs);
  for (const place of [live.directory, ...all.map(({ directory }) => join(directory, "logs"))]) {
    const names = existsSync(place) ? readdirSync(place) : [];
    for (const name of names.filter((one) => !one.startsWith("."))) {
      copyFileSync(join(place, name), join(logs, name));
    }
  }
  let count = 0;
  const restore = async (id: string, target: bigint) => {
    const entry = all.find((one) => one.id === id);
    if (entry === undefined) throw new Error(`no backup ${id}`);
    count += 1;
    const { directory } = entry;
    const base = join(live.rig.directory, `restored-${count}`);
    return await restoredDatabase({ directory, manifest: manifestOf(directory), logs }, base, target);
  };
  const succeeds = (id: string, target: bigint) =>
    restore(id, target).then(
      async (restored) => {
        await restored[Symbol.asyncDispose]();
        return true;
      },
      () => false,
    );
  return { sources, restore, succeeds };
}
