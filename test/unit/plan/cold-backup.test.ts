import { describe, expect, test } from "vitest";

import type { ColdLook } from "../../../src/domain/cold-look.ts";
import type { Facts } from "../../../src/domain/facts.ts";
import type { DatabaseConfig } from "../../../src/domain/fleet.ts";
import type { ManifestKeptFile } from "../../../src/domain/manifest.ts";
import type { FilePath, RunId } from "../../../src/domain/names.ts";
import type { ColdBackupOptions, ColdBackupPlan } from "../../../src/domain/plan.ts";
import { scn } from "../../../src/domain/scn.ts";
import { planColdBackup } from "../../../src/plan/cold-backup.ts";
import { describePlan } from "../../../src/plan/describe-step.ts";
import { databaseConfig } from "../../rigs/database-config.ts";
import { planDatafile, planFacts } from "./plan-facts.ts";

const look: ColdLook = {
  saved: {
    openMode: "READ WRITE",
    role: "PRIMARY",
    restricted: false,
    instances: ["ORCL"],
    containers: [],
    services: [],
  },
  load: { transactions: 0, undoRecords: 0 },
  unreadable: [],
  control: true,
  refresh: true,
  kept: [],
  lastDowntimeMs: {},
};

interface Given {
  readonly facts?: Partial<Facts>;
  readonly look?: Partial<ColdLook>;
  readonly config?: Partial<DatabaseConfig>;
  readonly options?: ColdBackupOptions;
}

function planned(given: Given = {}) {
  return planColdBackup({
    facts: planFacts({
      controlfiles: ["/data/control01.ctl" as FilePath, "/fra/control02.ctl" as FilePath],
      ...given.facts,
    }),
    look: { ...look, ...given.look },
    config: { ...databaseConfig({ directory: "/b" }), ...given.config },
    options: given.options ?? {},
    runId: "20261121T093300Z-cold-4f2a" as RunId,
  });
}

function plan(given: Given = {}): ColdBackupPlan {
  const made = planned(given);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  return made.plan;
}

function refused(given: Given) {
  const made = planned(given);
  return made.ok
    ? []
    : made.refusals.map(({ code, rule }) => (rule === undefined ? code : `${code} rule ${rule}`));
}

const kinds = ({ steps }: ColdBackupPlan) => steps.map((step) => step.kind);
/** What happens between SHUTDOWN and open again. */
function whileDown(made: ColdBackupPlan) {
  const all = kinds(made);
  return all.slice(all.indexOf("shut-down"), all.indexOf("start-up") + 1);
}

