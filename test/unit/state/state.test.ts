import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { expect, onTestFinished, test } from "vitest";

import { instant } from "../../../src/domain/instant.ts";
import type { CatalogEntry } from "../../../src/domain/journal.ts";
import {
  type ContainerName,
  type DatabaseName,
  type FilePath,
  ROOT,
  type RunId,
  type StepId,
} from "../../../src/domain/names.ts";
import type { Obligation, StartupObligation } from "../../../src/domain/obligation.ts";
import { scn } from "../../../src/domain/scn.ts";
import { openState } from "../../../src/state/open-state.ts";
import { processIdentity } from "../../../src/state/process-identity.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";

const database = "PROD1" as DatabaseName;
const run = "20261121T093300Z-hot-4f2a" as RunId;
const LARGE = scn(2n ** 63n + 1n);

function scratch(): string {
  const directory = scratchDirectory();
  onTestFinished(() => directory[Symbol.dispose]());
  return directory.path;
}

const openRun = {
  id: run,
  database,
  kind: "hot-backup",
  startedAt: instant(1),
  directory: "/b/1" as FilePath,
};

const obligation: Obligation = {
  id: `${run}/begin`,
  run,
  database,
  dbid: "1",
  resetlogsScn: scn(7),
  scope: { level: "database" },
  files: [{ file: 4, creationScn: LARGE }],
  asked: { scn: LARGE, localTime: "2026-11-21T09:33:00", deadlineMs: 5 },
  openedAt: instant(2),
};

const startup: StartupObligation = {
  id: `${run}/shutdown`,
  run,
  database,
  dbid: "1",
  resetlogsScn: LARGE,
  saved: {
    openMode: "READ WRITE",
    role: "PRIMARY",
    restricted: false,
    instances: ["PROD1"],
    containers: [{ name: "PDB1" as ContainerName, openMode: "READ ONLY", restricted: true }],
    services: [{ container: ROOT, name: "prod1" }],
  },
  startedAt: [{ instance: "PROD1", at: "2026-11-20T06:00:00" }],
  openedAt: instant(2),
};

test("an obligation survives the process with SCNs of 64 bits, until it is discharged", async () => {
  const directory = scratch();
  {
    using state = openState(directory);
    await state.journal.openRun(openRun);
    await state.obligations.open(obligation);
    await state.obligations.begun(obligation.id, { 4: LARGE });
  }
  using state = openState(directory);
  expect(await state.obligations.pending(database)).toEqual([{ ...obligation, begun: { 4: LARGE } }]);
  await state.obligations.discharge(obligation.id, instant(3), "ended");
  expect(await state.obligations.pending(database)).toEqual([]);
});

test("what a database was like before its shutdown survives the process, until it was brought back", async () => {
  const directory = scratch();
  {
    using state = openState(directory);
    await state.journal.openRun(openRun);
    await state.startups.open(startup);
  }
  using state = openState(directory);
  expect(await state.startups.pending(database)).toEqual([startup]);
  expect(await state.obligations.pending(database)).toEqual([]);
  await state.startups.discharge(startup.id, instant(3), "started");
  await state.startups.discharge(startup.id, instant(4), "noted twice");
  expect(await state.startups.pending(database)).toEqual([]);
});

test("a state that the release before made gets the table of startups, and keeps what it held", async () => {
  const directory = scratch();
  {
    using state = openState(directory);
    await state.journal.openRun(openRun);
    await state.obligations.open(obligation);
  }
  const before = new DatabaseSync(join(directory, "umbra.db"));
  const later = [
    "startup_obligation",
    "heartbeat",
    "log_destination",
    "log_file",
    "hold",
    "lease",
    "proof",
    "tombstone",
    "snapshot_obligation",
    "log_mark",
    "log_pruned",
    "agent",
  ];
  before.exec(later.map((table) => `drop table ${table};`).join(" "));
  before.exec("pragma user_version = 1");
  before.close();
  using state = openState(directory);
  expect(await state.startups.pending(database)).toEqual([]);
  expect(await state.obligations.pending(database)).toEqual([obligation]);
});

test("a step may be begun again; a run is open until it is closed", async () => {
  using state = openState(scratch());
  await state.journal.openRun(openRun);
  const step = { run, step: "copy:7" as StepId, position: 0, title: "copy", at: instant(2) };
  await state.journal.intent(step);
  await state.journal.outcome(run, step.step, { at: instant(3), state: "failed", outcome: "{}" });
  await state.journal.intent({ ...step, at: instant(4) });
  expect(await state.journal.steps(run)).toMatchObject([{ state: "intent", startedAt: 4 }]);
  expect(await state.journal.openRuns(database)).toMatchObject([{ id: run }]);
  await state.journal.closeRun(run, { at: instant(5), outcome: "failed", error: "UMB-1" });
  expect(await state.journal.openRuns(database)).toEqual([]);
  expect(await state.journal.run(run)).toMatchObject({ outcome: "failed", error: "UMB-1" });
});

test("the lock of a live process is refused with its owner, the one of a dead process is taken over", () => {
  const directory = scratch();
  const me = processIdentity();
  using dead = openState(directory, { owner: { ...me, started: "1" } });
  using live = openState(directory);
  dead.locks.take(database, "dead" as RunId, instant(1));
  expect(live.locks.owner(database)).toBeUndefined();
  {
    using _lock = live.locks.take(database, run, instant(2));
    expect(() => dead.locks.take(database, "other" as RunId, instant(3))).toThrow(String(process.pid));
  }
  expect(live.locks.owner(database)).toBeUndefined();
});

test("what was verified stays when the catalog is filled again", async () => {
  using state = openState(scratch());
  const entry: CatalogEntry = {
    id: run,
    database,
    directory: "/b/1" as FilePath,
    manifestSha256: "00",
    finishedAt: instant(9),
    dbid: "1",
    resetlogsScn: "7",
    neededFromScn: "8",
    minimumRecoveryScn: LARGE.toString(),
    recoverableToScn: LARGE.toString(),
    files: 1,
    bytes: 2,
  };
  await state.catalog.add(entry);
  await state.catalog.verified(run, instant(10), "good");
  await state.catalog.add(entry);
  expect(await state.catalog.list()).toEqual([{ ...entry, verifiedAt: 10, verdict: "good" }]);
});

test("a schema of a newer umbra is refused", () => {
  const directory = scratch();
  openState(directory)[Symbol.dispose]();
  const raw = new DatabaseSync(join(directory, "umbra.db"));
  raw.exec("pragma user_version = 99");
  raw.close();
  expect(() => openState(directory)).toThrow("99");
});

test("what SQLite cannot do is told as a failure of the state, and does not hide what ended the run", async () => {
  const directory = scratch();
  using state = openState(directory);
  await state.journal.openRun(openRun);
  const broken = new DatabaseSync(join(directory, "umbra.db"));
  const died = new Error("what ended the run");
  const withLock = () => {
    using _lock = state.locks.take(database, run, instant(1));
    broken.exec("drop table lock");
    throw died;
  };
  expect(withLock).toThrow(died);
  expect(() => state.locks.take(database, run, instant(2))).toThrow(
    expect.objectContaining({ code: "UMB-8006", exit: 8 }),
  );
  broken.exec("drop table obligation");
  await expect(state.obligations.open(obligation)).rejects.toMatchObject({ code: "UMB-8006" });
  broken.close();
});
