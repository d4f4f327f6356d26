import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { afterAll, describe, expect, test, type TestContext } from "vitest";

import { startDatabase } from "../../simulator/instance/start-database.ts";
import { compareWithDatabase } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import { createWorkload, type Workload } from "../../simulator/workload/workload.ts";
import type { FilePath } from "../../src/domain/names.ts";
import type { SnapshotBackupOptions } from "../../src/domain/plan.ts";
import type { Storages } from "../../src/run/storages.ts";
import { backupSnapshot } from "../../src/run/backup-snapshot.ts";
import { verifyBackup } from "../../src/run/verify-backup.ts";
import { openStorage } from "../../storage-adapters/registry.ts";
import { type BtrfsVolume, btrfsVolume } from "../rigs/btrfs-volume.ts";
import { manifestOf, restoredDatabase } from "../rigs/restored-database.ts";
import { simulatedWorld, type SimulatedWorld } from "../rigs/simulated-world.ts";

describe("a database on a real btrfs", () => {
  let volume: BtrfsVolume | undefined;
  let made = 0;
  afterAll(async () => await volume?.[Symbol.asyncDispose]());

  /** Its files on two subvolumes, which btrfs cannot take at one moment. */
  async function rig(
    context: TestContext,
    tops: number,
  ): Promise<SimulatedWorld & { readonly workload: Workload }> {
    volume ??= btrfsVolume(context);
    const [first, second] = [volume.subvolume(`db${++made}`), volume.subvolume(`more${made}`)];
    const top = dirname(first) as FilePath;
    const world = await simulatedWorld({
      start: async (_base, faults) =>
        await startDatabase({
          name: "ORCL",
          now: () => new Date(),
          totalBytes: 3_000_000,
          faults,
          base: first,
        }),
      change: (plain) => {
        const storages: Storages = {
          agent: "test",
          primary: [{ name: "pool", path: top }],
          open: async (name, call) => await openStorage(name, { kind: "btrfs" }, plain.databaseHost, call),
        };
        return { ...plain, storages };
      },
    });
    if (tops > 1) {
      const file = { path: `${second}/more.dbf`, bytes: 262_144, reuse: false, autoextend: null };
      await world.instance.addFile(0, "USERS", file, "DATAFILE");
    }
    const workload = await createWorkload({
      instance: world.instance,
      seed: made,
      tables: 2,
      initialRows: 8,
    });
    for (let i = 0; i < 20; i += 1) await workload.step();
    // Nothing of it stays open: the volume is unmounted.
    const dispose = async () => {
      await world.engine.shutdown("IMMEDIATE");
      await world[Symbol.asyncDispose]();
    };
    return { ...world, workload, [Symbol.asyncDispose]: dispose };
  }

  /** Takes a backup, writes on, and restores what was committed between them. */
  async function restoredAsCommitted(
    on: SimulatedWorld & { readonly workload: Workload },
    options: SnapshotBackupOptions,
  ) {
    const result = await backupSnapshot(on.world, options);
    if (!result.ok) throw new Error(result.refusals.map(({ seen }) => seen).join("; "));
    const { directory, id } = result.backup;
    const manifest = manifestOf(directory);
    if (manifest.kind !== "snapshot") throw new Error(manifest.kind);
    for (let i = 0; i < 10; i += 1) await on.workload.step();
    expect((await verifyBackup(on.world, id)).problems).toEqual([]);
    const taken = new Map<number, string>();
    for (const { file, volume: top, snapshot, inside, name } of manifest.datafiles) {
      const target = join(on.directory, "taken", name);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(join(top, ".umbra-snapshots", snapshot, inside), target);
      taken.set(file, target);
    }
    const scn = BigInt(manifest.scns.recoverableTo);
    const copyOf = (file: number) => taken.get(file) ?? "";
    const base = join(on.directory, "restored");
    await using restored = await restoredDatabase({ directory, manifest, copyOf }, base, scn);
    const committed = on.workload.history.stateAt(scn - 1n);
    return { manifest, comparison: await compareWithDatabase(committed, instanceReader(restored.instance)) };
  }

  test("backup mode spans snapshots of two subvolumes, and what is restored was committed", async (context) => {
    await using on = await rig(context, 2);
    const { manifest, comparison } = await restoredAsCommitted(on, {});
    expect(manifest.snapshots).toHaveLength(2);
    expect(comparison.differences).toEqual([]);
    expect(comparison.rowsCompared).toBeGreaterThan(0);
  });

  test("without backup mode: one moment, and the time that a recovery is told", async (context) => {
    await using on = await rig(context, 1);
    // It writes blocks in two halves, and no array would take one of them: nothing is being written at that moment.
    await on.instance.checkpoint();
    const { manifest, comparison } = await restoredAsCommitted(on, { snapshotTime: true, verify: true });
    expect(manifest.snapshots).toHaveLength(1);
    expect(manifest.datafiles.map(({ hotBackup }) => hotBackup)).not.toContain(true);
    const { utc, completedAt, marginMs } = manifest.snapshotTime ?? { utc: "", completedAt: "", marginMs: 0 };
    const known = await on.world.state.catalog.get(manifest.backup);
    expect(known?.snapshotTime).toBe(manifest.snapshotTime?.local);
    expect(Date.parse(utc)).toBeGreaterThanOrEqual(Date.parse(completedAt) + marginMs - 50);
    expect(comparison.differences).toEqual([]);
  });
});
