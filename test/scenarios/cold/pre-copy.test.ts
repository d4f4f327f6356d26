import { join } from "node:path";

import { expect, test } from "vitest";

import { compareWithDatabase } from "../../../simulator/workload/compare.ts";
import { instanceReader } from "../../../simulator/workload/readers.ts";
import { createWorkload, type Workload } from "../../../simulator/workload/workload.ts";
import { backupCold } from "../../../src/run/backup-cold.ts";
import { verifyBackup } from "../../../src/run/verify-backup.ts";
import { coldManifestOf, restoredColdDatabase } from "../../rigs/restored-cold-database.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

test("what changed while it was copied open is brought up to date, and the backup opens without recovery", async () => {
  const stage: { workload?: Workload } = {};
  await using rig = await simulatedWorld({
    config: { cold: { mode: "pre-copy" } },
    whileCopying: async () => {
      if (rig.instance.openMode === "READ WRITE") await stage.workload?.step();
    },
  });
  stage.workload = await createWorkload({ instance: rig.instance, seed: 3, tables: 2, initialRows: 8 });
  const made = await backupCold(rig.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  const { cold } = coldManifestOf(made.backup.directory);
  expect(cold.mode).toBe("pre-copy");
  expect((await verifyBackup(rig.world, made.backup.id)).problems).toEqual([]);
  await using restored = await restoredColdDatabase(made.backup.directory, join(rig.directory, "restored"));
  const committed = stage.workload.history.stateAt(BigInt(cold.checkpointScn));
  const found = await compareWithDatabase(committed, instanceReader(restored.instance));
  expect(found).toMatchObject({ rowsDifferent: 0, differences: [] });
});
