import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

import * as fc from "fast-check";
import { afterAll, describe, expect, test, type TestContext } from "vitest";

import type { DatabaseName, FilePath, RunId } from "../../src/domain/names.ts";
import type { SnapshotName, VolumeId } from "../../src/domain/snapshot.ts";
import type { FileChange } from "../../storage-adapters/contract.ts";
import { openStorage } from "../../storage-adapters/registry.ts";
import { filesHere } from "../contract/storage/files-here.ts";
import { type BtrfsVolume, btrfsVolume } from "../rigs/btrfs-volume.ts";

const limits = { deadlineMs: 20_000 };
const tag = { agent: "a1", database: "PROD1" as DatabaseName, run: "20261121T151600Z-hot-4f2a91" as RunId };

describe("snapshots of a real btrfs", () => {
  let volume: BtrfsVolume | undefined;
  let made = 0;
  afterAll(async () => await volume?.[Symbol.asyncDispose]());

  /** A subvolume of the test's own. */
  async function rig(context: TestContext) {
    volume ??= btrfsVolume(context);
    const top = volume.subvolume(`data${++made}`);
    const storage = await openStorage("pool", { kind: "btrfs" }, filesHere(), limits);
    const id = top as string as VolumeId;
    const take = async (suffix: string) => {
      const name = `umbra-20261121T151600Z-${suffix}` as SnapshotName;
      await storage.createSnapshot({ volume: id, name, tag, paths: [top] }, limits);
      return { volume: id, name, tag, path: `${top}/.umbra-snapshots/${name}` };
    };
    return { storage, top, volume: id, take };
  }

  test("not even root writes into a snapshot", async (context) => {
    const { top, take } = await rig(context);
    writeFileSync(`${top}/a.dbf`, "a");
    const { path } = await take("one");
    expect(() => writeFileSync(`${path}/a.dbf`, "b")).toThrow(/EROFS/);
  });

  test("a snapshot that somebody made writable is nobody's any more, and is not deleted", async (context) => {
    const { storage, take } = await rig(context);
    const { path, ...owned } = await take("one");
    execFileSync("btrfs", ["property", "set", "-ts", path, "ro", "false"]);
    expect((await storage.findSnapshot(owned, limits))?.tag).toBeUndefined();
    expect((await storage.listSnapshots(owned.volume, limits)).map((one) => one.tag)).toEqual([undefined]);
    await expect(storage.deleteSnapshot(owned, limits)).rejects.toMatchObject({ code: "UMB-6303" });
    expect(readFileSync(`${path}/.umbra-snapshots/.tag-${owned.name}`, "utf8")).toContain("PROD1");
  });

  test.for(["directory", "file", "subvolume"])(
    "a %s with the name is left alone, and nothing is put into it",
    async (kind, context) => {
      const { storage, top, volume: id } = await rig(context);
      const name = "umbra-20261121T151600Z-one" as SnapshotName;
      const path = `${top}/.umbra-snapshots/${name}`;
      mkdirSync(`${top}/.umbra-snapshots`);
      if (kind === "directory") mkdirSync(path);
      else if (kind === "file") writeFileSync(path, "theirs");
      else execFileSync("btrfs", ["subvolume", "create", path]);
      const owned = { volume: id, name, tag };
      const creation = storage.createSnapshot({ ...owned, paths: [top] }, limits);
      await expect(creation).rejects.toMatchObject({ code: "UMB-6303" });
      await expect(storage.deleteSnapshot(owned, limits)).rejects.toMatchObject({ code: "UMB-6303" });
      expect(spawnSync("find", [path, "-mindepth", "1"], { encoding: "utf8" }).stdout).toBe("");
    },
  );

  test("a path on another file system is refused, and a subvolume inside is a volume of its own", async (context) => {
    const { storage, top } = await rig(context);
    await expect(storage.locate(["/proc/uptime" as FilePath], limits)).rejects.toMatchObject({
      code: "UMB-6301",
    });
    execFileSync("btrfs", ["subvolume", "create", `${top}/inner`]);
    writeFileSync(`${top}/inner/a`, "a");
    const [located] = await storage.locate([`${top}/inner/a` as FilePath], limits);
    expect(located).toMatchObject({ volume: { id: `${top}/inner` }, inside: "a" });
  });

  test("on a file system without any space left a snapshot can still be deleted", async (context) => {
    await using full = btrfsVolume(context, 160 * 2 ** 20);
    const top = full.subvolume("data");
    const storage = await openStorage("pool", { kind: "btrfs" }, filesHere(), limits);
    const owned = {
      volume: top as string as VolumeId,
      name: "umbra-20261121T151600Z-one" as SnapshotName,
      tag,
    };
    await storage.createSnapshot({ ...owned, paths: [top] }, limits);
    expect(
      spawnSync("dd", ["if=/dev/zero", `of=${top}/large`, "bs=1M"], { encoding: "utf8" }).stderr,
    ).toMatch(/No space/);
    for (let small = 0; small < 1000; small += 1) {
      if (spawnSync("dd", ["if=/dev/zero", `of=${top}/small${small}`, "bs=1K", "count=1"]).status !== 0)
        break;
    }
    await storage.deleteSnapshot(owned, limits);
    expect(await storage.findSnapshot(owned, limits)).toBeUndefined();
  });

  test("whatever was done to a file, all bytes that differ are in the extents", async (context) => {
    const { storage, top, volume: id, take } = await rig(context);
    const file = `${top}/a.dbf`;
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyChange, { minLength: 1, maxLength: 5 }), async (changes) => {
        round += 1;
        execFileSync("dd", [
          "if=/dev/urandom",
          `of=${file}`,
          "bs=64K",
          `count=${BYTES / 65_536}`,
          "conv=notrunc",
          "status=none",
        ]);
        execFileSync("truncate", ["-s", String(BYTES), file]);
        const before = await take(`b${round}`);
        for (const change of changes) change(file);
        const after = await take(`a${round}`);
        const request = { volume: id, earlier: before.name, later: after.name, files: ["a.dbf"] };
        const [told] = (await storage.changedBlocks?.between(request, limits)) ?? [];
        expect(
          missed(readFileSync(`${before.path}/a.dbf`), readFileSync(`${after.path}/a.dbf`), told),
        ).toEqual([]);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});

const BYTES = 2 ** 20;
const offset = fc.nat(BYTES / 512).map((sector) => sector * 512);
const length = fc.integer({ min: 1, max: 40_000 });
type Change = (file: string) => void;

/** Written, cut, made longer, punched, and shared with another part of itself. */
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(offset, length).map(([at, bytes]): Change => (file) => {
    const dd = ["oflag=seek_bytes", `seek=${at}`, "conv=notrunc", "status=none"];
    execFileSync("dd", [`of=${file}`, "bs=64K", ...dd], { input: Buffer.alloc(bytes, 0x55) });
  }),
  offset.map(
    (at): Change =>
      (file) =>
        void execFileSync("truncate", ["-s", String(at), file]),
  ),
  length.map(
    (more): Change =>
      (file) =>
        void execFileSync("truncate", ["-s", `+${more}`, file]),
  ),
  fc.tuple(offset, length).map(
    ([at, bytes]): Change =>
      (file) =>
        void execFileSync("fallocate", ["--punch-hole", "-o", String(at), "-l", String(bytes), file]),
  ),
);

/** Offsets of bytes that differ and are in no extent; -1 where the size is not told. */
function missed(before: Buffer, after: Buffer, told: FileChange | undefined): readonly number[] {
  if (told?.bytes !== after.length) return [-1];
  const covered = new Uint8Array(after.length);
  for (const { offset: at, length: bytes } of told.extents) covered.fill(1, at, at + bytes);
  const wrong: number[] = [];
  for (let at = 0; at < after.length; at += 1) {
    if (covered[at] === 0 && before[at] !== after[at]) wrong.push(at);
  }
  return wrong.slice(0, 5);
}
