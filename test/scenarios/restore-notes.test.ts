import { join } from "node:path";

import { expect, test } from "vitest";

import { compareWithDatabase } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import { createWorkload } from "../../simulator/workload/workload.ts";
import { backupCold } from "../../src/run/backup-cold.ts";
import { backupHot } from "../../src/run/backup-hot.ts";
import { backupRefresh, baseline } from "../../src/run/backup-refresh.ts";
import { backupSnapshot } from "../../src/run/backup-snapshot.ts";
import { verifyBackup } from "../../src/run/verify-backup.ts";
import type { World } from "../../src/run/world.ts";
import type { StorageAdapter } from "../../storage-adapters/contract.ts";
import { restoredByNotes } from "../rigs/restored-by-notes.ts";
import { manifestOf } from "../rigs/restored-database.ts";
import { simulatedWorld } from "../rigs/simulated-world.ts";
import { snapshotRig } from "./snapshot/rig.ts";

type Outcome = Awaited<ReturnType<typeof backupHot>>;

const kinds: Readonly<Record<string, (world: World) => Promise<Outcome>>> = {
  hot: backupHot,
  cold: backupCold,
  live: async (world) => {
    await baseline(world);
    return await backupRefresh(world);
  },
  "by snapshots": (world) => backupSnapshot(world),
  "by snapshots without backup mode": (world) => backupSnapshot(world, { snapshotTime: true }),
};

/** Nothing is written while it copies file after file, so that it is as one moment. */
const atOneMoment = (storage: StorageAdapter): StorageAdapter => ({
  ...storage,
  describe: async (...call) => ({ ...(await storage.describe(...call)), atomic: true, instant: true }),
});

test.for(Object.entries(kinds))(
  "who has a backup (%s) and does what its RESTORE.md says has what was committed",
  async ([, make]) => {
    await using rig = await snapshotRig({ storage: atOneMoment });
    const workload = await createWorkload({ instance: rig.instance, seed: 5, tables: 1, initialRows: 6 });
    for (let i = 0; i < 20; i += 1) await workload.step();
    const outcome = await make(rig.world);
    if (!outcome.ok) throw new Error(outcome.refusals.map((one) => one.seen).join("; "));
    const { directory, id } = outcome.backup;
    expect((await verifyBackup(rig.world, id)).problems).toEqual([]);
    const { scns, restoreNotes } = manifestOf(directory);
    expect(restoreNotes).toMatchObject({ name: "RESTORE.md" });
    for (let i = 0; i < 5; i += 1) await workload.step();
    await using restored = await restoredByNotes(directory, join(rig.directory, "restored"));
    const expected = workload.history.stateAt(BigInt(scns.recoverableTo) - 1n);
    const compared = await compareWithDatabase(expected, instanceReader(restored.instance));
    expect(compared).toMatchObject({ rowsDifferent: 0 });
    expect(compared.rowsCompared).toBeGreaterThan(0);
  },
);

test("the notes of a database with containers open all of them", async () => {
  await using rig = await simulatedWorld({
    database: { totalBytes: 3_000_000, cdb: true, pdbs: ["SALES"] },
  });
  const outcome = await backupHot(rig.world);
  if (!outcome.ok) throw new Error(outcome.refusals.map((one) => one.seen).join("; "));
  await using restored = await restoredByNotes(outcome.backup.directory, join(rig.directory, "restored"));
  const modes = (restored.instance.controlFile?.containers ?? []).map(({ name, conId }) => [
    name,
    restored.instance.pdbOpenMode(conId),
  ]);
  expect(modes).toContainEqual(["SALES", "READ WRITE"]);
});

test("the script of the notes ends before anything is recovered where a name of the first database is left", async () => {
  await using rig = await snapshotRig();
  const outcome = await backupHot(rig.world);
  if (!outcome.ok) throw new Error(outcome.refusals.map((one) => one.seen).join("; "));
  const { directory } = outcome.backup;
  const forgetting = (script: string) => script.replace(/^ALTER DATABASE RENAME FILE .*redo_1_1.*\n/m, "");
  const restored = restoredByNotes(directory, join(rig.directory, "restored"), forgetting);
  await expect(restored).rejects.toThrow("ORA-01476");
});
