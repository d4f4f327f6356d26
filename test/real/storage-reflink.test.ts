import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";

import { describe, expect, onTestFinished, test, type TestContext } from "vitest";

import type { DatabaseName, FilePath, RunId } from "../../src/domain/names.ts";
import { formatTag, type SnapshotName, type VolumeId } from "../../src/domain/snapshot.ts";
import {
  dropPicture,
  locateFiles,
  pictureIsInstant,
  takePicture,
  volumesOf,
} from "../../storage-adapters/picture.ts";
import { openStorage } from "../../storage-adapters/registry.ts";
import { filesHere } from "../contract/storage/files-here.ts";
import type { LoopVolume } from "../rigs/loop-volume.ts";
import { ext4Volume, xfsVolume } from "../rigs/xfs-volume.ts";

const limits = { deadlineMs: 20_000 };
const tag = { agent: "a1", database: "PROD1" as DatabaseName, run: "20261121T151600Z-cold-4f2a91" as RunId };
const name = "umbra-20261121T151600Z-20261121T151600Z-cold-4f2a91" as SnapshotName;
const MIB = 2 ** 20;

type Make = (context: TestContext) => LoopVolume;

/** Two files of 8 MiB on a file system of the test's own. */
async function rig(context: TestContext, make: Make) {
  const volume = make(context);
  onTestFinished(() => volume[Symbol.asyncDispose]());
  const storage = await openStorage("files", { kind: "reflink" }, filesHere(), limits);
  const files = ["data/users01.dbf", "data/un do.dbf"].map((file) => `${volume.path}/${file}` as FilePath);
  mkdirSync(`${volume.path}/data`);
  for (const file of files) writeFileSync(file, Buffer.alloc(8 * MIB, file), { mode: 0o640 });
  const where = await locateFiles(storage, files, limits);
  const kept = `${volume.path}/.umbra-snapshots`;
  const used = () => {
    execFileSync("sync", ["-f", volume.path]);
    return Number(
      execFileSync("df", ["-B1", "--output=used", volume.path], { encoding: "utf8" }).split("\n")[1],
    );
  };
  return { storage, files, where, volumes: volumesOf(where), top: volume.path, kept, used };
}

const only = (volumes: readonly VolumeId[]): VolumeId => volumes[0] ?? ("" as VolumeId);

