import { expect, test } from "vitest";

import type { AreaLog, ArchiveLook, LedgerLog } from "../../../src/domain/archive.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { scn } from "../../../src/domain/scn.ts";
import { expectedLogs } from "../../../src/plan/expected-logs.ts";

const file = (sequence: number, incarnation = "7") =>
  ({
    kind: "log",
    path: `/live/logs/${sequence}_${incarnation}` as FilePath,
    dbid: "1",
    thread: 1,
    sequence,
    incarnation,
    firstScn: scn(sequence * 10),
    nextScn: scn(sequence * 10 + 10),
    problems: [],
  }) as unknown as AreaLog;
const row = (sequence: number, resetlogsId = "7") =>
  ({
    destination: 1,
    thread: 1,
    sequence,
    resetlogsId,
    firstScn: scn(sequence * 10),
    nextScn: scn(sequence * 10 + 10),
    standby: false,
  }) as unknown as LedgerLog;
const look = (ledger: readonly LedgerLog[]) =>
  ({ resetlogsId: "7", ledger, online: [] }) as unknown as ArchiveLook;
const since = { incarnation: "7", scn: scn(0) };
const sequences = (input: Omit<Parameters<typeof expectedLogs>[0], "dbid">) =>
  expectedLogs({ dbid: "1", ...input }).map((log) => `${log.sequence} of ${log.incarnation}`);

test("what was pruned is not expected, though the database still lists it elsewhere", () => {
  const ledger = [1, 2, 3, 4, 5].map((sequence) => row(sequence));
  const input = { files: [file(4), file(5)], look: look(ledger), since };
  expect(sequences(input)).toHaveLength(5);
  const pruned = { incarnation: "7", scn: scn(40) };
  expect(sequences({ ...input, pruned })).toEqual(["4 of 7", "5 of 7"]);
  // The log in which the mark lies is wanted.
  expect(sequences({ ...input, pruned: { ...pruned, scn: scn(39) } })).toEqual([
    "3 of 7",
    "4 of 7",
    "5 of 7",
  ]);
});

test("between a log that stayed for a need of its own and the rest nothing is missed, behind the mark everything is", () => {
  const ledger = [5, 6, 8].map((sequence) => row(sequence));
  const pruned = { incarnation: "7", scn: scn(52) };
  const input = { files: [file(2), file(5), file(8)], look: look(ledger), since, pruned };
  expect(sequences(input)).toEqual(["2 of 7", "5 of 7", "6 of 7", "7 of 7", "8 of 7"]);
});

test("of incarnations before the mark only what is there is expected", () => {
  const ledger = [row(1, "6"), row(2, "6"), row(3, "6"), row(1), row(2)];
  const pruned = { incarnation: "7", scn: scn(12) };
  const early = { incarnation: "6", scn: scn(0) };
  const input = { files: [file(2, "6"), file(1), file(2)], look: look(ledger), since: early, pruned };
  expect(sequences(input)).toEqual(["2 of 6", "1 of 7", "2 of 7"]);
});
