import * as fc from "fast-check";
import { expect, test } from "vitest";

import { coverage } from "../../../src/coverage/coverage.ts";
import type { CoverageInput, ScnInterval } from "../../../src/domain/coverage.ts";
import type { StoredLog } from "../../../src/domain/log-deletion.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { scn } from "../../../src/domain/scn.ts";
import { planLogDeletion } from "../../../src/plan/archive-deletion.ts";
import { ProtectedTargets } from "../../../src/retention/protected-targets.ts";
import { redoOfCopies } from "../../../src/retention/redo-of-copies.ts";
import { refuseLoss, withoutLogs } from "../../../src/retention/without-logs.ts";
import { LAST_SCN, smallHistory } from "../coverage/small-history.ts";

const LIVE = "live";

interface Area {
  readonly input: CoverageInput;
  readonly since: { readonly "1": number | undefined; readonly "2": number | undefined };
  readonly held: readonly string[];
}

/** Every log lies in the live area; some lie beside a copy too. */
const anArea: fc.Arbitrary<Area> = fc
  .record({
    history: smallHistory,
    beside: fc.array(fc.nat({ max: 9 }), { minLength: 60, maxLength: 60 }),
    first: fc.option(fc.nat({ max: LAST_SCN }), { nil: undefined }),
    second: fc.option(fc.nat({ max: LAST_SCN }), { nil: undefined }),
    held: fc.array(fc.constantFrom("copy-0", "copy-1", "copy-2"), { maxLength: 1 }),
  })
  .map(({ history, beside, first, second, held }) => {
    const logs = history.logs.map((log, index) => {
      const copy = history.sources[beside[index] ?? 9];
      return { ...log, places: copy === undefined ? [LIVE] : [LIVE, copy.id] };
    });
    const there = held.filter((id) => history.sources.some((source) => source.id === id));
    return { input: { ...history, logs }, since: { "1": first, "2": second }, held: there };
  });

function pruned({ input, since, held }: Area) {
  const { needs, unknown } = redoOfCopies({
    input,
    live: LIVE,
    protectedFrom: (incarnation) => {
      const from = since[incarnation as "1" | "2"];
      return from === undefined ? undefined : scn(from);
    },
    keepers: new Map(held.map((id) => [id, ["held by ann"]])),
    isKnown: () => true,
  });
  const logs = input.logs
    .filter((log) => log.places.includes(LIVE))
    .map((log): StoredLog => ({ ...log, path: keyOf(log) as FilePath, bytes: 1 }));
  const { verdicts } = planLogDeletion({ logs, incarnations: input.incarnations, needs, unknown });
  const going = verdicts.filter(({ goes }) => goes).map(({ log }) => log);
  return { going, after: withoutLogs(input, LIVE, going) };
}

function keyOf({ incarnation, thread, sequence }: CoverageInput["logs"][number]): string {
  return `${incarnation}/${thread}/${sequence}`;
}

test("no protected target, no moment of a copy and not the newest target is lost, in any incarnation", () => {
  let gone = 0;
  fc.assert(
    fc.property(anArea, (area) => {
      const { input, since } = area;
      const { going, after } = pruned(area);
      gone += going.length;
      for (const [index, before] of coverage(input).entries()) {
        const now = coverage(after)[index];
        const from = since[before.incarnation as "1" | "2"];
        const young = (all: readonly ScnInterval[] = []) =>
          all
            .filter(({ to }) => from !== undefined && to >= BigInt(from))
            .map((one) => ({
              to: one.to,
              from: one.from < BigInt(from ?? 0) ? BigInt(from ?? 0) : one.from,
            }));
        expect(young(now?.covered)).toEqual(young(before.covered));
        const newest = (all: readonly ScnInterval[] = []) => (from === undefined ? [] : all.slice(-1));
        expect(newest(now?.covered).map(({ to }) => to)).toEqual(newest(before.covered).map(({ to }) => to));
        const isOwn = (id: string) =>
          input.sources.some((one) => one.id === id && one.incarnation === before.incarnation);
        const moments = (ways = before.ways) =>
          ways.filter(({ source }) => isOwn(source)).map(({ source, from: first }) => `${source} ${first}`);
        expect(moments(now?.ways)).toEqual(moments());
      }
    }),
    { numRuns: 500 },
  );
  expect(gone).toBeGreaterThan(500);
});

