import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { backupCold } from "../../src/run/backup-cold.ts";
import { reconcile } from "../../src/run/reconcile.ts";
import { verifyBackup } from "../../src/run/verify-backup.ts";
import { faultyWorld } from "../fakes/faulty-world.ts";
import { hurried, owed } from "../rigs/owed-startup.ts";
import { type SimulatedWorld, simulatedWorld } from "../rigs/simulated-world.ts";

/** Behind the manifest a death costs nothing: the last effects of a run were seen when so many backups are there. */
const ENOUGH_BACKUPS = 4;

const backupDirectories = ({ world }: SimulatedWorld) => {
  const area = join(world.database.backupArea, "cold");
  return existsSync(area) ? readdirSync(area) : [];
};

/** Whatever the run had done: the database is as it was, and only whole backups count. */
async function expectPutRight(rig: SimulatedWorld): Promise<void> {
  const { world, instance } = rig;
  const { name } = world.database;
  await reconcile(world, { planOnly: false });
  expect(instance).toMatchObject({ openMode: "READ WRITE", restricted: false });
  expect(await owed(rig)).toEqual([]);
  expect(await world.state.journal.openRuns(name)).toEqual([]);
  const catalogued = (await world.state.catalog.list(name)).map((entry) => entry.id);
  expect(backupDirectories(rig).toSorted()).toEqual(catalogued.toSorted());
}

test("umbra killed before any effect of a cold backup: reconcile brings the database back, and no half backup counts", async () => {
  await using rig = await simulatedWorld({ change: hurried, database: { totalBytes: 3_000_000 } });
  const { world } = rig;
  const backups = () => world.state.catalog.list(world.database.name);
  const seen = { up: 0, down: 0, mounted: 0 };
  for (let at = 1; (await backups()).length < ENOUGH_BACKUPS; at += 1) {
    const faulty = faultyWorld(world, { at, when: "before", how: "dead" });
    await backupCold(faulty.world).catch(() => undefined);
    seen[rig.instance.state === "IDLE" ? "down" : rig.instance.state === "MOUNT" ? "mounted" : "up"] += 1;
    await expectPutRight(rig);
  }
  expect(seen.up).toBeGreaterThan(20);
  expect(seen.down).toBeGreaterThan(20);
  expect(seen.mounted).toBeGreaterThan(5);
  for (const { id } of await backups()) expect((await verifyBackup(world, id)).problems).toEqual([]);
}, 180_000);
