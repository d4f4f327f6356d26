import type { CoverageReport } from "../../domain/coverage-report.ts";
import type { CoverageHole, HoleReason, IncarnationCoverage, ScnInterval } from "../../domain/coverage.ts";
import { counted, formatDuration } from "../../domain/human.ts";
import { formatUtc, type Instant } from "../../domain/instant.ts";
import { formatScn, type Scn } from "../../domain/scn.ts";
import { table } from "../table.ts";

const STRIP_CELLS = 60;

/** What can be restored, for people: the current incarnation as a strip, then every interval and every hole. */
export function coverageText(report: CoverageReport): string {
  const parts = report.coverage
    .filter((one) => one.covered.length + one.holes.length > 0)
    .map((one) => incarnationText(one, report));
  const { unreachable, achievedRpoSeconds: rpo } = report;
  return [
    ...(parts.length === 0 ? [`${report.database}: nothing can be restored: there is no backup.`] : parts),
    ...(rpo === undefined
      ? []
      : [`Would be lost now: the changes of the last ${formatDuration(rpo * 1000)}.`]),
    ...(unreachable === undefined
      ? []
      : [`The database was not asked, so what came after its last backup is not shown: ${unreachable}`]),
  ].join("\n\n");
}

function incarnationText(one: IncarnationCoverage, report: CoverageReport): string {
  const isCurrent = one.incarnation === report.current.incarnation;
  const title = `${report.database}, incarnation ${one.incarnation}${isCurrent ? ", the current one" : ""}`;
  const lines = [
    ...one.covered.map((interval) => ({ interval, what: coveredText(interval, one) })),
    ...one.holes.map((hole) => ({ interval: hole, what: holeText(hole) })),
  ].toSorted((a, b) => (a.interval.from < b.interval.from ? -1 : 1));
  const ends = (interval: ScnInterval) => endsText(momentsOf(report, one.incarnation, interval));
  const rows = table(
    [
      { title: "FROM SCN", value: ({ interval }) => formatScn(interval.from), right: true },
      { title: "TO SCN", value: ({ interval }) => formatScn(interval.to), right: true },
      { title: "FROM", value: ({ interval }) => ends(interval).from },
      { title: "TO", value: ({ interval }) => ends(interval).to },
      { title: "WHAT", value: ({ what }) => what },
    ],
    lines,
  );
  return [title, `  ${coverageStrip(one)}`, rows].join("\n");
}

/** One line from the first to the last target: `█` all of a cell can be restored, `▒` some of it, `·` nothing. */
export function coverageStrip({ covered, holes }: IncarnationCoverage, cells: number = STRIP_CELLS): string {
  const all = [...covered, ...holes];
  const from = all.reduce((least, one) => (one.from < least ? one.from : least), all[0]?.from ?? 0n);
  const to = all.reduce((most, one) => (one.to > most ? one.to : most), all[0]?.to ?? 0n);
  const span = to - from + 1n;
  const count = span < BigInt(cells) ? Number(span) : cells;
  return Array.from({ length: count }, (_, cell) => {
    const first = from + (span * BigInt(cell)) / BigInt(count);
    const next = from + (span * BigInt(cell + 1)) / BigInt(count);
    const targets = covered.reduce((sum, one) => sum + overlap(one, first, next), 0n);
    return targets === 0n ? "·" : targets === next - first ? "█" : "▒";
  }).join("");
}

function overlap({ from, to }: ScnInterval, first: bigint, next: bigint): bigint {
  const low = from > first ? from : first;
  const high = to + 1n < next ? to + 1n : next;
  return high > low ? high - low : 0n;
}

function coveredText(interval: ScnInterval, { ways }: IncarnationCoverage): string {
  const sources = ways.filter((way) => way.from <= interval.to && way.to >= interval.from);
  const [first] = sources;
  const others = sources.length > 1 ? ` and ${counted(sources.length - 1, "other")}` : "";
  return `from ${first?.source ?? "?"}${others}`;
}

/** Why not, and whether it can be mended. */
function holeText({ reason }: CoverageHole): string {
  return `HOLE: ${reasonText(reason)}`;
}

