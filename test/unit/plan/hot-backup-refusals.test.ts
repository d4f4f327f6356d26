import { expect, test } from "vitest";

import type { DatabaseIdentity, DatafileFacts, Facts } from "../../../src/domain/facts.ts";
import type { ContainerName, FilePath, RunId } from "../../../src/domain/names.ts";
import { scn } from "../../../src/domain/scn.ts";
import { planHotBackup } from "../../../src/plan/hot-backup.ts";
import { databaseConfig } from "../../rigs/database-config.ts";
import { planDatafile, planFacts } from "./plan-facts.ts";

function refusals(facts: Facts, dbid?: string) {
  const config = { ...databaseConfig({ directory: "/" }), ...(dbid === undefined ? {} : { dbid }) };
  const planned = planHotBackup({ facts, config, options: {}, runId: "run" as RunId });
  return planned.ok ? [] : planned.refusals;
}

const identity = (more: Partial<DatabaseIdentity>) =>
  planFacts({ identity: { ...planFacts().identity, ...more } });
const file = (more: Partial<DatafileFacts>) => planFacts({ datafiles: [planDatafile(1, more)] });
const area = (more: Partial<NonNullable<Facts["backupArea"]>>) => {
  const { backupArea } = planFacts();
  return planFacts(backupArea === undefined ? {} : { backupArea: { ...backupArea, ...more } });
};
const archive = (status: string, destination: string) =>
  planFacts({
    archiveDestinations: [{ id: 1, status, target: "PRIMARY", destination, binding: "OPTIONAL" }],
  });
const header = { fuzzy: false, checkpointScn: scn(100) };
const HR = "HR" as ContainerName;

test("the facts of the other tests are refused for nothing else", () => {
  expect(refusals(planFacts())).toEqual([]);
});

test.each<readonly [string, Facts, string, number | undefined]>([
  [
    "a physical standby",
    identity({ role: "PHYSICAL STANDBY", openMode: "READ ONLY WITH APPLY" }),
    "UMB-3103",
    110,
  ],
  ["a snapshot standby", identity({ role: "SNAPSHOT STANDBY" }), "UMB-3103", 110],
  ["a mounted database", identity({ openMode: "MOUNTED" }), "UMB-3104", undefined],
  ["a database open read only", identity({ openMode: "READ ONLY" }), "UMB-3104", undefined],
  ["NOARCHIVELOG", identity({ logMode: "NOARCHIVELOG" }), "UMB-3102", 3],
  ["a restored control file", identity({ controlfileType: "BACKUP" }), "UMB-3117", 61],
  ["no privilege", planFacts({ sessionPrivileges: [] }), "UMB-3106", undefined],
  ["SYSOPER only", planFacts({ sessionPrivileges: ["SYSOPER", "ALTER DATABASE"] }), "UMB-3106", undefined],
  ["a file in backup mode", file({ backup: { active: true, changeScn: scn(5) } }), "UMB-3105", 36],
  ["logs that go to ASM only", archive("VALID", "+FRA"), "UMB-3107", 14],
  ["a destination in error", archive("ERROR", "/arch"), "UMB-3112", 45],
  ["no destination", planFacts({ archiveDestinations: [] }), "UMB-3112", 45],
  ["a datafile in ASM", file({ path: "+DATA/users" as FilePath }), "UMB-3107", 14],
  ["a datafile without a path", file({ path: "MISSING00007" as FilePath }), "UMB-3109", 56],
  ["an unreadable header", file({ header: { ...header, error: "CANNOT OPEN FILE" } }), "UMB-3108", 5],
  ["SYSTEM offline", file({ status: "SYSOFF" }), "UMB-3109", 33],
  ["an unknown status", file({ status: "NEW" }), "UMB-3109", 33],
  [
    "an offline file with an unreadable header",
    file({ status: "OFFLINE", header: { ...header, error: "WRONG FILE" } }),
    "UMB-3108",
    5,
  ],
  ["a read-only file that needs recovery", file({ enabled: "READ ONLY" }), "UMB-3109", 31],
  ["a container closed by a crash", file({ container: HR }), "UMB-3110", 104],
  ["a storage that is not mounted", area({ exists: false, parentExists: false }), "UMB-3113", undefined],
  ["an area that cannot be written", area({ writable: false }), "UMB-3114", undefined],
  ["an area that is full", area({ freeBytes: 11 * 8192 - 1 }), "UMB-3115", undefined],
])("%s is refused, and nothing else is", (_what, facts, code, rule) => {
  const found = refusals(facts);
  expect(found.map((one) => [one.code, one.rule])).toEqual([[code, rule]]);
  expect(found[0]?.todo).not.toBe("");
});

test("a header that is not there at all is refused", () => {
  const { header: _header, ...headless } = planDatafile(1);
  expect(refusals(planFacts({ datafiles: [headless] })).map((one) => one.code)).toEqual(["UMB-3108"]);
});

test("another DBID is refused", () => {
  expect(refusals(planFacts(), "8").map((one) => [one.code, one.rule])).toEqual([["UMB-3101", 2]]);
});

test("every reason is told at once", () => {
  const facts = planFacts({
    identity: { ...planFacts().identity, logMode: "NOARCHIVELOG" },
    sessionPrivileges: [],
    datafiles: [planDatafile(1, { path: "+DATA/a" as FilePath }), planDatafile(2, { status: "SYSOFF" })],
  });
  expect(refusals(facts, "8").map((one) => one.code)).toEqual([
    "UMB-3101",
    "UMB-3102",
    "UMB-3106",
    "UMB-3107",
    "UMB-3109",
  ]);
});