describe("pictures of closed files", () => {
  test("on XFS a picture is instant, takes next to no space, and gives back all of it", async (context) => {
    const { storage, files, where, volumes, used, kept } = await rig(context, xfsVolume);
    expect(await pictureIsInstant(storage, volumes, limits)).toBe(true);
    const before = used();
    const picture = await takePicture(storage, { name, tag, where }, limits);
    expect(used() - before).toBeLessThan(MIB);
    for (const file of files) {
      const original = readFileSync(file);
      writeFileSync(file, "the database writes on");
      expect(readFileSync(picture.pathOf(file)).equals(original)).toBe(true);
      expect(statSync(picture.pathOf(file)).mode & 0o777).toBe(0o440);
    }
    await dropPicture(storage, { name, tag, volumes }, limits);
    expect(readdirSync(kept)).toEqual([]);
  });

  test("on ext4 a picture is a copy, said so before, and just as right", async (context) => {
    const { storage, files, where, volumes, used, top } = await rig(context, ext4Volume);
    const seen = readdirSync(top);
    expect(await pictureIsInstant(storage, volumes, limits)).toBe(false);
    expect(readdirSync(top)).toEqual(seen);
    const before = used();
    const picture = await takePicture(storage, { name, tag, where }, limits);
    expect(used() - before).toBeGreaterThan(15 * MIB);
    for (const file of files)
      expect(readFileSync(picture.pathOf(file)).equals(readFileSync(file))).toBe(true);
    await dropPicture(storage, { name, tag, volumes }, limits);
  });

  test("without space nothing counts as a snapshot, and the space is given back", async (context) => {
    const { storage, where, volumes, top, kept } = await rig(context, ext4Volume);
    writeFileSync(`${top}/other`, Buffer.alloc(28 * MIB, 1));
    const taken = takePicture(storage, { name, tag, where }, limits);
    await expect(taken).rejects.toMatchObject({ code: "UMB-6304", context: { what: `snapshot ${name}` } });
    expect(execFileSync("du", ["-sm", kept], { encoding: "utf8" })).toMatch(/^1\t/);
    await dropPicture(storage, { name, tag, volumes }, limits);
    expect(readdirSync(kept)).toEqual([]);
  });

  test("a picture of two volumes has a snapshot on each, and both go", async (context) => {
    const { storage, files, top } = await rig(context, xfsVolume);
    const other = ext4Volume(context);
    onTestFinished(() => other[Symbol.asyncDispose]());
    const log = `${other.path}/redo01.log` as FilePath;
    writeFileSync(log, "redo");
    const where = await locateFiles(storage, [...files, log], limits);
    expect(volumesOf(where)).toEqual([top, other.path]);
    const picture = await takePicture(storage, { name, tag, where }, limits);
    writeFileSync(log, "more");
    expect(readFileSync(picture.pathOf(log), "utf8")).toBe("redo");
    expect(() => picture.pathOf("/nowhere" as FilePath)).toThrow(/not in the picture/);
    await dropPicture(storage, { name, tag, volumes: volumesOf(where) }, limits);
    expect([top, other.path].map((path) => readdirSync(`${path}/.umbra-snapshots`))).toEqual([[], []]);
  });

  test.for([
    ["nothing yet", () => undefined],
    ["an empty tag", (path: string) => writeFileSync(`${path}/umbra.json`, "")],
    [
      "a tag and half a copy",
      (path: string) => {
        writeFileSync(`${path}/umbra.json`, formatTag(tag));
        mkdirSync(`${path}/files/data`, { recursive: true });
        writeFileSync(`${path}/files/data/users01.dbf`, "half", { mode: 0o440 });
      },
    ],
  ] as const)("what an interrupted creation left is made good: %s", async ([, leave], context) => {
    const { storage, files, where, volumes, kept } = await rig(context, xfsVolume);
    mkdirSync(`${kept}/.new-${name}`, { recursive: true });
    leave(`${kept}/.new-${name}`);
    expect(await storage.listSnapshots(only(volumes), limits)).toEqual([]);
    const picture = await takePicture(storage, { name, tag, where }, limits);
    for (const file of files)
      expect(readFileSync(picture.pathOf(file)).equals(readFileSync(file))).toBe(true);
    await dropPicture(storage, { name, tag, volumes }, limits);
    expect(readdirSync(kept)).toEqual([]);
  });

  test("a leftover with files but without a tag is nobody's, and is not removed", async (context) => {
    const { storage, where, volumes, kept } = await rig(context, xfsVolume);
    mkdirSync(`${kept}/.new-${name}/files`, { recursive: true });
    await expect(takePicture(storage, { name, tag, where }, limits)).rejects.toMatchObject({
      code: "UMB-6309",
    });
    await expect(dropPicture(storage, { name, tag, volumes }, limits)).rejects.toMatchObject({
      code: "UMB-6309",
    });
    expect(existsSync(`${kept}/.new-${name}/files`)).toBe(true);
  });

  test("a deletion that was interrupted after it began is finished", async (context) => {
    const { storage, where, volumes, kept } = await rig(context, xfsVolume);
    await takePicture(storage, { name, tag, where }, limits);
    execFileSync("mv", [`${kept}/${name}`, `${kept}/.gone-${name}`]);
    expect(await storage.listSnapshots(only(volumes), limits)).toEqual([]);
    await dropPicture(storage, { name, tag, volumes }, limits);
    expect(readdirSync(kept)).toEqual([]);
  });

  test("the directory for snapshots may be elsewhere on the file system, and files of others are refused", async (context) => {
    const { files, top } = await rig(context, xfsVolume);
    mkdirSync(`${top}/kept`);
    const settings = { kind: "reflink", directory: `${top}/kept` } as const;
    const storage = await openStorage("files", settings, filesHere(), limits);
    const where = await locateFiles(storage, files, limits);
    const picture = await takePicture(storage, { name, tag, where }, limits);
    expect(files.every((file) => picture.pathOf(file).startsWith(`${top}/kept/`))).toBe(true);
    const elsewhere = locateFiles(storage, ["/proc/uptime" as FilePath], limits);
    await expect(elsewhere).rejects.toMatchObject({ code: "UMB-6301" });
  });
});
