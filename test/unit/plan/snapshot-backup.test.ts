import { describe, expect, test } from "vitest";

import type { Facts } from "../../../src/domain/facts.ts";
import type { FilePath, RunId } from "../../../src/domain/names.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { SnapshotBackupOptions } from "../../../src/domain/plan.ts";
import type { PrimaryLook, PrimaryVolume } from "../../../src/domain/primary-look.ts";
import type { VolumeId } from "../../../src/domain/snapshot.ts";
import { describePlan } from "../../../src/plan/describe-step.ts";
import { planSnapshotBackup } from "../../../src/plan/snapshot-backup.ts";
import { snapshotMoment } from "../../../src/plan/snapshot-moment.ts";
import { databaseConfig } from "../../rigs/database-config.ts";
import { planDatafile, planFacts } from "./plan-facts.ts";

const ENTERPRISE: Facts["instances"] = [
  {
    number: 1,
    name: "PROD1",
    host: "h",
    version: "19.0.0.0.0",
    edition: "EE",
    status: "OPEN",
    thread: 1,
    startedAt: "2026-01-01T00:00:00",
  },
];

const facts = (more: Partial<Facts> = {}) =>
  planFacts({
    instances: ENTERPRISE,
    datafiles: [
      planDatafile(1, { path: "/u1/1.dbf" as FilePath }),
      planDatafile(2, { path: "/u2/2.dbf" as FilePath }),
    ],
    ...more,
  });

function volume(id: string, more: Partial<PrimaryVolume> = {}): PrimaryVolume {
  return {
    storage: "san",
    volume: id as VolumeId,
    mountPoint: id as FilePath,
    instant: true,
    atomic: true,
    remarks: [],
    set: 0,
    ...more,
  };
}

/** File 1 on /u1, file 2 on /u2. */
function look(volumes: readonly PrimaryVolume[], more: Partial<PrimaryLook> = {}): PrimaryLook {
  const files = volumes.map(({ storage, volume: id, mountPoint }, index) => {
    const inside = `${index + 1}.dbf`;
    return [index + 1, { storage, volume: id, path: `${mountPoint}/${inside}` as FilePath, inside }] as const;
  });
  return {
    agent: "a",
    storages: ["san"],
    files: new Map(files),
    volumes,
    nowhere: [],
    ...more,
  };
}

function planned(where: PrimaryLook, options: SnapshotBackupOptions = {}, more: Partial<Facts> = {}) {
  const config = databaseConfig({ directory: "/x" });
  return planSnapshotBackup({
    facts: facts(more),
    config,
    options,
    runId: "r" as RunId,
    look: where,
  });
}

function kinds(result: ReturnType<typeof planned>): readonly string[] {
  if (!result.ok) throw new Error(result.refusals.map(({ seen }) => seen).join("; "));
  return result.plan.steps.map(({ kind }) => kind);
}

function refusals(result: ReturnType<typeof planned>): readonly string[] {
  return result.ok ? [] : result.refusals.map(({ code, seen }) => `${code} ${seen}`);
}

const GROUP = look([volume("/u1"), volume("/u2")]);
const APART = look([volume("/u1"), volume("/u2", { set: 1 })]);

describe("the order of the steps (rule 64)", () => {
  test("log switch, BEGIN, one snapshot of the group, END, log switch, control file, manifest", () => {
    const all = kinds(planned(GROUP));
    expect(all.filter((kind) => kind !== "make-directory")).toEqual([
      "switch-logs",
      "begin-backup",
      "snapshot-volumes",
      "end-backup",
      "switch-logs",
      "check-snapshots",
      "wait-for-logs",
      "copy-logs",
      "backup-controlfile",
      "trace-controlfile",
      "save-parameters",
      "confirm-identity",
      "write-manifest",
    ]);
  });

  test("the statements in backup mode do not grow with the files", () => {
    const many = Array.from({ length: 500 }, (_, index) => planDatafile(index + 1));
    const files = new Map(
      many.map(({ file, path }) => [
        file,
        { storage: "san", volume: "/u1" as VolumeId, path, inside: path.slice(1) },
      ]),
    );
    const result = planned({ ...look([volume("/u1")]), files }, {}, { datafiles: many });
    const all = kinds(result);
    expect(all.slice(all.indexOf("begin-backup"), all.indexOf("end-backup"))).toEqual([
      "begin-backup",
      "snapshot-volumes",
    ]);
  });

  test("SUSPEND comes after BEGIN, RESUME before END (rule 72)", () => {
    const all = kinds(planned(GROUP, { suspend: true }));
    const from = all.indexOf("begin-backup");
    expect(all.slice(from, from + 5)).toEqual([
      "begin-backup",
      "suspend-io",
      "snapshot-volumes",
      "resume-io",
      "end-backup",
    ]);
  });

  test("blocks are read after END, and before the identity is confirmed", () => {
    const all = kinds(planned(GROUP, { verify: true }));
    expect(all.slice(-3)).toEqual(["read-snapshots", "confirm-identity", "write-manifest"]);
  });

  test("with SNAPSHOT TIME nothing is begun", () => {
    const all = kinds(planned(GROUP, { snapshotTime: true }));
    expect(all).not.toContain("begin-backup");
    expect(all.filter((kind) => kind === "snapshot-volumes")).toHaveLength(1);
  });
});

