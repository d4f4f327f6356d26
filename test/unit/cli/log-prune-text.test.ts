import { expect, test } from "vitest";

import { pruneData, prunedText, pruneText } from "../../../src/cli/render/log-prune.ts";
import { jsonText } from "../../../src/cli/json-text.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { LogMark, LogPruneReport } from "../../../src/domain/log-prune.ts";
import type { DatabaseName, FilePath, RunId } from "../../../src/domain/names.ts";
import { scn } from "../../../src/domain/scn.ts";
import { DAY, RETENTION } from "../../rigs/kept-backups.ts";

const log = (sequence: number, thread = 1) => ({
  incarnation: "1001",
  thread,
  sequence,
  firstScn: scn(sequence * 100),
  nextScn: scn(sequence * 100 + 100),
  path: `/logs/${thread}_${sequence}.arc` as FilePath,
  bytes: 1024,
});
const mark: LogMark = {
  ...log(1),
  database: "A" as DatabaseName,
  dbid: "1",
  run: "r" as RunId,
  markedAt: instant(0),
  removeFrom: instant(DAY),
};
const gone = { goes: true, why: ["nothing that stays needs it"] };
const needed = ["a", "b", "c"].map((name) => `hot-${name} needs redo from SCN 300 on`);
const report: LogPruneReport = {
  id: "0123456789ab",
  database: "A" as DatabaseName,
  at: instant(0),
  config: RETENTION,
  directory: "/logs" as FilePath,
  dbid: "1",
  lines: [
    { log: log(1), ...gone, mark },
    { log: log(2), ...gone },
    { log: log(3), goes: false, why: needed },
    { log: log(4), goes: false, why: needed },
    { log: log(1, 2), ...gone },
  ],
  bytes: 3072,
  removing: [],
  strange: ["/logs/notes.txt" as FilePath],
  before: [{ incarnation: "1001", covered: [{ from: scn(100), to: scn(500) }], holes: [], ways: [] }],
  after: [{ incarnation: "1001", covered: [{ from: scn(300), to: scn(500) }], holes: [], ways: [] }],
  given: [{ incarnation: "1001", from: scn(100), to: scn(299) }],
  incarnations: [{ id: "1001", resetlogsScn: scn(1) }],
  current: "1001",
};

test("logs that follow each other for the same reason are one line, with what is given up and how it is applied", () => {
  const lines = pruneText(report).split("\n");
  expect(lines.slice(0, 5)).toEqual([
    "INCARNATION  THREAD  SEQUENCE  FROM SCN  TO SCN      SIZE         WHY",
    "1001              1         1       100     200  1.00 KiB  GOES   nothing that stays needs it (marked on 1970-01-01T00:00:00Z, removed from 1970-01-02T00:00:00Z on)",
    "1001              1         2       200     300  1.00 KiB  GOES   nothing that stays needs it",
    "1001              1       3-4       300     500  2.00 KiB  stays  hot-a needs redo from SCN 300 on; hot-b needs redo from SCN 300 on; and 1 more",
    "1001              2         1       100     200  1.00 KiB  GOES   nothing that stays needs it",
  ]);
  expect(lines.slice(5)).toEqual([
    "Left alone, because not recognised as whole logs of it: 1 file.",
    "Can be restored now:",
    expect.stringMatching(/^ {2}█+$/) as string,
    "afterwards:",
    expect.stringMatching(/^ {2}·+[▒█]+$/) as string,
    "Given up: SCN 100 to 299.",
    "2 of 5 logs stay; 3 (3.00 KiB) go, 1 marked already.",
    "Plan 0123456789ab. Nothing was changed: `umbra logs prune A --apply 0123456789ab` marks what goes.",
  ]);
});

test("the machine-readable plan has every log with all its reasons, and SCNs as text", () => {
  const data = JSON.parse(jsonText(pruneData(report))) as {
    readonly logs: readonly { readonly why: readonly string[]; readonly nextScn: string }[];
  };
  expect(data.logs[2]).toMatchObject({ why: needed, nextScn: "400", stays: true });
  expect(data).toMatchObject({ plan: "0123456789ab", count: 5, goes: 3, bytes: 3072 });
});

test("what was done says how it is taken back, and what was not done", () => {
  const text = prunedText(report, {
    marked: [mark],
    takenBack: [],
    removed: [],
    waiting: [mark],
    problems: [{ path: mark.path, problem: "a symbolic link leads from it to /x" }],
  });
  expect(text).toBe(
    [
      "thread 1 sequence 1 of incarnation 1001 goes from 1970-01-02T00:00:00Z on.",
      "`umbra logs prune A --undo` keeps what is marked.",
      "NOT DONE: /logs/1_1.arc: a symbolic link leads from it to /x",
      "A: Archived logs: 1 marked, 0 removed (0 B), 1 waiting.",
    ].join("\n"),
  );
});
