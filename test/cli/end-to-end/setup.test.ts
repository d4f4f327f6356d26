import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";

let user: DatabaseUser;
beforeEach(async () => {
  user = await databaseUser({ cdb: true });
});
afterEach(async () => await user[Symbol.asyncDispose]());

const live = () => join(user.area, "live");
const logs = () => join(live(), "logs");
const destination = () => user.program.instance.parameters.get("log_archive_dest_10") ?? "";

test("the area and its log destination are planned, made, found made, and taken back", async () => {
  const planned = await user.succeed("setup", "PROD1", "--plan");
  expect(planned).toContain("write the mark that says whose the live area is");
  expect(planned).toContain(`alter system set log_archive_dest_10='LOCATION=${logs()} OPTIONAL`);
  expect([existsSync(live()), destination()]).toEqual([false, ""]);

  const made = await user.succeed("setup", "PROD1");
  expect(made).toContain("set log_archive_dest_10 (not set before)");
  expect(made).not.toContain("umbra logs setup");
  expect(destination()).toContain(`LOCATION=${logs()} `);
  expect(readdirSync(logs())).toHaveLength(1);
  for (const again of [[], ["--plan"]]) {
    expect(await user.succeed("setup", "PROD1", ...again)).toBe("setup of PROD1: nothing to do\n");
  }

  const undo = await user.succeed("setup", "PROD1", "--undo", "--plan");
  expect(undo.indexOf("alter system set log_archive_dest_10=''")).toBeGreaterThan(0);
  expect(undo.indexOf("alter system set")).toBeLessThan(undo.indexOf("remove the mark"));
  expect(destination()).not.toBe("");
  expect(await user.succeed("setup", "PROD1", "--undo")).toContain(`the archived logs in ${logs()} stay`);
  expect(destination()).toBe("");
  expect(readdirSync(live())).toEqual(["logs"]);
});

test("with copies in the area neither is taken back", async () => {
  await user.succeed("setup", "PROD1");
  await user.succeed("baseline", "PROD1");
  const refused = await user.umbra("setup", "PROD1", "--undo");
  expect([refused.status, refused.stderr]).toEqual([3, expect.stringContaining("UMB-3140")]);
  expect(destination()).toContain(logs());
});
