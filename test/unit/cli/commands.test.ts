import { expect, test } from "vitest";

import { runProgram } from "../../../src/cli/program.ts";
import type { Runs } from "../../../src/cli/runs.ts";
import type { Surroundings } from "../../../src/cli/surroundings.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { CatalogEntry } from "../../../src/domain/journal.ts";
import type { DatabaseName, FilePath } from "../../../src/domain/names.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";
import type { World } from "../../../src/run/world.ts";
import type { State } from "../../../src/state/state.ts";

const CONFIG = `
storages: {s: {path: /backup}}
defaults: {storage: s, user: U, password: {env: PW}}
databases: {A: {connect: a/A}, B: {connect: b/B}}
`;
const backup: CatalogEntry = {
  id: "run-1",
  database: "A" as DatabaseName,
  directory: "/backup/A/hot/run-1" as FilePath,
  manifestSha256: "00",
  finishedAt: instant(0),
  dbid: "1",
  resetlogsScn: "1",
  neededFromScn: "10",
  minimumRecoveryScn: "20",
  recoverableToScn: "30",
  files: 1,
  bytes: 8192,
};
const line = {
  id: "x",
  title: "end backup of tablespace USERS",
  sql: ['ALTER TABLESPACE "USERS" END BACKUP'],
};
const refusal = { code: "UMB-3001", seen: "no", todo: "do" };

/** Surroundings whose runs answer what a test wants, and a count of what was left open. */
function rig(runs: Partial<Runs>) {
  const never = () => Promise.reject(new Error("not expected to be called"));
  const open = { states: 0, worlds: 0 };
  const catalog = {
    get: async (id: string) => (id === backup.id ? backup : undefined),
    list: async () => [backup],
  };
  const around: Surroundings = {
    version: "1.2.3",
    env: { UMBRA_CONFIG: "/f.yaml" },
    readText: async () => CONFIG,
    openState: async () => {
      open.states += 1;
      return { catalog, [Symbol.dispose]: () => void (open.states -= 1) } as unknown as State;
    },
    openWorld: (database) => {
      open.worlds += 1;
      return { world: { database } as World, [Symbol.asyncDispose]: async () => void (open.worlds -= 1) };
    },
    diagnose: () => {
      throw new Error("not expected to be called");
    },
    hostKeys: () => ({ ask: never, trust: never }),
    openHost: () => {
      throw new Error("not expected to be called");
    },
    openStorages: () => {
      throw new Error("not expected to be called");
    },
    createFile: never,
    farSide: () => {
      throw new Error("not expected to be called");
    },
    signal: () => new AbortController().signal,
    runs: {
      planHot: never,
      backupHot: never,
      planCold: never,
      backupCold: never,
      setup: never,
      planBaseline: never,
      baseline: never,
      planRefresh: never,
      backupRefresh: never,
      planSnapshot: never,
      backupSnapshot: never,
      reconcile: never,
      verifyBackup: never,
      rebuildCatalog: never,
      coverageReport: never,
      noteHeartbeat: never,
      keeping: {} as Runs["keeping"],
      logs: {
        planSetup: never,
        setUp: never,
        verify: never,
        planBackfill: never,
        backfill: never,
        guard: never,
        planPrune: never,
        prune: never,
        undoPrune: never,
      },
      ...runs,
    },
  };
  const run = async (...argv: string[]) => {
    const { result } = await runProgram(argv, around);
    if (result?.ok !== true) throw new Error("refused");
    return result;
  };
  return { around, open, run };
}

test("backup hot hands its options to the run and shows the backup that was made", async () => {
  const asked: unknown[] = [];
  const { run, open } = rig({
    backupHot: async (world, options) => {
      asked.push(world.database.name, options);
      return { ok: true, backup, warnings: [{ seen: "s", todo: "t", rule: 57 }] };
    },
  });
  const { text, data } = await run(
    "backup",
    "hot",
    "A",
    "--tablespaces",
    "USERS, PDB1:DATA",
    "--parallel",
    "4",
    "--mode",
    "database",
  );
  expect(asked).toEqual(["A", { tablespaces: ["USERS", "PDB1:DATA"], parallel: 4, mode: "database" }]);
  expect(text).toContain("run-1");
  // The run has told it.
  expect(text).not.toContain("warning");
  expect(data).toMatchObject({ warnings: [{ seen: "s", todo: "t", rule: 57 }] });
  expect(open).toEqual({ states: 0, worlds: 0 });
});

test("backup hot --plan prints statements and never runs the backup", async () => {
  const { run } = rig({ planHot: async () => ({ ok: true, lines: [line], warnings: [] }) });
  const { text, data } = await run("backup", "hot", "A", "--plan");
  expect(text).toContain('ALTER TABLESPACE "USERS" END BACKUP');
  expect(data).toEqual({ database: "A", steps: [line], warnings: [] });
});

