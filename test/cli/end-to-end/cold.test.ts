import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import type { CatalogEntry } from "../../../src/domain/journal.ts";
import { type ColdUser, coldUser } from "../../rigs/cold-user.ts";
import type { DatabaseUser } from "../../rigs/database-user.ts";
import { coldManifestOf, restoredColdDatabase } from "../../rigs/restored-cold-database.ts";

let cold: ColdUser;
let user: DatabaseUser;
beforeAll(async () => {
  cold = await coldUser({ cdb: true });
  ({ user } = cold);
});
beforeEach(() =>
  cold.configure({ cold: "{ mode: plain, max-downtime: 10m }", deadlines: "{ startup: 60s }" }),
);
afterAll(() => cold[Symbol.asyncDispose]());

const openModes = () => user.program.instance.openMode;

test("--plan tells the steps in their order and changes nothing", async () => {
  const before = readdirSync(user.storage);
  const startedAt = user.program.instance.startedAt;
  const text = await user.succeed("backup", "cold", "PROD1", "--plan");
  const order = [
    "shut the database down (immediate)",
    "prove from their headers",
    "copy datafile 1 of",
    "open it as it was",
  ];
  const places = order.map((title) => text.indexOf(title));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(text).toMatch(
    /^Downtime: SHUTDOWN, copying \S+ MiB takes .*, STARTUP; .*10m00s are allowed, and the copies are stopped then\.$/m,
  );
  expect(user.program.instance.startedAt).toBe(startedAt);
  expect(readdirSync(user.storage)).toEqual(before);
});

test("a cold backup is made, listed, verified, found again, and restored without recovery", async () => {
  const { backup } = await user.object<{ backup: CatalogEntry }>("backup", "cold", "PROD1");
  expect(openModes()).toBe("READ WRITE");
  expect(coldManifestOf(backup.directory).cold).toMatchObject({ mode: "plain", consistent: true });
  expect(backup.cold).toMatchObject({ mode: "plain" });
  expect(await user.succeed("show", backup.id)).toMatch(
    /^downtime +\d.* from SHUTDOWN to the database as it was, in mode plain$/m,
  );
  const planned = await user.succeed("backup", "cold", "PROD1", "--plan");
  expect(planned).toMatch(/^Downtime: .*; the last cold backup in mode plain took \d/m);
  expect(await user.succeed("list")).toMatch(new RegExp(`^${backup.id} .* database, cold `, "m"));
  expect(await user.succeed("show", backup.id)).toMatch(/consistent +at SCN \d+, without logs/);
  expect(await user.succeed("verify", backup.id)).toMatch(/is good/);
  rmSync(user.state, { recursive: true });
  await user.succeed("catalog", "rebuild");
  const { backups } = await user.object<{ backups: readonly CatalogEntry[] }>("list");
  expect(backups).toContainEqual(expect.objectContaining({ id: backup.id, kind: "cold", cold: backup.cold }));
  await using restored = await restoredColdDatabase(backup.directory, join(user.directory, "restored"));
  expect(restored.instance.openMode).toBe("READ WRITE");
});

test("mode pre-copy is made with the engine's threads too", async () => {
  const { backup } = await user.object<{ backup: CatalogEntry }>(
    "backup",
    "cold",
    "PROD1",
    "--mode",
    "pre-copy",
  );
  expect(coldManifestOf(backup.directory).cold.mode).toBe("pre-copy");
  expect(await user.succeed("verify", backup.id)).toMatch(/is good/);
});

test("a database without a way to its instance is refused with all reasons, and stays up", async () => {
  user.configure({ service: user.program.ready.adminService });
  const { status, stderr } = await user.umbra("backup", "cold", "PROD1", "--mode", "plain");
  expect(status).toBe(3);
  expect(stderr).toMatch(/UMB-3120: the configuration names no way to stop and start the instance/);
  expect(openModes()).toBe("READ WRITE");
});
