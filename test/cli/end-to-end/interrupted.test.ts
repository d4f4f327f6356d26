import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";
import type { UmbraProcess } from "../../rigs/umbra-process.ts";

/** A copy of it takes long enough to be interrupted. */
const BIG = 64 * 1_048_576;

const PATIENCE = { timeout: 20_000, interval: 10 };

let user: DatabaseUser;
beforeEach(async () => {
  user = await databaseUser({ cdb: true });
  const file = join(user.directory, "prod", "big.dbf");
  await user.asDba(`create tablespace BIG datafile '${file}' size ${BIG}`, "PDB1");
});
afterEach(async () => await user[Symbol.asyncDispose]());

const ndjson = ["--output", "ndjson"];
const backupOfBig = ["backup", "hot", "PROD1", "--tablespaces", "BIG", ...ndjson];

/** Resolves when bytes of the big file were copied. */
const copying = (umbra: UmbraProcess) => umbra.line((line) => line.includes('"kind":"step-progress"'));

const runDirectories = () => {
  const hot = join(user.area, "hot");
  return existsSync(hot) ? readdirSync(hot) : [];
};

async function expectNextBackupSucceeds(): Promise<void> {
  const { status, stderr } = await user.umbra("backup", "hot", "PROD1");
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(user.inBackupMode()).toEqual([]);
  expect(runDirectories()).toHaveLength(1);
}

describe.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s in the middle of a copy", (signal) => {
  test("ends backup mode, removes the half backup, ends with status 130, and the next backup succeeds", async () => {
    const held = user.holdEndBackup();
    const umbra = user.start(...backupOfBig);
    await copying(umbra);
    expect(user.inBackupMode()).toHaveLength(1);
    umbra.kill(signal);
    held.let();
    const { status, stdout, stderr } = await umbra.ended;
    expect({ status, stderr }).toMatchObject({ status: 130 });
    expect(user.inBackupMode()).toEqual([]);
    expect(runDirectories()).toEqual([]);
    expect(stderr).toContain(`umbra: ${signal}: no new work is begun; ending backup mode where it is on`);
    expect(stderr).toContain(`"code":"UMB-13001","message":"stopped: ${signal}"`);
    expect(stdout).toMatch(/"kind":"run-finished".*"outcome":"interrupted"/);
    expect(stdout).not.toContain("UMB-1001");
    expect(await user.succeed("list")).toBe("There is no backup in the catalog.\n");
    expect(await user.succeed("reconcile")).toBe("PROD1: nothing to put right\n");
    await expectNextBackupSucceeds();
  });
});

test("a second signal says what is still open and does not cut the ending short", async () => {
  const held = user.holdEndBackup();
  const umbra = user.start(...backupOfBig);
  await copying(umbra);
  umbra.kill("SIGINT");
  await vi.waitUntil(() => umbra.stderr.includes("no new work is begun"), PATIENCE);
  umbra.kill("SIGINT");
  await vi.waitUntil(() => umbra.stderr.includes("already stopping"), PATIENCE);
  expect(umbra.stderr).toContain("PROD1: end backup of BIG");
  held.let();
  expect((await umbra.ended).status).toBe(130);
  expect(user.inBackupMode()).toEqual([]);
});

test("a second backup of the same database ends with status 8 and names the first's process", async () => {
  const held = user.holdEndBackup();
  const first = user.start(...backupOfBig);
  await copying(first);
  const { status, stdout, stderr } = await user.umbra("backup", "hot", "PROD1");
  expect({ status, stdout }).toEqual({ status: 8, stdout: "" });
  expect(stderr).toMatch(new RegExp(`UMB-8001: PROD1: run \\S+ is at work \\(process ${first.pid}, since 2`));
  held.let();
  expect((await first.ended).status).toBe(0);
});

test("reconcile leaves a run that is at work alone: it runs every minute beside it", async () => {
  const held = user.holdEndBackup();
  const backup = user.start(...backupOfBig);
  await copying(backup);
  for (const options of [[], ["--plan"]]) {
    const { status, stdout, stderr } = await user.umbra("reconcile", ...options);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      new RegExp(`^PROD1: nothing to put right: run \\S+ is at work \\(process ${backup.pid}, since 2`),
    );
  }
  expect(user.inBackupMode()).toHaveLength(1);
  held.let();
  expect((await backup.ended).status).toBe(0);
});

test("a reader that goes away does not stop the backup", async () => {
  const umbra = user.start(...backupOfBig);
  await copying(umbra);
  umbra.stopReading();
  expect((await umbra.ended).status).toBe(0);
  expect(await user.succeed("list")).toMatch(/-hot-\w+ +PROD1 /);
});

describe("after SIGKILL in the middle of a copy", () => {
  const killed = async (): Promise<string> => {
    const held = user.holdEndBackup();
    const umbra = user.start(...backupOfBig);
    const { run } = JSON.parse(await copying(umbra)) as { run: string };
    umbra.kill("SIGKILL");
    expect((await umbra.ended).signal).toBe("SIGKILL");
    held.lose();
    expect(user.inBackupMode()).toHaveLength(1);
    return run;
  };

  test("the next backup is refused, reconcile is planned and done, and then it succeeds", async () => {
    const run = await killed();
    for (const options of [[], ["--plan"]]) {
      const { status, stdout, stderr } = await user.umbra("backup", "hot", "PROD1", ...options);
      expect({ status, stdout }).toEqual({ status: 8, stdout: "" });
      expect(stderr).toContain(`UMB-8002: PROD1: an interrupted run left its journal open: ${run}`);
      expect(stderr).toContain("to do: run `umbra reconcile`");
    }
    expect(await user.succeed("list")).toBe("There is no backup in the catalog.\n");

    const before = user.untouched();
    const plan = await user.succeed("reconcile", "--plan");
    expect(plan).toContain('SQL in PDB1: alter tablespace "BIG" end backup');
    expect(plan).toContain(join(user.area, "hot", run));
    expect(user.untouched()).toEqual(before);

    const done = await user.succeed("reconcile");
    expect(done).toMatch(/^PROD1: put right$/m);
    expect(user.inBackupMode()).toEqual([]);
    expect(runDirectories()).toEqual([]);
    expect(await user.succeed("list")).toBe("There is no backup in the catalog.\n");
    expect(await user.succeed("reconcile")).toBe("PROD1: nothing to put right\n");
    expect(await user.succeed("show", run)).toContain("interrupted");
    await expectNextBackupSucceeds();
  });

  test("a database that is down keeps what is open: status 8, and reconcile ends it when it is back", async () => {
    const run = await killed();
    await user.program.control.crash(null);
    const { status, stdout } = await user.umbra("reconcile");
    expect(status).toBe(8);
    expect(stdout).toContain("UMB-8005 (rule 58)");
    expect(stdout).toContain(`run ${run} may have left PDB1:BIG in backup mode`);
    await user.program.control.startup({ to: "MOUNT" });
    user.configure({ service: user.program.ready.adminService });
    expect(await user.succeed("reconcile")).toMatch(/^PROD1: put right$/m);
    await user.asDba("alter database open");
    expect(user.inBackupMode()).toEqual([]);
  });

  test("backup mode that somebody else began meanwhile is left to them", async () => {
    await killed();
    await user.asDba('alter tablespace "BIG" end backup', "PDB1");
    await user.asDba('alter tablespace "BIG" begin backup', "PDB1");
    expect((await user.umbra("reconcile")).status).toBe(0);
    expect(user.inBackupMode()).toHaveLength(1);
  });
});
