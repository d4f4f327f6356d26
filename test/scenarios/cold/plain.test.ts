import { join } from "node:path";

import { expect, test } from "vitest";

import { compareWithDatabase } from "../../../simulator/workload/compare.ts";
import { instanceReader } from "../../../simulator/workload/readers.ts";
import { createWorkload } from "../../../simulator/workload/workload.ts";
import { backupCold } from "../../../src/run/backup-cold.ts";
import { verifyBackup } from "../../../src/run/verify-backup.ts";
import { coldManifestOf, restoredColdDatabase } from "../../rigs/restored-cold-database.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

test("a cold backup is made and proved, and the database is open as before", async () => {
  await using rig = await simulatedWorld();
  const made = await backupCold(rig.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  const { cold, datafiles } = coldManifestOf(made.backup.directory);
  expect(new Set(datafiles.map((file) => file.checkpointScn))).toEqual(new Set([cold.checkpointScn]));
  expect(cold.proof).toMatchObject({ headersOnDisk: datafiles.length, headersInMount: datafiles.length });
  expect(rig.instance.openMode).toBe("READ WRITE");
  const { state, database } = rig.world;
  expect(await state.startups.pending(database.name)).toEqual([]);
  expect(await state.journal.openRuns(database.name)).toEqual([]);
  expect((await verifyBackup(rig.world, made.backup.id)).problems).toEqual([]);
});

for (const archive of [true, false]) {
  for (const cdb of [false, true]) {
    const what = `${archive ? "ARCHIVELOG" : "NOARCHIVELOG"} ${cdb ? "with containers" : "without containers"}`;
    test(`a restored cold backup opens without recovery and holds what was committed (${what})`, async () => {
      await using rig = await simulatedWorld({
        database: { cdb, pdbs: cdb ? ["SALES"] : [], archivelog: archive },
      });
      const workload = await createWorkload({ instance: rig.instance, seed: 1, tables: 2, initialRows: 8 });
      for (let step = 0; step < 30; step += 1) await workload.step();
      const made = await backupCold(rig.world);
      if (!made.ok) throw new Error(JSON.stringify(made.refusals));
      const { cold, onlineRedo } = coldManifestOf(made.backup.directory);
      expect(onlineRedo.length > 0).toBe(!archive);
      const restored = await restoredColdDatabase(made.backup.directory, join(rig.directory, "restored"));
      await using _closed = restored;
      const committed = workload.history.stateAt(BigInt(cold.checkpointScn));
      const found = await compareWithDatabase(committed, instanceReader(restored.instance));
      expect(found).toMatchObject({ rowsDifferent: 0, differences: [] });
      expect(found.rowsCompared).toBeGreaterThan(0);
    });
  }
}