describe("volumes that are not one moment (rule 65)", () => {
  test("backup mode spans them all, and the plan says so", () => {
    const result = planned(APART);
    const all = kinds(result);
    const between = all.slice(all.indexOf("begin-backup") + 1, all.indexOf("end-backup"));
    expect(between).toEqual(["snapshot-volumes", "snapshot-volumes"]);
    const warnings = result.ok ? result.warnings : [];
    expect(warnings.filter(({ rule }) => rule === 65).map(({ seen }) => seen)).toEqual([
      expect.stringContaining("/u1, /u2 cannot be taken at one moment"),
    ]);
  });

  test("on several storages they are taken by each of them, under names that differ", () => {
    const result = planned(look([volume("/u1"), volume("/u2", { storage: "other" })]));
    if (!result.ok) throw new Error("refused");
    expect(result.plan.snapshots.map(({ storage }) => storage)).toEqual(["san", "other"]);
    expect(new Set(result.plan.snapshots.map(({ name }) => name)).size).toBe(2);
    const named = describePlan(result.plan).filter(({ title }) => title.startsWith("take the snapshot"));
    expect(named).toHaveLength(2);
  });
});

describe("refusals", () => {
  test("a file on no storage that takes snapshots is named", () => {
    const nowhere = [{ path: "/u3/x.dbf" as FilePath, seen: "it is below the path of none of them" }];
    expect(refusals(planned({ ...GROUP, nowhere }))).toEqual([
      expect.stringMatching(/^UMB-3152 \/u3\/x\.dbf/),
    ]);
  });

  test("without any such storage there is one reason, not one for each file", () => {
    const nowhere = [{ path: "/u3/x.dbf" as FilePath, seen: "?" }];
    expect(refusals(planned(look([], { storages: [], nowhere })))).toEqual([
      expect.stringContaining("UMB-3151"),
    ]);
  });

  test.for<[string, PrimaryLook, Partial<Facts>, RegExp]>([
    ["Standard Edition", GROUP, { instances: withInstance({ edition: "SE2" }) }, /UMB-3153.*edition SE2/],
    ["11.2", GROUP, { instances: withInstance({ version: "11.2.0.4.0" }) }, /UMB-3153.*11\.2/],
    ["two moments", APART, {}, /UMB-3154.*cannot be taken at one moment/],
    ["two storages", look([volume("/u1"), volume("/u2", { storage: "b" })]), {}, /UMB-3154/],
    ["a volume file by file", look([volume("/u1", { atomic: false }), volume("/u2")]), {}, /UMB-3154.*\/u1/],
  ])("SNAPSHOT TIME on %s (rules 66, 67)", ([, where, more, reason]) => {
    expect(refusals(planned(where, { snapshotTime: true }, more))).toEqual([expect.stringMatching(reason)]);
    expect(refusals(planned(where, {}, more))).toEqual([]);
  });

  test("SUSPEND with SNAPSHOT TIME (rule 72)", () => {
    expect(refusals(planned(GROUP, { suspend: true, snapshotTime: true }))).toEqual([
      expect.stringContaining("UMB-3155"),
    ]);
  });

  test("what a hot backup is refused for is refused here too, all at once", () => {
    const identity = { ...planFacts().identity, logMode: "NOARCHIVELOG" };
    const nowhere = [{ path: "/u3/x.dbf" as FilePath, seen: "?" }];
    const codes = refusals(planned({ ...GROUP, nowhere }, {}, { identity })).map((one) => one.slice(0, 8));
    expect(codes).toEqual(["UMB-3102", "UMB-3152"]);
  });
});

describe("the moment that SNAPSHOT TIME names (rule 68)", () => {
  test("is later than the end of the snapshots by the database's clock, in its own zone", () => {
    const completedAt = instant(Date.UTC(2026, 2, 29, 0, 59, 58, 500));
    const database = { skewMs: 90_000, uncertaintyMs: 20, offset: "+02:00" };
    const moment = snapshotMoment({ completedAt, database, host: { skewMs: -1_000, uncertaintyMs: 5 } });
    expect(moment).toEqual({
      utc: instant(Date.UTC(2026, 2, 29, 1, 1, 31)),
      local: "2026-03-29 03:01:31",
      databaseSkewMs: 90_000,
      hostSkewMs: 91_000,
      uncertaintyMs: 25,
      marginMs: 2_000,
    });
  });
});

function withInstance(more: Partial<Facts["instances"][number]>): Facts["instances"] {
  return ENTERPRISE.map((one) => ({ ...one, ...more }));
}
