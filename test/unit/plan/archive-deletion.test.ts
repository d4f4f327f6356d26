import * as fc from "fast-check";
import { expect, test } from "vitest";

import { coverage } from "../../../src/coverage/coverage.ts";
import type { CoverageInput } from "../../../src/domain/coverage.ts";
import type { LogDeletionInput, RedoNeed, StoredLog } from "../../../src/domain/log-deletion.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { minScn, scn } from "../../../src/domain/scn.ts";
import { planLogDeletion } from "../../../src/plan/archive-deletion.ts";
import { smallHistory } from "../coverage/small-history.ts";

const stored = (log: CoverageInput["logs"][number]): StoredLog => ({
  incarnation: log.incarnation,
  thread: log.thread,
  sequence: log.sequence,
  firstScn: log.firstScn,
  nextScn: log.nextScn,
  path: `/logs/${log.thread}_${log.sequence}_${log.incarnation}` as FilePath,
  bytes: 512,
});

const needsOf = ({ sources }: CoverageInput): readonly RedoNeed[] =>
  sources.flatMap((source) => {
    const from = minScn(source.files.map((file) => file.checkpointScn));
    const { id: name, incarnation } = source;
    return from === undefined ? [] : [{ kind: "source" as const, name, incarnation, from }];
  });

const inputOf = (history: CoverageInput, more: readonly RedoNeed[] = []): LogDeletionInput => ({
  logs: history.logs.map(stored),
  incarnations: history.incarnations,
  needs: [...needsOf(history), ...more],
  unknown: [],
});

const going = (input: LogDeletionInput) =>
  new Set(planLogDeletion(input).verdicts.flatMap(({ goes, log }) => (goes ? [log.path] : [])));

const aNeed: fc.Arbitrary<RedoNeed> = fc
  .record({
    kind: fc.constantFrom("source" as const, "capture" as const, "restore-point" as const),
    name: fc.constant("another"),
    incarnation: fc.constantFrom("1", "2", "unheard-of"),
    from: fc.integer({ min: 0, max: 12 }),
  })
  .map(({ from, ...need }) => ({ ...need, from: scn(from) }));

test("what could be restored can be restored without the logs that go", () => {
  fc.assert(
    fc.property(smallHistory, (history) => {
      const gone = going(inputOf(history));
      const logs = history.logs.filter((log) => !gone.has(stored(log).path));
      const covered = (input: CoverageInput) => coverage(input).map((one) => one.covered);
      expect(covered({ ...history, logs })).toEqual(covered(history));
    }),
    { numRuns: 500 },
  );
});

test("planned again after it was done, nothing more goes", () => {
  fc.assert(
    fc.property(smallHistory, (history) => {
      const input = inputOf(history);
      const gone = going(input);
      expect(going({ ...input, logs: input.logs.filter((log) => !gone.has(log.path)) }).size).toBe(0);
    }),
  );
});

test("one more need never makes a log go that stayed, and each verdict has its sentence", () => {
  fc.assert(
    fc.property(smallHistory, aNeed, (history, need) => {
      fc.pre(history.sources.length > 0);
      const before = going(inputOf(history));
      const after = planLogDeletion(inputOf(history, [need]));
      for (const { log, goes, why } of after.verdicts) {
        expect(why.length).toBeGreaterThan(0);
        expect(!goes || before.has(log.path)).toBe(true);
      }
    }),
  );
});

test("nothing goes while a need is not known, or when no copy stays", () => {
  fc.assert(
    fc.property(smallHistory, (history) => {
      expect(going({ ...inputOf(history), unknown: ["destination 2 of standby BERLIN"] }).size).toBe(0);
      expect(going({ ...inputOf(history), needs: [] }).size).toBe(0);
    }),
  );
});

const log = (sequence: number, incarnation = "1", thread = 1) =>
  stored({
    incarnation,
    thread,
    sequence,
    firstScn: scn(sequence * 10),
    nextScn: scn(sequence * 10 + 10),
    places: [],
  });
const line = [
  { id: "1", resetlogsScn: scn(1) },
  { id: "2", resetlogsScn: scn(35), parent: "1" },
];
const backup = (from: number, incarnation = "1"): RedoNeed => ({
  kind: "source",
  name: "hot-1",
  incarnation,
  from: scn(from),
});
const plan = (logs: readonly StoredLog[], needs: readonly RedoNeed[]) =>
  planLogDeletion({ logs, incarnations: line, needs, unknown: [] }).verdicts.map(({ goes, why }) =>
    goes ? "goes" : why.join("; "),
  );

test("a log that ends where the oldest copy begins is not needed, the next one is", () => {
  expect(plan([log(1), log(2), log(3)], [backup(30), backup(40)])).toEqual([
    "goes",
    "goes",
    "hot-1 needs redo from SCN 30 on",
  ]);
});

test("a standby keeps what it has not applied, of each thread, and a thread that it never named", () => {
  const standby: RedoNeed = { kind: "standby", name: "BERLIN", incarnation: "1", applied: { 1: 1 } };
  expect(plan([log(1), log(2), log(2, "1", 2)], [backup(90), standby])).toEqual([
    "goes",
    "standby BERLIN has not applied it",
    "standby BERLIN has not applied it",
  ]);
});

test("capture and guaranteed restore points keep their redo", () => {
  const capture: RedoNeed = { kind: "capture", name: "GoldenGate", incarnation: "1", from: scn(25) };
  const point: RedoNeed = { kind: "restore-point", name: "BEFORE_UPGRADE", incarnation: "1", from: scn(35) };
  expect(plan([log(1), log(2), log(3)], [backup(90), capture, point])).toEqual([
    "goes",
    "GoldenGate reads redo from SCN 25 on",
    "GoldenGate reads redo from SCN 25 on; guaranteed restore point BEFORE_UPGRADE needs redo from SCN 35 on",
  ]);
});

test("the same sequence in another incarnation is another log: the parent's goes, the child's stays", () => {
  expect(plan([log(5, "1"), log(5, "2")], [backup(36, "2")])).toEqual([
    "goes",
    "hot-1 needs redo from SCN 36 on",
  ]);
  expect(plan([log(5, "3")], [backup(90, "2")])).toEqual(["hot-1 needs redo from SCN 90 on"]);
});
