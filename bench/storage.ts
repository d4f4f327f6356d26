import { createLocalHost } from "../src/adapters/host/local-host.ts";
import { formatStamp, instant } from "../src/domain/instant.ts";
import type { FilePath, RunId } from "../src/domain/names.ts";
import { formatSnapshotName, type OwnershipTag } from "../src/domain/snapshot.ts";
import type { Host } from "../src/ports/host.ts";
import type { StorageAdapter } from "../storage-adapters/contract.ts";
import { openStorage } from "../storage-adapters/registry.ts";
import type { StorageSettingsInput } from "../storage-adapters/settings.ts";
import { btrfsVolume } from "../test/rigs/btrfs-volume.ts";
import { zfsPool } from "../test/rigs/zfs-pool.ts";
import { median } from "./measure.ts";
import type { BenchOptions } from "./options.ts";

const targets = {
  btrfsCreateRatio: 1.3,
  zfsCreateRatio: 1.3,
  btrfsListSeconds: 1,
  zfsListSeconds: 1,
} as const;

const SNAPSHOTS = 1000;
/** Written before each snapshot and not synced: a volume in use, and no more than a second of a busy database. */
const DIRTY_MIB = 16;
const limits = { deadlineMs: 60_000 };
const context = {
  skip: (note?: unknown): never => {
    throw new Error(`storage cannot be measured: ${String(note)}`);
  },
};

interface Measured {
  readonly host: Host;
  readonly settings: StorageSettingsInput;
  readonly directory: FilePath;
  /** The storage's own command for the same effect. */
  readonly bare: (name: string) => readonly string[];
}

/**
 * A snapshot by the adapter against one by the bare command, in turn and each of a volume in use: 16 MiB were written and
 * are not synced. Then the listing of 1,000 snapshots. Medians, so that load from elsewhere hits both sides.
 */
export async function benchStorage({ pairs }: BenchOptions): Promise<Readonly<Record<string, number>>> {
  const btrfs = await measureBtrfs(pairs * 5);
  const zfs = await measureZfs(pairs * 5);
  const figures = {
    btrfsCreateRatio: btrfs.ratio,
    btrfsCreateMs: btrfs.createMs,
    btrfsListSeconds: btrfs.listSeconds,
    zfsCreateRatio: zfs.ratio,
    zfsCreateMs: zfs.createMs,
    zfsListSeconds: zfs.listSeconds,
    snapshots: SNAPSHOTS,
    pairs: pairs * 5,
  };
  print(figures);
  return figures;
}

async function measureBtrfs(rounds: number) {
  await using volume = btrfsVolume(context, 4 * 2 ** 30);
  const never = () => Promise.reject(new Error("nothing is copied here"));
  const directory = volume.subvolume("data");
  const top = volume.subvolume("bare");
  return await measured(rounds, {
    host: createLocalHost({ copier: { copy: never, verify: never } }),
    settings: { kind: "btrfs" },
    directory,
    bare: (name) => ["btrfs", "subvolume", "snapshot", "-r", directory, `${top}/${name}`],
  });
}

async function measureZfs(rounds: number) {
  await using pool = await zfsPool(context, 4 * 2 ** 30);
  const directory = await pool.dataset("data");
  return await measured(rounds, {
    host: pool.host,
    settings: { kind: "openzfs" },
    directory,
    bare: (name) => ["zfs", "snapshot", `${pool.name}/data@${name}`],
  });
}

async function measured(rounds: number, { host, settings, directory, bare }: Measured) {
  const storage = await openStorage("bench", settings, host, limits);
  const file = `${directory}/users01.dbf` as FilePath;
  await host.writeAtomically(file, Buffer.alloc(DIRTY_MIB * 2 ** 20), limits);
  const dd = [
    "dd",
    "if=/dev/urandom",
    `of=${file}`,
    "bs=1M",
    `count=${DIRTY_MIB}`,
    "conv=notrunc",
    "status=none",
  ];
  const [located] = await storage.locate([file], limits);
  if (located === undefined) throw new Error(`${file} was not found`);
  const ratios: number[] = [];
  const times: number[] = [];
  const take = (ordinal: number) => createOne(storage, located.volume.id, file, ordinal);
  for (let round = 0; round < rounds; round += 1) {
    await done(host, dd);
    const ours = await milliseconds(() => take(round));
    await done(host, dd);
    const theirs = await milliseconds(() => done(host, bare(`bare-${round}`)));
    ratios.push(ours / theirs);
    times.push(ours);
  }
  for (let ordinal = rounds; ordinal < SNAPSHOTS; ordinal += 1) await take(ordinal);
  const lists = [];
  for (let round = 0; round < 5; round += 1) {
    lists.push(
      await milliseconds(async () => {
        const listed = await storage.listSnapshots(located.volume.id, limits);
        const ours = listed.filter(({ tag }) => tag !== undefined).length;
        if (ours !== SNAPSHOTS) throw new Error(`${ours} of ${SNAPSHOTS} snapshots were listed`);
      }),
    );
  }
  const result = { ratio: median(ratios), createMs: median(times), listSeconds: median(lists) / 1000 };
  console.error(
    `${settings.kind}: ${result.createMs.toFixed(1)} ms, list ${result.listSeconds.toFixed(3)} s`,
  );
  return result;
}

async function createOne(storage: StorageAdapter, volume: string, file: FilePath, ordinal: number) {
  const at = instant(1_795_274_160_000 + ordinal * 1000);
  const run = `${formatStamp(at)}-bench` as RunId;
  const tag: OwnershipTag = { agent: "bench", database: "BENCH" as OwnershipTag["database"], run };
  const name = formatSnapshotName({ run });
  const id = volume as Parameters<StorageAdapter["listSnapshots"]>[0];
  await storage.createSnapshot({ volume: id, name, tag, paths: [file] }, limits);
}

async function done(host: Host, argv: readonly string[]): Promise<void> {
  const { status, stderr } = await host.run(argv, { ...limits, maxOutputBytes: 2 ** 20 });
  if (status !== 0) throw new Error(`${argv.join(" ")}: ${stderr.toString()}`);
}

async function milliseconds(side: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await side();
  return performance.now() - begin;
}

function print(figures: Readonly<Record<string, number>>): void {
  console.log("figure                    measured   target");
  for (const [name, target] of Object.entries(targets)) {
    console.log(`${name.padEnd(24)} ${(figures[name] ?? NaN).toFixed(2).padStart(9)}   <= ${target}`);
  }
}
