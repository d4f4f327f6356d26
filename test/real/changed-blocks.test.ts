import { dirname, join } from "node:path";

import { afterAll, describe, expect, test, type TestContext } from "vitest";

import { startDatabase } from "../../simulator/instance/start-database.ts";
import { compareWithDatabase } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import { createWorkload, type Workload } from "../../simulator/workload/workload.ts";
import type { FilePath } from "../../src/domain/names.ts";
import type { VolumeId } from "../../src/domain/snapshot.ts";
import type { RefreshRequest, RefreshResult } from "../../src/ports/copier.ts";
import { backupRefresh, baseline } from "../../src/run/backup-refresh.ts";
import { coverageReport } from "../../src/run/coverage.ts";
import type { Storages } from "../../src/run/storages.ts";
import { openStorage } from "../../storage-adapters/registry.ts";
import { type BtrfsVolume, btrfsVolume } from "../rigs/btrfs-volume.ts";
import { manifestOf, restoredDatabase } from "../rigs/restored-database.ts";
import { simulatedWorld, type SimulatedWorld } from "../rigs/simulated-world.ts";

const limits = { deadlineMs: 20_000 };

interface Rig extends SimulatedWorld {
  readonly workload: Workload;
  readonly storages: Storages;
  readonly top: FilePath;
  readonly refreshed: { readonly request: RefreshRequest; readonly result: RefreshResult }[];
}

describe("changed blocks of a database on a real btrfs", () => {
  let volume: BtrfsVolume | undefined;
  afterAll(async () => await volume?.[Symbol.asyncDispose]());

  async function rig(context: TestContext): Promise<Rig> {
    volume ??= btrfsVolume(context);
    const top = volume.subvolume("db");
    const refreshed: Rig["refreshed"][number][] = [];
    let storages: Storages | undefined;
    const world = await simulatedWorld({
      config: { refresh: { find: "list" } },
      start: async (_base, faults) =>
        await startDatabase({
          name: "ORCL",
          now: () => new Date(),
          totalBytes: 16_000_000,
          faults,
          base: top,
        }),
      change: (plain) => {
        const { databaseHost: host } = plain;
        storages = {
          agent: "test",
          primary: [{ name: "pool", path: dirname(top) as FilePath }],
          open: async (name, call) => await openStorage(name, { kind: "btrfs" }, host, call),
        };
        const refresh = async (request: RefreshRequest) => {
          const result = await host.refresh?.(request);
          if (result === undefined) throw new Error("no engine");
          refreshed.push({ request, result });
          return result;
        };
        return { ...plain, storages, databaseHost: { ...host, refresh } };
      },
    });
    if (storages === undefined) throw new Error("no storage");
    const { instance } = world;
    const workload = await createWorkload({ instance, seed: 3, tables: 2, initialRows: 20 });
    // Nothing of it stays open: the volume is unmounted.
    const dispose = async () => {
      await world.engine.shutdown("IMMEDIATE");
      await world[Symbol.asyncDispose]();
    };
    return { ...world, workload, storages, top, refreshed, [Symbol.asyncDispose]: dispose };
  }

  async function brought({ world }: Rig, kind: typeof baseline) {
    const made = await kind(world);
    if (!made.ok) throw new Error(made.refusals.map(({ seen }) => seen).join("; "));
    const manifest = manifestOf(join(world.database.backupArea, "live"));
    if (manifest.kind !== "refreshed") throw new Error(manifest.kind);
    return manifest;
  }

  test("refreshes by btrfs send, under load, restore what was committed", async (context) => {
    await using on = await rig(context);
    const { workload, refreshed } = on;
    await brought(on, baseline);
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 20; i += 1) await workload.step();
      refreshed.length = 0;
      const stop = new AbortController();
      const load = round === 0 ? workload.run({ signal: stop.signal, opsPerSecond: 200 }) : undefined;
      const manifest = await brought(on, backupRefresh).finally(() => stop.abort());
      await load;
      expect(refreshed.map(({ request }) => request.changes.by)).toEqual(refreshed.map(() => "list"));
      expect(refreshed.flatMap(({ result }) => result.doubt ?? [])).toEqual([]);
      // One copy is in its turn and is read whole; of the others only what is listed.
      const listed = refreshed.filter(({ result }) => result.foundBy === "list");
      expect(listed).toHaveLength(refreshed.length - 1);
      const read = listed.reduce((sum, { result }) => sum + result.blocks.examined, 0);
      const all = listed.reduce((sum, { result }) => sum + result.bytes / 8192, 0);
      // How much the load changes, and when, is up to the machine.
      expect(read).toBeLessThan(round === 2 ? all / 4 : Infinity);
      const storage = await on.storages.open("pool", limits);
      const there = await storage.listSnapshots(on.top as string as VolumeId, limits);
      const named = new Set(manifest.datafiles.map(({ changesFrom }) => changesFrom?.snapshot ?? "none"));
      expect(new Set<string>(there.map(({ name }) => name))).toEqual(named);
    }
    const { coverage } = await coverageReport(on.world);
    const way = coverage[0]?.ways.at(-1);
    if (way === undefined) throw new Error("nothing can be restored");
    const directory = join(on.world.database.backupArea, "live");
    for (const target of [way.from, way.to]) {
      const base = join(on.directory, `restored-${target}`);
      await using copy = await restoredDatabase({ directory, manifest: manifestOf(directory) }, base, target);
      const committed = workload.history.stateAt(target - 1n);
      const compared = await compareWithDatabase(committed, instanceReader(copy.instance));
      expect(compared.differences).toEqual([]);
      expect(compared.rowsCompared).toBeGreaterThan(0);
    }
  });
});
