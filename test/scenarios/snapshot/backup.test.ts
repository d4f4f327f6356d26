import { existsSync } from "node:fs";

import { expect, test } from "vitest";

import { backupSnapshot, planSnapshot } from "../../../src/run/backup-snapshot.ts";
import { coverageReport } from "../../../src/run/coverage.ts";
import { verifyBackup } from "../../../src/run/verify-backup.ts";
import { manifestOf } from "../../rigs/restored-database.ts";
import { runDirectories, snapshotRig, snapshotsOf } from "./rig.ts";
import type { World } from "../../../src/run/world.ts";
import type { SnapshotBackupOptions } from "../../../src/domain/plan.ts";

async function made(world: World, options: SnapshotBackupOptions = {}) {
  const result = await backupSnapshot(world, options);
  if (!result.ok) throw new Error(result.refusals.map(({ seen }) => seen).join("; "));
  const manifest = manifestOf(result.backup.directory);
  if (manifest.kind !== "snapshot") throw new Error(manifest.kind);
  return { backup: result.backup, manifest };
}

test("a backup by snapshots names for each file the snapshot that holds it in backup mode", async () => {
  await using rig = await snapshotRig();
  const { backup, manifest } = await made(rig.world, { verify: true });
  for (const file of manifest.datafiles) {
    expect(file).toMatchObject({ hotBackup: true, mode: "backup-mode", sha256: expect.any(String) });
  }
  expect(manifest.snapshots.map(({ name }) => name)).toEqual(snapshotsOf(rig));
  expect(existsSync(`${backup.directory}/data`)).toBe(false);
  expect(await rig.world.state.snapshotObligations.pending(rig.world.database.name)).toEqual([]);
  expect((await verifyBackup(rig.world, backup.id)).problems).toEqual([]);
  const report = await coverageReport(rig.world);
  expect(report.coverage.flatMap(({ covered }) => covered)).not.toEqual([]);
});

test("a plan asks the storage and changes nothing", async () => {
  await using rig = await snapshotRig();
  expect((await planSnapshot(rig.world)).ok).toBe(true);
  expect(snapshotsOf(rig)).toEqual([]);
  expect(runDirectories(rig)).toEqual([]);
});

test("a snapshot that somebody deleted ends what coverage says and what verify finds good", async () => {
  await using rig = await snapshotRig();
  const { backup, manifest } = await made(rig.world);
  const { storages } = rig.world;
  const call = { deadlineMs: 20_000 };
  const storage = await storages?.open("primary", call);
  const [volume] = await (storage?.locate([manifest.datafiles[0]?.source as never], call) ?? []);
  const [snapshot] = await (storage?.listSnapshots(volume?.volume.id as never, call) ?? []);
  if (snapshot?.tag === undefined) throw new Error("no snapshot of umbra's");
  await storage?.deleteSnapshot({ volume: snapshot.volume, name: snapshot.name, tag: snapshot.tag }, call);
  const report = await coverageReport(rig.world);
  expect(report.coverage.flatMap(({ covered }) => covered)).toEqual([]);
  expect((await verifyBackup(rig.world, backup.id)).problems).toEqual([
    { path: expect.stringContaining(`snapshot ${snapshot.name}`), problem: "it is not there" },
  ]);
});

test("a backup that fails ends backup mode and leaves no snapshot and no directory", async () => {
  await using rig = await snapshotRig({
    storage: (storage) => ({
      ...storage,
      createSnapshot: async (request, limits) => {
        await storage.createSnapshot(request, limits);
        throw new Error("the storage's answer was lost");
      },
    }),
  });
  await expect(backupSnapshot(rig.world)).rejects.toThrow("answer was lost");
  expect(snapshotsOf(rig)).toEqual([]);
  expect(runDirectories(rig)).toEqual([]);
  const { obligations, snapshotObligations, journal } = rig.world.state;
  const { name } = rig.world.database;
  expect(await obligations.pending(name)).toEqual([]);
  expect(await journal.openRuns(name)).toEqual([]);
  // Its answer never came: it is looked for again, because a storage may take it late.
  expect(await snapshotObligations.pending(name)).toMatchObject([{ kind: "delete-snapshots" }]);
});
