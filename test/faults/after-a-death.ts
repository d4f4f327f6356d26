import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { expect } from "vitest";

import { backupHot } from "../../src/run/backup-hot.ts";
import { reconcile } from "../../src/run/reconcile.ts";
import { verifyBackup } from "../../src/run/verify-backup.ts";
import type { SimulatedWorld } from "../rigs/simulated-world.ts";

/** What must hold after reconcile, wherever the agent died. */
export async function expectPutRight(rig: SimulatedWorld): Promise<void> {
  const { world, instance } = rig;
  const { name } = world.database;
  await reconcile(world, { planOnly: false });
  expect(instance.openMode).toBe("READ WRITE");
  expect(activeFiles(rig)).toEqual([]);
  expect(await world.state.obligations.pending(name)).toEqual([]);
  expect(await world.state.journal.openRuns(name)).toEqual([]);
  const catalogued = await world.state.catalog.list(name);
  expect(backupDirectories(rig).toSorted()).toEqual(catalogued.map((entry) => entry.id).toSorted());
  for (const entry of catalogued) expect((await verifyBackup(world, entry.id)).problems).toEqual([]);
}

/** The next backup succeeds; it and earlier ones are then removed, so that the next case begins alike. */
export async function expectNextBackup({ world }: SimulatedWorld): Promise<void> {
  const made = await backupHot(world, {});
  expect(made.ok).toBe(true);
}

export function activeFiles({ instance }: SimulatedWorld): readonly number[] {
  const files = instance.controlFile?.datafiles ?? [];
  return files.filter((file) => instance.backupMode(file).status === "ACTIVE").map((file) => file.file);
}

function backupDirectories({ world }: SimulatedWorld): readonly string[] {
  const area = join(world.database.backupArea, "hot");
  return existsSync(area) ? readdirSync(area) : [];
}
