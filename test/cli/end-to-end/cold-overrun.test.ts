import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { type ColdUser, coldUser } from "../../rigs/cold-user.ts";
import type { DatabaseUser } from "../../rigs/database-user.ts";
import type { Ended } from "../../rigs/umbra-process.ts";

const LIMIT_MS = 1_000;
const PATIENCE = { timeout: 20_000, interval: 10 };

let cold: ColdUser;
let user: DatabaseUser;
beforeEach(async () => {
  cold = await coldUser();
  cold.configure({ deadlines: "{ startup: 10s, connect: 5s }" });
  ({ user } = cold);
});
afterEach(() => cold[Symbol.asyncDispose]());

/** SHUTDOWN alone takes longer than the database may be down. */
async function overrun(policy: string): Promise<Ended> {
  const { reached } = await cold.plantHang("shutdown");
  const umbra = user.start("backup", "cold", "PROD1", "--max-downtime", "1s", "--on-overrun", policy);
  await reached();
  const since = performance.now();
  await vi.waitUntil(() => performance.now() - since > LIMIT_MS, PATIENCE);
  await user.program.control.lift({});
  return await umbra.ended;
}

test("down for longer than allowed, with stop-copy: no backup, the database is open, status 5", async () => {
  const { status, stderr } = await overrun("stop-copy");
  expect(stderr).toMatch(/UMB-5401/u);
  expect(status).toBe(5);
  expect(user.program.instance.openMode).toBe("READ WRITE");
  expect(cold.backups()).toEqual([]);
  expect(await user.succeed("list")).toBe("There is no backup in the catalog.\n");
  expect(await user.succeed("reconcile")).toBe("PROD1: nothing to put right\n");
}, 60_000);

test("down for longer than allowed, with continue: the backup is made, and the limit is told", async () => {
  const { status, stderr } = await overrun("continue");
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(stderr).toMatch(/has been down for 1(\.0)? s, the limit, and the copies go on/u);
  expect(user.program.instance.openMode).toBe("READ WRITE");
  expect(cold.backups()).toHaveLength(1);
  expect(await user.succeed("verify", String(cold.backups()[0]))).toMatch(/is good/u);
}, 60_000);

test("a STARTUP that fails for good is status 10, and tells first of all what to do by hand", async () => {
  const { control } = user.program;
  await control.plant({ fault: { kind: "fail", at: "start", code: 27_102 } });
  const { status, stderr } = await user.umbra("backup", "cold", "PROD1");
  expect(status).toBe(10);
  expect(stderr).toMatch(/UMB-10002: PROD1 is down: .*ORA-27102.*by hand: STARTUP/su);
  expect((await user.umbra("backup", "cold", "PROD1")).status).toBe(8);
  await control.lift({});
  expect(await user.succeed("reconcile")).toMatch(/^PROD1: put right$/mu);
  expect(user.program.instance.openMode).toBe("READ WRITE");
  expect(cold.backups()).toEqual([]);
}, 60_000);
