import { describe, expect, onTestFinished, test } from "vitest";

import type { DatabaseName, FilePath, RunId } from "../../../src/domain/names.ts";
import { formatTag, type SnapshotName, type VolumeId } from "../../../src/domain/snapshot.ts";
import type { StorageHost } from "../../../storage-adapters/commands.ts";
import { openStorage } from "../../../storage-adapters/registry.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";
import { filesHere } from "./files-here.ts";
import { ModernZfs } from "./modern-zfs.ts";
import { limits } from "./storage-promises.ts";

const run = "20261121T151600Z-hot-4f2a91" as RunId;
const tag = { agent: "a1", database: "PROD1" as DatabaseName, run };
const name = "umbra-20261121T151600Z-one" as SnapshotName;
const [data, logs] = ["tank/data" as VolumeId, "tank/logs" as VolumeId];
const owned = { volume: data, name, tag };

async function rig() {
  const scratch = scratchDirectory();
  onTestFinished(() => scratch[Symbol.dispose]());
  const zfs = new ModernZfs(filesHere());
  for (const volume of [data, logs, "other/data"]) {
    const mountPoint = `${scratch.path}/${volume.replace("/", "-")}` as FilePath;
    await zfs.host.makeDirectory(mountPoint, limits);
    zfs.filesystem(volume, mountPoint);
  }
  const mountDirectory = `${scratch.path}/clones`;
  const storage = await openStorage(
    "tank",
    { kind: "openzfs", "mount-directory": mountDirectory },
    zfs.host,
    limits,
  );
  const paths = [`${scratch.path}/tank-data` as FilePath];
  const zfsDo = (...args: readonly string[]) =>
    zfs.host.run(["zfs", ...args], { ...limits, maxOutputBytes: 1000 });
  return {
    zfs,
    zfsDo,
    storage,
    paths,
    mountDirectory,
    take: () => storage.createSnapshot({ ...owned, paths }, limits),
  };
}

