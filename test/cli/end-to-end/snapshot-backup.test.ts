import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";

let user: DatabaseUser;
const snapshots = () => join(user.directory, "snapshots");

beforeAll(async () => {
  user = await databaseUser();
});
afterAll(async () => await user[Symbol.asyncDispose]());

/** Beside the backup storage the one on which the database lies. */
function configure(): void {
  user.configure();
  mkdirSync(snapshots(), { recursive: true });
  const san = `  san: { path: ${join(user.directory, "prod")}, snapshots: { kind: reflink, directory: ${snapshots()} } }`;
  const text = readFileSync(user.config, "utf8").replace("storages:\n", `storages:\n${san}\n`);
  writeFileSync(user.config, text);
}

test("without a storage that takes snapshots the backup is refused, and says what to configure", async () => {
  user.configure();
  const { status, stderr } = await user.umbra("backup", "snapshot", "PROD1");
  expect(status).toBe(3);
  expect(stderr).toContain("UMB-3151");
  expect(stderr).toContain("`snapshots:`");
});

test("a backup by snapshots is planned, made, listed, shown, verified and covered", async () => {
  configure();
  const planned = await user.succeed("backup", "snapshot", "PROD1", "--plan");
  expect(planned).toMatch(
    /alter database begin backup[^]*take the snapshot umbra-[^]*alter database end backup/u,
  );
  expect(readdirSync(snapshots())).toEqual([]);

  const options = ["--suspend", "--verify"];
  const { backup } = await user.object<{ backup: { id: string } }>("backup", "snapshot", "PROD1", ...options);
  expect(readdirSync(snapshots())).toEqual([expect.stringContaining(backup.id)]);
  expect(user.inBackupMode()).toEqual([]);
  expect(user.program.instance.suspended).toBe(false);
  expect(await user.succeed("list")).toContain("in snapshots of its own storage");
  expect(await user.succeed("show", backup.id)).toContain(backup.id);
  expect(await user.succeed("verify", backup.id)).toContain("good");
  const report = await user.succeed("coverage", "PROD1");
  expect(report).toContain("SCN");
  expect(await user.succeed("reconcile")).toContain("nothing");
});

test("--snapshot-time on storage that copies file by file is refused, with the rule", async () => {
  configure();
  const { status, stderr } = await user.umbra("backup", "snapshot", "PROD1", "--snapshot-time");
  expect(status).toBe(3);
  expect(stderr).toContain("one after the other");
});