test("what is held goes as far as before", () => {
  fc.assert(
    fc.property(anArea, (area) => {
      const { after } = pruned(area);
      const reach = (input: CoverageInput) =>
        coverage(input).flatMap(({ ways }) => ways.filter(({ source }) => area.held.includes(source)));
      expect(reach(after)).toEqual(reach(area.input));
    }),
    { numRuns: 300 },
  );
});

test("planned again after it was done, nothing more goes", () => {
  fc.assert(
    fc.property(anArea, (area) => {
      expect(pruned({ ...area, input: pruned(area).after }).going).toEqual([]);
    }),
  );
});

const line = [{ id: "1", resetlogsScn: scn(0) }];
const copy = (id: string, at: number, unusable?: string) => ({
  id,
  incarnation: "1",
  files: [{ file: 1, creationScn: scn(0), checkpointScn: scn(at), usableFrom: scn(at + 5) }],
  ...(unusable === undefined ? {} : { unusable }),
});
const log = (sequence: number, places: readonly string[]) => ({
  incarnation: "1",
  thread: 1,
  sequence,
  firstScn: scn(sequence * 10),
  nextScn: scn(sequence * 10 + 10),
  places,
});
const small = (sources: CoverageInput["sources"], logs: CoverageInput["logs"]): CoverageInput => ({
  incarnations: line,
  threads: [{ thread: 1, incarnation: "1" }],
  sources,
  logs,
  current: { incarnation: "1", scn: scn(100) },
});
const kept = (input: CoverageInput, since?: number) => {
  const going = new Set(
    pruned({ input, since: { "1": since, "2": undefined }, held: [] }).going.map(({ sequence }) => sequence),
  );
  return input.logs.map(({ sequence }) => sequence).filter((sequence) => !going.has(sequence));
};

test("an old copy keeps what makes it usable, and nothing where that lies beside it", () => {
  const logs = [1, 2, 3, 4].map((sequence) => log(sequence, sequence === 1 ? [LIVE, "old"] : [LIVE]));
  expect(kept(small([copy("old", 12), copy("new", 42)], logs), 47)).toEqual([4]);
  const alone = logs.map((one) => ({ ...one, places: [LIVE] }));
  expect(kept(small([copy("old", 12), copy("new", 42)], alone), 47)).toEqual([1, 4]);
});

test("a log after which one is missing stays where the protected time needs both: the other may still come", () => {
  const logs = [1, 2, 4, 5, 6].map((sequence) => log(sequence, [LIVE]));
  expect(kept(small([copy("old", 12), copy("new", 52)], logs), 40)).toEqual([1, 2, 4, 5, 6]);
});

test("the live copies, and what coverage cannot judge, keep all redo from them on", () => {
  const logs = [1, 2, 3, 4].map((sequence) => log(sequence, [LIVE]));
  expect(kept(small([copy(LIVE, 22)], logs))).toEqual([2, 3, 4]);
  expect(kept(small([copy("part", 22, "only USERS"), copy(LIVE, 42)], logs))).toEqual([2, 3, 4]);
});

test("a plan that gives up more than the policy does is refused, with what would be lost", () => {
  const logs = [1, 2, 3, 4].map((sequence) => log(sequence, [LIVE]));
  const input = small([copy("old", 12), copy("new", 42)], logs);
  const targets = (since: number) =>
    new ProtectedTargets(input, [{ incarnation: "1", scn: scn(since), at: instant(0) }], instant(0));
  const stored = logs.map((one) => ({ ...one, path: keyOf(one) as FilePath, bytes: 1 }));
  const without = (...sequences: readonly number[]) =>
    withoutLogs(
      input,
      LIVE,
      stored.filter(({ sequence }) => sequences.includes(sequence)),
    );
  expect(refuseLoss(input, without(2, 3), targets(47))).toEqual([]);
  expect(refuseLoss(input, without(3), targets(35)).map(({ seen }) => seen)).toEqual([
    "without the logs that go, SCN 35 to 46 could not be restored any more",
  ]);
  expect(refuseLoss(input, without(1, 2, 3), targets(47)).map(({ seen }) => seen)).toEqual([
    "without the logs that go, old could not be restored any more",
  ]);
});

test("what uses an object that nobody knows keeps everything", () => {
  const { unknown } = redoOfCopies({
    input: small([copy(LIVE, 22)], [log(1, [LIVE])]),
    live: LIVE,
    protectedFrom: () => undefined,
    keepers: new Map([["gone", ["used by restore r"]]]),
    isKnown: () => true,
  });
  expect(unknown).toEqual(["gone"]);
});
