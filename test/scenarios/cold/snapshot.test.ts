import { join } from "node:path";

import { expect, test } from "vitest";

import { compareWithDatabase } from "../../../simulator/workload/compare.ts";
import { instanceReader } from "../../../simulator/workload/readers.ts";
import { createWorkload, type Workload } from "../../../simulator/workload/workload.ts";
import { backupCold } from "../../../src/run/backup-cold.ts";
import { verifyBackup } from "../../../src/run/verify-backup.ts";
import { copiedPictures } from "../../rigs/copied-pictures.ts";
import { coldManifestOf, restoredColdDatabase } from "../../rigs/restored-cold-database.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

for (const archivelog of [true, false]) {
  test(`files are copied from the picture while the database is open again (${archivelog ? "ARCHIVELOG" : "NOARCHIVELOG"})`, async () => {
    const stage: { workload?: Workload; stepsWhileCopying: number } = { stepsWhileCopying: 0 };
    const picture = copiedPictures();
    await using rig = await simulatedWorld({
      database: { archivelog },
      config: { cold: { mode: "auto" } },
      change: (world) => ({ ...world, picture }),
      whileCopying: async () => {
        if (rig.instance.openMode !== "READ WRITE") return;
        stage.stepsWhileCopying += 1;
        await stage.workload?.step();
      },
    });
    stage.workload = await createWorkload({ instance: rig.instance, seed: 5, tables: 2, initialRows: 8 });
    const made = await backupCold(rig.world);
    if (!made.ok) throw new Error(JSON.stringify(made.refusals));
    const { cold } = coldManifestOf(made.backup.directory);
    expect(cold.mode).toBe("snapshot");
    expect(stage.stepsWhileCopying).toBeGreaterThan(100);
    expect(picture.there).toEqual(new Set());
    expect((await verifyBackup(rig.world, made.backup.id)).problems).toEqual([]);
    await using restored = await restoredColdDatabase(made.backup.directory, join(rig.directory, "restored"));
    const committed = stage.workload.history.stateAt(BigInt(cold.checkpointScn));
    const found = await compareWithDatabase(committed, instanceReader(restored.instance));
    expect(found).toMatchObject({ rowsDifferent: 0, differences: [] });
  });
}
