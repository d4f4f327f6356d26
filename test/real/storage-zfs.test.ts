import { afterAll, describe, expect, test, type TestContext } from "vitest";

import type { DatabaseName, FilePath, RunId } from "../../src/domain/names.ts";
import type { SnapshotName, VolumeId } from "../../src/domain/snapshot.ts";
import { openStorage } from "../../storage-adapters/registry.ts";
import { type ZfsPool, zfsPool } from "../rigs/zfs-pool.ts";

const limits = { deadlineMs: 20_000 };
const tag = { agent: "a1", database: "PROD1" as DatabaseName, run: "20261121T151600Z-hot-4f2a91" as RunId };

describe("snapshots of a real zfs-fuse", () => {
  let opened: Promise<ZfsPool> | undefined;
  let made = 0;
  afterAll(async () => await (await opened)?.[Symbol.asyncDispose]());

  /** A dataset of the test's own, with one snapshot. */
  async function rig(context: TestContext) {
    opened ??= zfsPool(context);
    const pool = await opened;
    const top = await pool.dataset(`data${++made}`);
    const volume = `${pool.name}/data${made}` as VolumeId;
    const storage = await openStorage("tank", { kind: "openzfs" }, pool.host, limits);
    await pool.host.writeAtomically(`${top}/a.dbf` as FilePath, "as it was", limits);
    const name = `umbra-20261121T151600Z-one` as SnapshotName;
    const owned = { volume, name, tag };
    await storage.createSnapshot({ ...owned, paths: [top] }, limits);
    const run = async (...argv: readonly string[]) =>
      (await pool.host.run(argv, { ...limits, maxOutputBytes: 2 ** 16 })).stdout.toString().trim();
    return { pool, storage, owned, run };
  }

  test("a view keeps its snapshot, is named, and is read-only even for root", async (context) => {
    const { pool, storage, owned } = await rig(context);
    const view = await storage.showSnapshot(owned, limits);
    await expect(storage.deleteSnapshot(owned, limits)).rejects.toMatchObject({
      code: "UMB-6305",
      context: { holders: [`clone ${owned.volume}/umbra-view-${owned.name}`] },
    });
    const written = pool.host.writeAtomically(`${view.root}/a.dbf` as FilePath, "changed", limits);
    await expect(written).rejects.toMatchObject({ context: { errno: "EROFS" } });
    await storage.hideSnapshot(owned, limits);
    await storage.deleteSnapshot(owned, limits);
    expect(await storage.findSnapshot(owned, limits)).toBeUndefined();
  });

  test("a view in use is not torn away: who uses it is told, and afterwards it can be hidden", async (context) => {
    const { storage, owned, run } = await rig(context);
    const { root } = await storage.showSnapshot(owned, limits);
    const pid = await run("sh", "-c", 'cd "$1" && { sleep 60 >/dev/null 2>&1 & echo $!; }', "sh", root);
    await expect(storage.hideSnapshot(owned, limits)).rejects.toMatchObject({ code: "UMB-6305" });
    process.kill(Number(pid), "SIGKILL");
    await storage.hideSnapshot(owned, limits);
    expect((await storage.findSnapshot(owned, limits))?.heldBy).toEqual([]);
  });

  test("a hold that this zfs cannot name is counted", async (context) => {
    const { storage, owned, run } = await rig(context);
    await storage.hold?.add({ ...owned, id: "quarter", reason: "50% of\tthe year" }, limits);
    await run("zfs", "hold", "theirs", `${owned.volume}@${owned.name}`);
    await expect(storage.deleteSnapshot(owned, limits)).rejects.toMatchObject({
      context: { holders: ["hold quarter", "1 holds whose names this zfs does not tell"] },
    });
    expect(await storage.hold?.list(owned, limits)).toEqual([{ id: "quarter", reason: "50% of\tthe year" }]);
  });

  test("a path that is on no dataset is refused", async (context) => {
    const { storage } = await rig(context);
    for (const path of ["/proc/uptime", "/etc/hostname", "/"] as FilePath[]) {
      await expect(storage.locate([path], limits)).rejects.toMatchObject({
        code: "UMB-6301",
        context: { path },
      });
    }
  });

  test("snapshots of others are listed beside ours, without a tag, and stay", async (context) => {
    const { storage, owned, run } = await rig(context);
    await run("zfs", "snapshot", `${owned.volume}@daily one`);
    const listed = await storage.listSnapshots(owned.volume, limits);
    expect(listed.map((one) => [one.name, one.tag])).toEqual([
      [owned.name, tag],
      ["daily one", undefined],
    ]);
  });

  test("looking for changes leaves no view behind, and takes none away that was there", async (context) => {
    const { storage, owned, run } = await rig(context);
    const later = { ...owned, name: "umbra-20261121T151700Z-two" as SnapshotName };
    await storage.createSnapshot({ ...later, paths: [] }, limits);
    const { root } = await storage.showSnapshot(later, limits);
    const between = async (earlier: SnapshotName) =>
      await storage.changedBlocks?.between(
        { volume: owned.volume, earlier, later: later.name, files: ["a.dbf"] },
        limits,
      );
    expect(await between(owned.name)).toEqual([{ inside: "a.dbf", bytes: 9, extents: [] }]);
    expect(await run("ls", root)).toBe("a.dbf");
    await storage.deleteSnapshot(owned, limits);
    await expect(between(owned.name)).rejects.toMatchObject({ code: "UMB-6306" });
    await storage.hideSnapshot(later, limits);
    await storage.deleteSnapshot(later, limits);
  });
});
