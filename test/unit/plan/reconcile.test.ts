import { expect, test } from "vitest";

import type { BackupModeFacts, DatabaseIdentity, DatafileFacts } from "../../../src/domain/facts.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { DatabaseName, FilePath, RunId, TablespaceName } from "../../../src/domain/names.ts";
import { ROOT } from "../../../src/domain/names.ts";
import type { Obligation } from "../../../src/domain/obligation.ts";
import { scn } from "../../../src/domain/scn.ts";
import { planReconcile } from "../../../src/plan/reconcile.ts";
import { planDatafile, planFacts } from "./plan-facts.ts";

const run = "20261121T093300Z-hot-4f2a91" as RunId;
const USERS = "USERS" as TablespaceName;

const noted: Obligation = {
  id: `${run}/begin`,
  run,
  database: "PROD1" as DatabaseName,
  dbid: "7",
  resetlogsScn: scn(1),
  scope: { level: "tablespace", container: ROOT, tablespace: USERS },
  files: [
    { file: 1, creationScn: scn(1) },
    { file: 2, creationScn: scn(2) },
  ],
  asked: { scn: scn(500), localTime: "2026-11-21T09:33:00", deadlineMs: 60_000 },
  openedAt: instant(0),
  begun: { 1: scn(510), 2: scn(511) },
};
const { begun: _begun, ...unnoted } = noted;

const active = (changeScn: number, at = "2026-11-21T09:33:20"): BackupModeFacts => ({
  active: true,
  changeScn: scn(changeScn),
  at,
});
const off: BackupModeFacts = { active: false, changeScn: scn(510) };

function files(...modes: readonly BackupModeFacts[]): readonly DatafileFacts[] {
  return modes.map((backup, index) => planDatafile(index + 1, { backup }));
}

const noStartup = { startups: [], instance: { unknown: "it was not asked", control: false } } as const;

function plan(
  obligation: Obligation,
  datafiles: readonly DatafileFacts[],
  change: Partial<DatabaseIdentity> = {},
) {
  const { containers, identity } = planFacts();
  const record = {
    id: run,
    database: obligation.database,
    kind: "hot-backup",
    startedAt: instant(0),
    directory: "/b" as FilePath,
  };
  return planReconcile({
    runs: [{ record, finished: false }],
    ...noStartup,
    obligations: [obligation],
    database: { identity: { ...identity, ...change }, containers, datafiles },
  });
}

const kinds = (steps: readonly { readonly kind: string }[]) => steps.map((step) => step.kind);

test("what is provably ours is ended by the statement of its tablespace, then the run's files go", () => {
  const { steps, left } = plan(noted, files(active(510), active(511)));
  expect(left).toEqual([]);
  expect(kinds(steps)).toEqual(["end-backup", "remove-run", "close-run"]);
  expect(steps[0]).toMatchObject({
    files: [1, 2],
    statements: [{ sql: 'alter tablespace "USERS" end backup' }],
  });
});

test("in a mounted database files are ended one by one from the root", () => {
  const { steps } = plan(noted, files(active(510), active(511)), { openMode: "MOUNTED" });
  expect(steps[0]).toMatchObject({ kind: "end-backup" });
});

test("where the tablespace has a file that somebody else began, only ours are ended, file by file", () => {
  const { steps } = plan(noted, files(active(510), active(900)));
  expect(steps[0]).toMatchObject({
    files: [1],
    statements: [{ sql: "alter database datafile 1 end backup" }],
  });
});

test("a file that took the number of ours is not ended", () => {
  const [first, second] = files(active(510), active(511));
  if (first === undefined || second === undefined) throw new Error("two files");
  const { steps } = plan(noted, [first, { ...second, creationScn: scn(99) }]);
  expect(steps[0]).toMatchObject({ files: [1] });
});

test.each<readonly [string, Obligation, readonly DatafileFacts[], Partial<DatabaseIdentity>, number]>([
  ["another database", noted, files(active(510)), { dbid: "8" }, 2],
  ["a database opened with RESETLOGS since", noted, files(active(510)), { resetlogsScn: scn(2) }, 60],
  ["a restored control file", noted, files(active(510)), { controlfileType: "BACKUP" }, 61],
  [
    "a restored control file that shows nothing ACTIVE",
    noted,
    files(off, off),
    { controlfileType: "BACKUP" },
    61,
  ],
  [
    "a time that does not fit a BEGIN without a noted CHANGE#",
    unnoted,
    files(active(510, "2026-11-21T12:00:00")),
    {},
    43,
  ],
  [
    "somebody else at work at the time of a BEGIN without a noted CHANGE#",
    unnoted,
    files(active(510), off, active(505)),
    {},
    43,
  ],
])("%s: nothing is done, and it is told", (_what, obligation, datafiles, change, rule) => {
  const { steps, left } = plan(obligation, datafiles, change);
  expect(steps).toEqual([]);
  expect(left).toMatchObject([{ code: "UMB-8005", rule }]);
});

test("a BEGIN without a noted CHANGE# is ours where its SCN and its time fit", () => {
  const { steps } = plan(unnoted, files(active(510), active(511)));
  expect(steps[0]).toMatchObject({ kind: "end-backup", files: [1, 2] });
});

test("where nothing is ACTIVE the end is confirmed without a statement", () => {
  const { steps } = plan(noted, files(off, off));
  expect(steps[0]).toMatchObject({ kind: "end-backup", files: [], statements: [] });
});

test("a run whose directory cannot be looked at stays open, and its backup mode is ended all the same", () => {
  const { containers, identity } = planFacts();
  const record = { id: run, database: noted.database, kind: "hot-backup", startedAt: instant(0) };
  const { steps, left } = planReconcile({
    runs: [{ record, finished: "unknown", why: "no answer" }],
    ...noStartup,
    obligations: [noted],
    database: { identity, containers, datafiles: files(active(510), active(511)) },
  });
  expect(kinds(steps)).toEqual(["end-backup"]);
  expect(left).toMatchObject([{ code: "UMB-8005" }]);
});