describe("the steps of a cold backup", () => {
  test("nothing but proof and copies happens between the one SHUTDOWN and the one STARTUP", () => {
    const made = plan({ options: { mode: "plain" } });
    expect(whileDown(made)).toEqual([
      "shut-down",
      "prove-closed",
      "copy-datafile",
      "copy-controlfile",
      "confirm-closed",
      "start-up",
    ]);
    expect(kinds(made).filter((kind) => kind === "shut-down" || kind === "start-up")).toHaveLength(2);
    expect(kinds(made).at(-1)).toBe("write-manifest");
  });

  test("in mode snapshot no datafile is copied before the database is open again", () => {
    const made = plan({ options: { mode: "snapshot" } });
    expect(whileDown(made)).not.toContain("copy-datafile");
    const all = kinds(made);
    expect(all.indexOf("copy-datafile")).toBeGreaterThan(all.indexOf("start-up"));
    expect(all.indexOf("remove-picture")).toBeGreaterThan(all.indexOf("copy-datafile"));
  });

  test("in mode pre-copy the files are copied first, brought up to date, and read again when it is open", () => {
    const all = kinds(plan({ options: { mode: "pre-copy" } }));
    const order = ["pre-copy-datafile", "shut-down", "copy-datafile", "start-up", "verify-copy"] as const;
    const places = order.map((kind) => all.indexOf(kind));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test("online redo is copied without an archive only, into a directory of its own (rule 9)", () => {
    const onlineLogs: Facts["onlineLogs"] = [1, 2].map((group) => ({
      thread: 1,
      group,
      sequence: group,
      bytes: 1000,
      status: "CURRENT",
      members: [`/redo/${group}a.log` as FilePath, `/redo/${group}b.log` as FilePath],
    }));
    const { identity } = planFacts();
    const without = plan({ facts: { onlineLogs, identity: { ...identity, logMode: "NOARCHIVELOG" } } });
    const copies = without.steps.filter((step) => step.kind === "copy-redo");
    expect(copies.map(({ source }) => source)).toEqual(["/redo/1a.log", "/redo/2a.log"]);
    for (const { target } of copies) expect(target.startsWith(`${without.directory}/redo/`)).toBe(true);
    expect(kinds(without)).not.toContain("switch-logs");
    expect(kinds(plan({ facts: { onlineLogs } }))).not.toContain("copy-redo");
  });

  test("a plan names every step for people", () => {
    for (const mode of ["plain", "pre-copy", "snapshot"] as const) {
      const lines = describePlan(plan({ options: { mode } }));
      expect(lines.every(({ title }) => title.length > 5)).toBe(true);
    }
  });
});

describe("auto", () => {
  test("takes the mode with the shortest downtime that is possible", () => {
    const auto = { options: { mode: "auto" } } as const;
    expect(plan(auto).mode).toBe("snapshot");
    expect(plan({ ...auto, look: { noPicture: "ext4" } }).mode).toBe("pre-copy");
    expect(plan({ ...auto, look: { noPicture: "ext4", refresh: false } }).mode).toBe("plain");
  });
});

describe("refused", () => {
  const readOnly = planDatafile(1);
  test.each<[string, Given, string]>([
    ["without a way to the instance", { look: { control: false } }, "UMB-3120"],
    [
      "while a file is in backup mode",
      { facts: { datafiles: [{ ...readOnly, backup: { active: true, changeScn: scn(9) } }] } },
      "UMB-3105 rule 20",
    ],
    [
      "when the rollback alone is longer than the downtime may be",
      { look: { load: { transactions: 3, undoRecords: 10_000_000 } }, options: { maxDowntimeMs: 60_000 } },
      "UMB-3121 rule 29",
    ],
    [
      "when the copies would be stopped, at a measured rate",
      { look: { measuredRate: 100 }, options: { mode: "plain", maxDowntimeMs: 100 } },
      "UMB-3122 rule 29",
    ],
    [
      "when one sqlplus would stop one of two instances",
      {
        facts: { instances: [instance(1), instance(2)] },
        config: {
          instance: { by: "sqlplus", oracleHome: "/o" as FilePath, sid: "A1", privilege: "sysdba" },
        },
      },
      "UMB-3126 rule 21",
    ],
    [
      "of a logical standby",
      { facts: { identity: { ...planFacts().identity, role: "LOGICAL STANDBY" } } },
      "UMB-3125 rule 26",
    ],
    [
      "after a crash that nobody recovered",
      {
        facts: {
          identity: { ...planFacts().identity, openMode: "MOUNTED", cdb: false },
          containers: planFacts()
            .containers.slice(0, 1)
            .map((one) => ({ ...one, openMode: "MOUNTED" })),
        },
      },
      "UMB-3123 rule 17",
    ],
    [
      "with files in ASM",
      { facts: { datafiles: [{ ...readOnly, path: "+DATA/x" as FilePath }] } },
      "UMB-3107 rule 14",
    ],
    [
      "with files that cannot be read",
      { look: { unreadable: [{ path: readOnly.path, why: "EACCES" }] } },
      "UMB-3127",
    ],
    [
      "in mode snapshot without such a storage",
      { look: { noPicture: "x" }, options: { mode: "snapshot" } },
      "UMB-3124",
    ],
    [
      "in mode pre-copy without umbra on the host",
      { look: { refresh: false }, options: { mode: "pre-copy" } },
      "UMB-3124",
    ],
    ["without a place for it", { facts: { backupArea: { ...area(), writable: false } } }, "UMB-3114"],
  ])("%s", (_what, given, expected) => {
    expect(refused(given)).toEqual([expected]);
  });

  test("all reasons are told at once", () => {
    const given: Given = {
      look: { control: false, noPicture: "x" },
      options: { mode: "snapshot" },
      facts: { backupArea: { ...area(), writable: false } },
    };
    expect(refused(given)).toEqual(["UMB-3120", "UMB-3124", "UMB-3114"]);
  });
});

describe("not refused", () => {
  test("a database without an archive, a read-only one, and a physical standby", () => {
    const { identity } = planFacts();
    for (const more of [
      { logMode: "NOARCHIVELOG" },
      { role: "PHYSICAL STANDBY", openMode: "MOUNTED", controlfileType: "STANDBY" },
    ]) {
      expect(refused({ facts: { identity: { ...identity, ...more } } })).toEqual([]);
    }
  });

  test("copies that are too slow at a rate that nobody measured: it is a warning", () => {
    const { warnings } = plan({ options: { mode: "plain", maxDowntimeMs: 0 } });
    expect(warnings.map(({ rule }) => rule)).toContain(29);
  });
});

describe("files that were read only before (rule 30)", () => {
  const file = planDatafile(7, {
    enabled: "READ ONLY",
    header: { fuzzy: false, checkpointScn: scn(90) },
    checkpointScn: scn(90),
  });
  const copy: ManifestKeptFile = {
    file: 7,
    creationScn: "7",
    checkpointScn: "90",
    bytes: 11 * 8192,
    backup: "b",
    directory: "cold/b",
    name: "data/7.dbf",
    sha256: "0".repeat(64),
    relativeFile: 7,
    bigfile: false,
    container: "CDB$ROOT",
    tablespace: "OLD",
    source: file.path,
    blockSize: 8192,
    mode: "consistent",
    needsRecovery: false,
    hotBackup: false,
    resetlogsScn: "1",
    blocks: {},
  };
  const copied = (given: ManifestKeptFile) => {
    const made = plan({ facts: { datafiles: [planDatafile(1), file] }, look: { kept: [given] } });
    const files = made.steps.flatMap((step) => (step.kind === "copy-datafile" ? [step.file] : []));
    return { files, kept: made.kept.map((one) => one.file) };
  };

  test("are not copied again while nothing of them changed, and are proved all the same", () => {
    expect(copied(copy)).toEqual({ files: [1], kept: [7] });
    const made = plan({ facts: { datafiles: [file] }, look: { kept: [copy] } });
    const proof = made.steps.find((step) => step.kind === "prove-closed");
    expect(proof?.kind === "prove-closed" && proof.files.map((one) => one.file)).toEqual([7]);
  });

  test.each([
    ["another checkpoint", { checkpointScn: "91" }],
    ["another size", { bytes: 8192 }],
    ["another file of that number", { creationScn: "8" }],
  ])("are copied again with %s", (_what, change) => {
    expect(copied({ ...copy, ...change })).toEqual({ files: [1, 7], kept: [] });
  });
});

function area(): NonNullable<Facts["backupArea"]> {
  const found = planFacts().backupArea;
  if (found === undefined) throw new Error("no area");
  return found;
}

function instance(number: number): Facts["instances"][number] {
  return {
    number,
    name: `A${number}`,
    host: `n${number}`,
    version: "19.0.0.0.0",
    edition: "EE",
    status: "OPEN",
    thread: number,
    startedAt: "2026-11-21T00:00:00",
  };
}