describe("what zfs answers", () => {
  test("a tag that a snapshot inherited from its dataset makes it nobody's: it is not deleted", async () => {
    const { storage, zfsDo } = await rig();
    await zfsDo("snapshot", "-o", "other:note=x", `${data}@${name}`);
    await zfsDo("set", `umbra:tag=${formatTag(tag)}`, data);
    expect((await storage.findSnapshot(owned, limits))?.tag).toBeUndefined();
    await expect(storage.deleteSnapshot(owned, limits)).rejects.toMatchObject({
      code: "UMB-6303",
      context: { owner: "somebody else" },
    });
    expect(await storage.findSnapshot(owned, limits)).toBeDefined();
  });

  test("a hold of somebody else's keeps a snapshot, and is named", async () => {
    const { storage, zfsDo, take } = await rig();
    await take();
    await zfsDo("hold", ".send-1234", `${data}@${name}`);
    await expect(storage.deleteSnapshot(owned, limits)).rejects.toMatchObject({
      code: "UMB-6305",
      context: { holders: ["hold .send-1234"] },
    });
    expect(await storage.hold?.list(owned, limits)).toEqual([]);
  });

  test("busy for a moment is tried again; busy for long is told, and the snapshot is there", async () => {
    const { storage, zfs, take } = await rig();
    await take();
    const busy = {
      verb: "destroy",
      status: 1,
      said: `cannot destroy snapshot ${data}@${name}: dataset is busy`,
    };
    zfs.interruptions.push(busy);
    await storage.deleteSnapshot(owned, limits);
    expect(await storage.findSnapshot(owned, limits)).toBeUndefined();
    await take();
    zfs.interruptions.push(busy, busy, busy, busy, busy);
    await expect(storage.deleteSnapshot(owned, limits)).rejects.toMatchObject({ code: "UMB-6305" });
    expect(await storage.findSnapshot(owned, limits)).toBeDefined();
  });

  test("what its caller gave up is undone, also where zfs does it only after it was looked for", async () => {
    const { storage, zfs, zfsDo, paths, take } = await rig();
    /** What zfs would still do, it does now. */
    const left = async () => {
      await zfsDo("inherit", "other:note", "other/data");
      return [...zfs.datasets.keys()].filter((one) => one.includes("@") || one.includes("clone"));
    };
    zfs.late.push("snapshot");
    await expect(take()).rejects.toMatchObject({ code: "UMB-7202" });
    await storage.deleteSnapshot(owned, limits);
    expect(await left()).toEqual([]);

    zfs.late.push("snapshot");
    const group = storage.group?.createSnapshots({ name, tag, paths, volumes: [data, logs] }, limits);
    await expect(group).rejects.toMatchObject({ code: "UMB-7202" });
    for (const volume of [logs, data]) await storage.deleteSnapshot({ ...owned, volume }, limits);
    expect(await left()).toEqual([]);

    await take();
    zfs.late.push("clone");
    const clone = storage.clone?.create({ ...owned, clone: "c1" }, limits);
    await expect(clone).rejects.toMatchObject({ code: "UMB-7202" });
    await storage.clone?.drop({ ...owned, clone: "c1" }, limits);
    expect(await left()).toEqual([`${data}@${name}`]);
  });

  test.each(["hold", "set"])("a hold that was given up at its %s is released", async (verb) => {
    const { storage, zfs, take } = await rig();
    await take();
    zfs.late.push(verb);
    const held = storage.hold?.add({ ...owned, id: "h1", reason: "law" }, limits);
    await expect(held).rejects.toMatchObject({ code: "UMB-7202" });
    await storage.hold?.release({ ...owned, id: "h1" }, limits);
    expect(await storage.hold?.list(owned, limits)).toEqual([]);
    expect((await storage.findSnapshot(owned, limits))?.heldBy).toEqual([]);
  });

  test("a deletion that somebody else made first is success", async () => {
    const { storage, zfs, take } = await rig();
    await take();
    const said = `cannot open '${data}@${name}': dataset does not exist`;
    zfs.interruptions.push({ verb: "destroy", status: 1, said });
    await expect(storage.deleteSnapshot(owned, limits)).resolves.toBeUndefined();
  });

  test.each([
    ["snapshot", "cannot create snapshot: out of space", "UMB-6304"],
    ["snapshot", "cannot create snapshot: permission denied", "UMB-6309"],
    ["get", "internal error: out of memory", "UMB-6309"],
  ])("a %s that fails with %s is %s", async (verb, said, code) => {
    const { storage, zfs, paths } = await rig();
    zfs.interruptions.push({ verb, status: 1, said });
    const call = storage.createSnapshot({ ...owned, paths }, limits);
    await expect(verb === "get" ? storage.listSnapshots(data, limits) : call).rejects.toMatchObject({ code });
  });

  test("several volumes of one pool are taken at one moment; of two pools none is taken", async () => {
    const { storage, paths } = await rig();
    const request = { name, tag, paths, volumes: [data, logs] };
    await storage.group?.createSnapshots(request, limits);
    const taken = [
      await storage.findSnapshot(owned, limits),
      await storage.findSnapshot({ volume: logs, name }, limits),
    ];
    expect(taken.map((one) => one?.tag)).toEqual([tag, tag]);
    expect(taken[0]?.sequence).toBe(taken[1]?.sequence);
    const other = "other/data" as VolumeId;
    expect(await storage.group?.sets([data, other, logs], limits)).toEqual([[data, logs], [other]]);
    const apart = { ...request, name: "umbra-20261121T151600Z-two" as SnapshotName, volumes: [data, other] };
    await expect(storage.group?.createSnapshots(apart, limits)).rejects.toMatchObject({ code: "UMB-6307" });
    expect(await storage.findSnapshot({ volume: data, name: apart.name }, limits)).toBeUndefined();
  });

  test("snapshots of two moments are never taken for a group", async () => {
    const { storage, paths, take } = await rig();
    await take();
    await storage.createSnapshot({ ...owned, volume: logs, paths }, limits);
    const again = storage.group?.createSnapshots({ name, tag, paths, volumes: [data, logs] }, limits);
    await expect(again).rejects.toMatchObject({ code: "UMB-6307" });
  });

  test("a zfs that does not answer is told when the storage is opened", async () => {
    const { zfs } = await rig();
    const said = "The ZFS modules are not loaded. Try running '/sbin/modprobe zfs' as root to load them.";
    zfs.interruptions.push({ verb: "list", status: 1, said });
    const opened = openStorage("tank", { kind: "openzfs" }, zfs.host, limits);
    await expect(opened).rejects.toMatchObject({ code: "UMB-6310", context: { seen: said } });
  });

  test("no command of the adapter has an option that takes more than was named", async () => {
    const { storage, zfs, paths, mountDirectory } = await rig();
    const ran: (readonly string[])[] = [];
    const host: StorageHost = {
      name: "watched",
      run: (argv, options) => {
        ran.push(argv);
        return zfs.host.run(argv, options);
      },
    };
    const watched = await openStorage(
      "tank",
      { kind: "openzfs", "mount-directory": mountDirectory },
      host,
      limits,
    );
    await watched.createSnapshot({ ...owned, paths }, limits);
    await watched.clone?.create({ ...owned, clone: "c1" }, limits);
    await watched.clone?.drop({ ...owned, clone: "c1" }, limits);
    await watched.deleteSnapshot(owned, limits);
    const destroying = ran.filter((argv) => argv.includes("destroy") || argv.includes("unmount"));
    expect(destroying.length).toBeGreaterThan(1);
    expect(destroying.flat().filter((word) => word.startsWith("-"))).toEqual([]);
    expect(await storage.listSnapshots(data, limits)).toEqual([]);
  });

  test.each(["../x", "a/b", "-r", "", "x y", "a@b"])(
    "the name %j is refused before anything runs",
    async (bad) => {
      const { storage, paths } = await rig();
      const request = { ...owned, name: bad as SnapshotName, paths };
      await expect(storage.createSnapshot(request, limits)).rejects.toMatchObject({ code: "UMB-6311" });
      await expect(storage.deleteSnapshot(request, limits)).rejects.toMatchObject({ code: "UMB-6311" });
    },
  );
});
