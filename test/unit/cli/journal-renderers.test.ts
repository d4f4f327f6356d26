import { expect, test } from "vitest";

import { jsonText } from "../../../src/cli/json-text.ts";
import { backupData, backupsText, backupText } from "../../../src/cli/render/backups.ts";
import { runData, runText } from "../../../src/cli/render/run.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { CatalogEntry, RunRecord, StepRecord } from "../../../src/domain/journal.ts";
import type { DatabaseName, FilePath, RunId, StepId } from "../../../src/domain/names.ts";

const run = "20261121T093300Z-hot-4f2a" as RunId;
const database = "PROD1" as DatabaseName;
const at = (seconds: number) => instant(Date.UTC(2026, 10, 21, 9, 33, seconds));

const backup: CatalogEntry = {
  id: run,
  database,
  directory: "/backup/PROD1/hot/1" as FilePath,
  manifestSha256: "00ff",
  finishedAt: at(59),
  dbid: "1234567890",
  resetlogsScn: "1",
  neededFromScn: "100",
  minimumRecoveryScn: "200",
  recoverableToScn: "18446744073709551615",
  files: 12,
  bytes: 3_221_225_472,
};

const record: RunRecord = {
  id: run,
  database,
  kind: "hot-backup",
  startedAt: at(0),
  endedAt: at(59),
  outcome: "failed",
  error: "UMB-6102 full",
};
const step: StepRecord = {
  run,
  step: "begin:USERS" as StepId,
  position: 0,
  title: "begin backup of USERS",
  state: "done",
  startedAt: at(1),
  endedAt: at(2),
  outcome: '{"scn":"5"}',
};
const begun: StepRecord = {
  run,
  step: "copy:7" as StepId,
  position: 1,
  title: "copy datafile 7",
  state: "intent",
  startedAt: at(3),
};

test("a list says which SCNs each backup can be recovered to, and whether it was verified", () => {
  expect(backupsText([backup, { ...backup, verifiedAt: at(3), verdict: "good" }])).toMatchInlineSnapshot(`
    "BACKUP                     DATABASE  FINISHED              WHAT      FILES      SIZE  RECOVERABLE FROM SCN                TO SCN  VERIFIED
    20261121T093300Z-hot-4f2a  PROD1     2026-11-21T09:33:59Z  database     12  3.00 GiB                   200  18446744073709551615  never
    20261121T093300Z-hot-4f2a  PROD1     2026-11-21T09:33:59Z  database     12  3.00 GiB                   200  18446744073709551615  good at 2026-11-21T09:33:03Z"
  `);
  expect(backupsText([])).toBe("There is no backup in the catalog.");
});

test("one backup is shown with its directory and the logs it needs", () => {
  expect(backupText(backup)).toMatchInlineSnapshot(`
    "BACKUP            20261121T093300Z-hot-4f2a
    database          PROD1, DBID 1234567890, resetlogs SCN 1
    finished          2026-11-21T09:33:59.000Z
    what              the whole database
    directory         /backup/PROD1/hot/1
    size              3.00 GiB in 12 datafiles
    logs from SCN     100
    recoverable       from SCN 200 to SCN 18446744073709551615 with its own logs
    verified          never
    manifest SHA-256  00ff"
  `);
  expect(JSON.parse(jsonText(backupData(backup)))).toMatchObject({
    finishedAt: "2026-11-21T09:33:59.000Z",
    bytes: 3_221_225_472,
  });
});

test("a run is shown with its steps: done, failed, or begun and never ended", () => {
  expect(runText(record, [step, begun])).toMatchInlineSnapshot(`
    "20261121T093300Z-hot-4f2a PROD1: hot-backup, began 2026-11-21T09:33:00.000Z, failed after 59.0 s
      UMB-6102 full
    #  STATE  STEP                    TOOK
    1  done   begin backup of USERS  1.0 s
    2  begun  copy datafile 7"
  `);
});

test("in JSON the outcome of a step is an object, not a text with JSON in it", () => {
  expect(runData(record, [step, { ...begun, outcome: "not JSON" }])).toMatchObject({
    run: { startedAt: "2026-11-21T09:33:00.000Z", endedAt: "2026-11-21T09:33:59.000Z" },
    steps: [{ outcome: { scn: "5" } }, { outcome: "not JSON" }],
  });
});

test("what recovery must be told of a backup without backup mode stands beside it", () => {
  const timed: CatalogEntry = { ...backup, kind: "snapshot", snapshotTime: "2026-11-21 10:33:05" };
  expect(backupText(timed)).toContain("RECOVER DATABASE … SNAPSHOT TIME '2026-11-21 10:33:05'");
  expect(backupText(backup)).not.toContain("SNAPSHOT TIME");
});
