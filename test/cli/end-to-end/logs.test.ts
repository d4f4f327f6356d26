import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";

let user: DatabaseUser;
beforeEach(async () => {
  user = await databaseUser({ cdb: true });
});
afterEach(async () => await user[Symbol.asyncDispose]());

test("a log destination is planned, set up, verified, filled again, guarded and undone", async () => {
  const { instance } = user.program;
  const logs = join(user.area, "live", "logs");
  const refused = await user.umbra("logs", "verify", "PROD1");
  expect(refused.status).toBe(3);
  expect(refused.stderr).toContain("umbra logs setup");

  const planned = await user.succeed("logs", "setup", "PROD1", "--plan");
  expect(planned).toContain(`alter system set log_archive_dest_10='LOCATION=${logs} OPTIONAL REOPEN=60`);
  expect(instance.parameters.get("log_archive_dest_10")).toBeUndefined();

  expect(await user.succeed("logs", "setup", "PROD1")).toContain(`logs arrive in ${logs}`);
  expect(await user.succeed("logs", "setup", "PROD1")).toContain("nothing to do");
  await instance.archiveLogCurrent();
  expect(await user.succeed("logs", "verify", "PROD1", "--deep")).toMatch(/good\n2 logs: 2 good$/mu);

  const [first = ""] = readdirSync(logs);
  rmSync(join(logs, first));
  const report = await user.umbra("logs", "verify", "PROD1");
  expect(report).toMatchObject({ status: 0, stdout: expect.stringContaining("1 good, 1 delayed") as string });
  expect(await user.succeed("logs", "backfill", "PROD1", "--plan")).toContain(`→ ${join(logs, first)}`);
  expect(await user.succeed("logs", "backfill", "PROD1")).toContain("1 log copied");
  const whole = await user.object<{ logs: { class: string }[] }>("logs", "verify", "PROD1");
  expect(whole.logs.map((log) => log.class)).toEqual(["good", "good"]);

  expect(await user.succeed("logs", "guard", "PROD1")).toContain("nothing to do");
  await instance.setParameter("log_archive_dest_state_10", "DEFER", "BOTH");
  const guarded = await user.umbra("logs", "guard", "PROD1");
  expect(guarded).toMatchObject({ status: 6, stdout: expect.stringContaining("by somebody else") as string });
  await instance.setParameter("log_archive_dest_state_10", "ENABLE", "BOTH");

  expect(await user.succeed("logs", "setup", "PROD1", "--undo")).toContain("undone");
  expect(instance.parameters.get("log_archive_dest_10") ?? "").toBe("");
});

test("a lost log is an exit status of its own", async () => {
  await user.succeed("logs", "setup", "PROD1");
  const { instance } = user.program;
  for (let left = 2; left > 0; left -= 1) await instance.archiveLogCurrent();
  const rows = instance.controlFile?.archivedLogs ?? [];
  const middle = rows.filter((row) => row.destId === 10).at(-2);
  for (const row of rows) if (row.sequence === middle?.sequence) rmSync(row.name ?? "", { force: true });
  const { status, stdout } = await user.umbra("logs", "verify", "PROD1");
  expect({ status, lost: stdout.includes("1 lost") }).toEqual({ status: 9, lost: true });
  await user.succeed("logs", "setup", "PROD1", "--undo");
});
