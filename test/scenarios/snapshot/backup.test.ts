import { existsSync } from "node:fs";
import { dirname } from "node:path";

import { expect, test } from "vitest";

import { backupSnapshot } from "../../../src/run/backup-snapshot.ts";
import { coverageReport } from "../../../src/run/coverage.ts";
import { verifyBackup } from "../../../src/run/verify-backup.ts";
import { manifestOf } from "../../rigs/restored-database.ts";
import { reflinkStorages } from "../../rigs/reflink-storages.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

test("a backup by snapshots names for each file the snapshot that holds it in backup mode", async () => {
  await using rig = await simulatedWorld({
    database: { totalBytes: 3_000_000 },
    change: (world) => ({
      ...world,
      storages: reflinkStorages({ directory: dirname(dirname(world.state.path)), host: world.databaseHost }),
    }),
  });
  const made = await backupSnapshot(rig.world, { verify: true });
  if (!made.ok) throw new Error(made.refusals.map(({ seen }) => seen).join("; "));
  const manifest = manifestOf(made.backup.directory);
  if (manifest.kind !== "snapshot") throw new Error(manifest.kind);
  expect(manifest.datafiles.map(({ hotBackup, mode }) => ({ hotBackup, mode }))).toEqual(
    manifest.datafiles.map(() => ({ hotBackup: true, mode: "backup-mode" })),
  );
  expect(manifest.snapshots).toHaveLength(1);
  expect(existsSync(`${made.backup.directory}/data`)).toBe(false);
  expect(await rig.world.state.snapshotObligations.pending(rig.world.database.name)).toEqual([]);
  expect((await verifyBackup(rig.world, made.backup.id)).problems).toEqual([]);
  const report = await coverageReport(rig.world);
  expect(report.coverage.flatMap(({ covered }) => covered)).not.toEqual([]);
});
