import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";
import { type ScratchDirectory, scratchDirectory } from "../../rigs/scratch-directory.ts";

const PATIENCE = { timeout: 20_000, interval: 10 };

let home: ScratchDirectory;
let user: DatabaseUser;
beforeEach(async () => {
  home = scratchDirectory(tmpdir());
  const oracleHome = join(home.path, "home");
  user = await databaseUser({ oracleHome });
  user.configure({
    service: user.program.ready.adminService,
    more: [
      "    instance: { by: sqlplus, oracle-home: ORACLE_HOME, sid: ORCL }",
      "    cold: { mode: plain }",
      "    deadlines: { startup: 30s, connect: 5s }",
    ]
      .join("\n")
      .replace("ORACLE_HOME", oracleHome),
  });
});
afterEach(async () => {
  await user[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

const runDirectories = () => {
  const cold = join(user.area, "cold");
  return existsSync(cold) ? readdirSync(cold) : [];
};

/** Killed in the middle of the downtime, while STARTUP was on its way or before it. */
async function killedWhileDown(): Promise<void> {
  const { control } = user.program;
  await control.plant({ fault: { kind: "hang", at: "start" } });
  const umbra = user.start("backup", "cold", "PROD1");
  await vi.waitUntil(async () => (await control.status(null)).hanging.includes("start"), PATIENCE);
  umbra.kill("SIGKILL");
  await umbra.ended;
}

test("umbra killed while the database is down: reconcile plans its startup, performs it, and half a backup goes", async () => {
  await killedWhileDown();
  expect(user.program.instance.state).toBe("IDLE");
  expect(runDirectories()).toHaveLength(1);
  const refused = await user.umbra("backup", "hot", "PROD1");
  expect(refused).toMatchObject({ status: 8, stderr: expect.stringContaining("UMB-8002") });
  expect(await user.succeed("reconcile", "--plan")).toContain(
    "start the database (it is down): open READ WRITE",
  );
  await user.program.control.lift({});
  expect(await user.succeed("reconcile")).toMatch(/^PROD1: put right$/mu);
  expect(user.program.instance.openMode).toBe("READ WRITE");
  expect(runDirectories()).toEqual([]);
  expect(await user.succeed("reconcile")).toBe("PROD1: nothing to put right\n");
}, 60_000);

test("a database that does not come up is status 10, until the cause is gone", async () => {
  await killedWhileDown();
  const { control } = user.program;
  await control.plant({ fault: { kind: "fail", at: "mount", code: 205 } });
  await control.lift({ at: "start" });
  const { status, stdout } = await user.umbra("reconcile");
  expect(status).toBe(10);
  expect(stdout).toMatch(/UMB-10002: PROD1 is not mounted: .*ORA-00205.*by hand: ALTER DATABASE MOUNT/u);
  await control.lift({});
  expect(await user.succeed("reconcile")).toMatch(/^PROD1: put right$/mu);
  expect(user.program.instance.openMode).toBe("READ WRITE");
}, 60_000);
