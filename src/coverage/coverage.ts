import type {
  CoverageHole,
  CoverageInput,
  HoleReason,
  IncarnationCoverage,
  MissingLog,
  RestoreSource,
  RestoreWay,
} from "../domain/coverage.ts";
import { maxScn, minScn, type Scn, scn } from "../domain/scn.ts";
import { complement, union } from "./intervals.ts";
import { lineage, neededFrom, recoverAlong, Redo } from "./redo-reach.ts";

/**
 * Which targets can be restored now, and why not the rest, for each incarnation. Data of one source is combined with redo
 * from anywhere, so a log that lies beside a later snapshot closes the hole before it (rule 87).
 */
export function coverage(input: CoverageInput): readonly IncarnationCoverage[] {
  const redo = new Redo(input);
  return input.incarnations.map(({ id }) => coverageOf(id, input, redo));
}

/** What one source can do in one incarnation: from its first target, so far, and what it lacks to go on. */
interface Attempt {
  readonly source: string;
  readonly from: Scn;
  readonly redoFrom: Scn;
  /** Below `from` where not even the first target is reached. */
  readonly to: Scn;
  readonly missing: MissingLog;
}

function coverageOf(incarnation: string, input: CoverageInput, redo: Redo): IncarnationCoverage {
  const sources = sourcesOf(incarnation, input);
  const attempts = sources.flatMap((source) => attemptOf(incarnation, source, input, redo));
  const ways = attempts
    .filter((one) => one.to >= one.from)
    .map(({ source, from, to, redoFrom }): RestoreWay => ({ source, from, to, redoFrom }))
    .toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.source < b.source ? -1 : 1));
  const covered = union(ways);
  const first = minScn(sources.map(firstTarget));
  const last = lastTarget(incarnation, input) ?? maxScn(covered.map((one) => one.to));
  if (first === undefined || last === undefined) return { incarnation, covered, holes: [], ways };
  const unusable = sources.filter((one) => one.unusable !== undefined);
  const holes = complement(covered, { from: first, to: last }).map((gap): CoverageHole => {
    return { ...gap, reason: reasonOf(gap.from, { attempts, unusable, input }) };
  });
  return { incarnation, covered, holes, ways };
}

/** Its own, and those of its ancestors that may lead into it. */
function sourcesOf(incarnation: string, { incarnations, sources }: CoverageInput): readonly RestoreSource[] {
  const line = lineage(incarnation, incarnations);
  return sources.filter(
    (source) => source.files.length > 0 && line.some((one) => one.id === source.incarnation),
  );
}

/** Up to now; of an incarnation that was left, up to where the next one on the way to the current began. */
function lastTarget(incarnation: string, { incarnations, current }: CoverageInput): Scn | undefined {
  if (incarnation === current.incarnation) return current.scn;
  const line = lineage(current.incarnation, incarnations);
  const index = line.findIndex((one) => one.id === incarnation);
  return index === -1 ? undefined : line[index + 1]?.resetlogsScn;
}

function attemptOf(
  incarnation: string,
  source: RestoreSource,
  input: CoverageInput,
  redo: Redo,
): readonly Attempt[] {
  if (source.unusable !== undefined) return [];
  const redoFrom = neededFrom(source.files);
  if (redoFrom === undefined) return [];
  const line = lineage(incarnation, input.incarnations);
  const usableFrom = firstTarget(source);
  const recovery = recoverAlong(line, { start: source.incarnation, from: redoFrom, usableFrom }, redo);
  if (recovery === undefined) return [];
  const isOwn = source.incarnation === incarnation;
  const branch = line.find((one) => one.id === incarnation)?.resetlogsScn ?? usableFrom;
  const from = isOwn || usableFrom > branch ? usableFrom : branch;
  // Closed files need no redo for their own moment.
  const closed = isOwn && source.closedAt !== undefined ? source.closedAt : undefined;
  const reached = recovery.arrived ? recovery.to : scn(from - 1n);
  const to = closed !== undefined && closed > reached ? closed : reached;
  return [{ source: source.id, from, redoFrom, to, missing: recovery.missing }];
}

/** The first target that the copies of a source can be recovered to. */
export function firstTarget(source: RestoreSource): Scn {
  return source.closedAt ?? maxScn(source.files.map((file) => file.usableFrom)) ?? scn(0);
}

interface Explaining {
  readonly attempts: readonly Attempt[];
  readonly unusable: readonly RestoreSource[];
  readonly input: CoverageInput;
}

/** The source that came nearest and what it lacked; where none began before, there was no copy. */
function reasonOf(target: Scn, { attempts, unusable, input }: Explaining): HoleReason {
  const before = attempts.filter((one) => one.from <= target);
  const nearest = before.reduce<Attempt | undefined>(
    (best, one) => (best === undefined || one.to > best.to ? one : best),
    undefined,
  );
  if (nearest === undefined) {
    const why = unusable
      .filter((one) => firstTarget(one) <= target)
      .map((one) => ({ source: one.id, why: one.unusable ?? "" }));
    return { kind: "no-copy", unusable: why };
  }
  const { source, missing: log } = nearest;
  const later = [...input.logs, ...(input.elsewhere ?? [])].filter(
    (one) => one.incarnation === log.incarnation && one.thread === log.thread && one.nextScn > log.fromScn,
  );
  if (later.length === 0) return { kind: "not-archived-yet", source, log };
  const foundIn = (input.elsewhere ?? [])
    .filter(
      (one) =>
        one.incarnation === log.incarnation &&
        one.thread === log.thread &&
        one.firstScn <= log.fromScn &&
        one.nextScn > log.fromScn,
    )
    .flatMap((one) => one.places);
  return { kind: "log-missing", source, log, ...(foundIn.length > 0 ? { foundIn } : {}) };
}