test("backup cold hands its options to the run, and tells a cold backup from a hot one", async () => {
  const asked: unknown[] = [];
  const { run } = rig({
    backupCold: async (world, options) => {
      asked.push(world.database.name, options);
      return { ok: true, backup: { ...backup, kind: "cold" }, warnings: [] };
    },
  });
  const limits = ["--max-downtime", "30m", "--on-overrun", "continue"];
  const { text } = await run("backup", "cold", "A", "--mode", "pre-copy", ...limits);
  expect(asked).toEqual(["A", { mode: "pre-copy", maxDowntimeMs: 1_800_000, onOverrun: "continue" }]);
  expect(text).toContain("the whole database, cold");
  expect(text).toMatch(/consistent +at SCN \d+, without logs/);
});

test("backup cold --plan never runs the backup", async () => {
  const { run } = rig({ planCold: async () => ({ ok: true, lines: [line], warnings: [] }) });
  const { data } = await run("backup", "cold", "A", "--plan");
  expect(data).toEqual({ database: "A", steps: [line], warnings: [] });
});

test("a refused backup gives all refusals, and nothing stays open", async () => {
  const { around, open } = rig({ backupHot: async () => ({ ok: false, refusals: [refusal, refusal] }) });
  const { result } = await runProgram(["backup", "hot", "A"], around);
  expect(result).toEqual({ ok: false, refusals: [refusal, refusal] });
  expect(open).toEqual({ states: 0, worlds: 0 });
});

test("a failed backup closes its world and its state", async () => {
  const failure = new UmbraError("UMB-1001", { what: "x" });
  const { around, open } = rig({ backupHot: () => Promise.reject(failure) });
  await expect(runProgram(["backup", "hot", "A"], around)).rejects.toBe(failure);
  expect(open).toEqual({ states: 0, worlds: 0 });
});

test("reconcile goes on with the next database where one fails, and says that some failed", async () => {
  const { run } = rig({
    reconcile: async ({ database }) => {
      if (database.name === "A") throw new UmbraError("UMB-2105", { variable: "PW" });
      return { ok: true, lines: [line], warnings: [] };
    },
  });
  const { text, exit } = await run("reconcile");
  expect(exit).toBe(4);
  expect(text).toContain("A: failed\numbra: UMB-2105");
  expect(text).toContain("B: put right\n  end backup of tablespace USERS");
});

test("reconcile does not wait for one database before it puts the next right, and tells them in the configured order", async () => {
  const second = Promise.withResolvers<void>();
  const { run } = rig({
    reconcile: async ({ database }) => {
      // A STARTUP that lasts until B has its END BACKUP.
      if (database.name === "A") await second.promise;
      second.resolve();
      return { ok: true, lines: [line], warnings: [] };
    },
  });
  const { text } = await run("reconcile");
  expect(text).toMatch(/^A: put right[\s\S]*\nB: put right/u);
});

test("reconcile of one database exits as its failure does, and 0 where there is nothing to do", async () => {
  const failing = rig({ reconcile: () => Promise.reject(new UmbraError("UMB-2105", { variable: "PW" })) });
  expect((await failing.run("reconcile", "A")).exit).toBe(2);
  const idle = rig({ reconcile: async () => ({ ok: true, lines: [], warnings: [] }) });
  expect(await idle.run("reconcile", "A")).toMatchObject({ exit: 0, text: "A: nothing to put right" });
});

test("verify tells what is damaged and exits with 9", async () => {
  const problems = [{ path: "data/7.dbf", problem: "block 12: checksum" }];
  const { run } = rig({ verifyBackup: async () => ({ files: 3, bytes: 2048, problems }) });
  expect(await run("verify", "run-1")).toMatchObject({
    exit: 9,
    text: "data/7.dbf: block 12: checksum\nrun-1 is damaged, 1 problem: 3 files, 2.00 KiB read",
  });
});

test("a backup that is not in the catalog is refused with the name that was meant", async () => {
  const { run } = rig({});
  await expect(run("verify", "run-2")).rejects.toThrow('no backup is called run-2; did you mean "run-1"?');
});

test("catalog rebuild says which directories are no backups", async () => {
  const { run } = rig({
    rebuildCatalog: async ({ database }) => ({
      found: database.name === "A" ? [backup] : [],
      unusable: database.name === "A" ? [] : [{ path: "/backup/B/hot/x", problem: "no manifest" }],
    }),
  });
  const { text, exit } = await run("catalog", "rebuild");
  expect(text).toBe(
    "A: 1 backup in the catalog\nB: 0 backups in the catalog\n  /backup/B/hot/x: no manifest",
  );
  expect(exit).toBe(9);
});
