import { afterEach, beforeEach, expect, test } from "vitest";

import { type ColdUser, coldUser } from "../../rigs/cold-user.ts";

let cold: ColdUser;
beforeEach(async () => {
  cold = await coldUser();
});
afterEach(() => cold[Symbol.asyncDispose]());

/** Killed in the middle of the downtime, while STARTUP was on its way or before it. */
async function killedWhileDown(): Promise<void> {
  const { reached } = await cold.plantHang("start");
  const umbra = cold.user.start("backup", "cold", "PROD1");
  await reached();
  umbra.kill("SIGKILL");
  await umbra.ended;
}

test("umbra killed while the database is down: reconcile plans its startup, performs it, and half a backup goes", async () => {
  const { user } = cold;
  await killedWhileDown();
  expect(user.program.instance.state).toBe("IDLE");
  expect(cold.backups()).toHaveLength(1);
  const refused = await user.umbra("backup", "hot", "PROD1");
  expect(refused).toMatchObject({ status: 8, stderr: expect.stringContaining("UMB-8002") });
  expect(await user.succeed("reconcile", "--plan")).toContain(
    "start the database (it is down): open READ WRITE",
  );
  await user.program.control.lift({});
  expect(await user.succeed("reconcile")).toMatch(/^PROD1: put right$/mu);
  expect(user.program.instance.openMode).toBe("READ WRITE");
  expect(cold.backups()).toEqual([]);
  expect(await user.succeed("reconcile")).toBe("PROD1: nothing to put right\n");
}, 60_000);

test("a database that does not come up is status 10, until the cause is gone", async () => {
  const { user } = cold;
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