function reasonText(reason: HoleReason): string {
  switch (reason.kind) {
    case "not-archived-yet":
      return "not archived yet: the next backup, or a log switch and a copy of the log, closes it";
    case "log-missing": {
      const { thread, sequence, fromScn } = reason.log;
      const which = sequence === undefined ? "the log" : `log ${sequence}`;
      const { foundIn } = reason;
      const mend =
        foundIn === undefined ? "and no copy of it is known" : `it still lies at ${foundIn.join(", ")}`;
      return `${which} of thread ${thread} from SCN ${formatScn(fromScn)} is missing: ${mend}`;
    }
    case "no-copy": {
      const why = reason.unusable.map(({ source, why: because }) => `${source}: ${because}`);
      return `no copy is from before it${why.length === 0 ? "" : ` (${why.join("; ")})`}`;
    }
  }
}

/** SCNs are text, moments RFC 3339 in UTC. */
export function coverageData(report: CoverageReport): object {
  const { database, at, current, unreachable, achievedRpoSeconds, incarnations, coverage } = report;
  const interval = (incarnation: string, { from, to }: ScnInterval) => ({
    fromScn: formatScn(from),
    toScn: formatScn(to),
    ...momentsData(momentsOf(report, incarnation, { from, to })),
  });
  return {
    database,
    at: formatUtc(at),
    current: { incarnation: current.incarnation, scn: formatScn(current.scn) },
    ...(unreachable === undefined ? {} : { unreachable }),
    ...(achievedRpoSeconds === undefined ? {} : { achievedRpoSeconds }),
    incarnations: coverage.map((one) => ({
      incarnation: one.incarnation,
      resetlogsScn: text(incarnations.find(({ id }) => id === one.incarnation)?.resetlogsScn),
      covered: one.covered.map((each) => interval(one.incarnation, each)),
      holes: one.holes.map((each) => ({ ...interval(one.incarnation, each), reason: plain(each.reason) })),
      ways: one.ways.map((way) => ({
        source: way.source,
        ...interval(one.incarnation, way),
        redoFromScn: formatScn(way.redoFrom),
      })),
    })),
  };
}

interface Moments {
  /** From here, to here: surely inside. */
  readonly from?: Instant;
  readonly to?: Instant;
  /** Where no moment is surely inside, as of a cold backup, whose targets are one SCN: all of it lies between these. */
  readonly after?: Instant;
  readonly before?: Instant;
}

/** As far as heartbeats tell it. Nothing where a clock that was set back makes the order of moments meaningless. */
function momentsOf(report: CoverageReport, incarnation: string, { from, to }: ScnInterval): Moments {
  const { notBefore: after, notAfter: begin } = report.momentOf(incarnation, from);
  const { notBefore: end, notAfter: before } = report.momentOf(incarnation, to);
  if (begin === undefined || end === undefined || begin <= end)
    return { ...(begin === undefined ? {} : { from: begin }), ...(end === undefined ? {} : { to: end }) };
  return after !== undefined && before !== undefined && after <= before ? { after, before } : {};
}

function endsText({ from, to, after, before }: Moments): { readonly from: string; readonly to: string } {
  if (after !== undefined && before !== undefined)
    return { from: `after ${momentText(after)}`, to: `before ${momentText(before)}` };
  return { from: momentText(from), to: momentText(to) };
}

function momentText(at: Instant | undefined): string {
  return at === undefined ? "?" : formatUtc(at).replace(/\.\d+Z$/, "Z");
}

/** RFC 3339. */
function momentsData(moments: Moments): object {
  return Object.fromEntries(
    Object.entries(moments).map(([name, at]: [string, Instant]) => [name, formatUtc(at)]),
  );
}

function text(value: Scn | undefined): string | undefined {
  return value === undefined ? undefined : formatScn(value);
}

function plain(reason: HoleReason): object {
  if (reason.kind === "no-copy") return reason;
  const { fromScn, ...log } = reason.log;
  return { ...reason, log: { ...log, fromScn: formatScn(fromScn) } };
}
