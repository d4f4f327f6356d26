import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, onTestFinished, test } from "vitest";

import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import type { CopyRequest, CopyResult } from "../../../src/ports/copier.ts";

const within = { deadlineMs: 5_000 };
const strange = ["plain", "two words", 'it\'s "quoted"', "line\nbreak", "Größe 漢字", "$(x);&*?[a]\\", "-rf"];

async function rig() {
  const directory = await mkdtemp(join(tmpdir(), "umbra-host-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const copied: CopyRequest[] = [];
  const copy = async (request: CopyRequest): Promise<CopyResult> => {
    copied.push(request);
    return { bytes: 1, sha256: "00", head: Buffer.alloc(0), blocks: noBlocks };
  };
  const at = (...names: string[]) => join(directory, ...names) as FilePath;
  const verify = () => Promise.reject(new Error("nothing is verified here"));
  return { host: createLocalHost({ copier: { copy, verify } }), at, copied };
}

const noBlocks = {
  examined: 0,
  ok: 0,
  empty: 0,
  fractured: 0,
  badChecksum: 0,
  badHeader: 0,
  allZero: 0,
  softCorrupt: 0,
  reread: 0,
};

describe("the local host", () => {
  test.each(strange)("a path like %j is taken as it is", async (name) => {
    const { host, at } = await rig();
    await host.makeDirectory(at(name, name), within);
    await host.writeAtomically(at(name, name, name), "content", within);
    expect(await host.list(at(name, name), within)).toEqual([name]);
    expect((await host.read(at(name, name, name), { offset: 3, length: 99 }, within)).toString()).toBe(
      "tent",
    );
    await host.remove(at(name, name, name), within);
    await host.remove(at(name, name), within);
    expect(await host.stat(at(name, name), within)).toBeUndefined();
  });

  test("what is absent is undefined for stat and list, and an error for read", async () => {
    const { host, at } = await rig();
    await writeFile(at("file"), "x");
    expect(await host.stat(at("none"), within)).toBeUndefined();
    expect(await host.stat(at("file", "below"), within)).toBeUndefined();
    expect(await host.list(at("none"), within)).toBeUndefined();
    await expect(host.read(at("none"), { offset: 0, length: 1 }, within)).rejects.toMatchObject({
      code: "UMB-7108",
      context: { path: at("none"), operation: "read", errno: "ENOENT" },
    });
  });

  test("a file is told with its size, its mode and the file system it is on", async () => {
    const { host, at } = await rig();
    await writeFile(at("file"), "12345", { mode: 0o640 });
    await symlink(at("file"), at("link"));
    const found = await host.stat(at("link"), within);
    expect(found).toMatchObject({ kind: "file", bytes: 5, mode: 0o640 });
    expect(found?.device).toBe((await host.stat(at(), within))?.device);
    expect(found?.modifiedAt).toBe(Math.floor((await stat(at("file"))).mtimeMs));
  });

  test("a written file replaces the old one and leaves nothing beside it", async () => {
    const { host, at } = await rig();
    await writeFile(at("file"), "old");
    await host.writeAtomically(at("file"), Buffer.from("new"), within);
    expect(await readFile(at("file"), "utf8")).toBe("new");
    expect(await readdir(at())).toEqual(["file"]);
  });

  test("a write that fails leaves the old file and nothing beside it", async () => {
    const { host, at } = await rig();
    await mkdir(at("taken", "inside"), { recursive: true });
    await expect(host.writeAtomically(at("taken"), "x", within)).rejects.toMatchObject({ code: "UMB-7108" });
    expect(await readdir(at())).toEqual(["taken"]);
  });

  test("making a directory and removing one may be done twice", async () => {
    const { host, at } = await rig();
    await host.makeDirectory(at("a", "b", "c"), within);
    await host.makeDirectory(at("a", "b", "c"), within);
    expect((await host.stat(at("a", "b", "c"), within))?.kind).toBe("directory");
    await host.remove(at("a", "b", "c"), within);
    await host.remove(at("a", "b", "c"), within);
    expect(await host.list(at("a", "b"), within)).toEqual([]);
  });

  test("a directory with something in it is never removed, and a file never becomes a directory", async () => {
    const { host, at } = await rig();
    await host.makeDirectory(at("full"), within);
    await writeFile(at("full", "file"), "x");
    await expect(host.remove(at("full"), within)).rejects.toMatchObject({ context: { errno: "ENOTEMPTY" } });
    await expect(host.makeDirectory(at("full", "file"), within)).rejects.toMatchObject({ code: "UMB-7108" });
  });

  test("free space is told in bytes", async () => {
    const { host, at } = await rig();
    expect(await host.freeBytes(at(), within)).toBeGreaterThan(0);
  });

  test("an aborted signal stops a call before it does anything", async () => {
    const { host, at } = await rig();
    const options = { ...within, signal: AbortSignal.abort(new Error("stop")) };
    await expect(host.writeAtomically(at("file"), "x", options)).rejects.toThrow("stop");
    expect(await readdir(at())).toEqual([]);
  });

  test("a copy is made by the copier, with the request as it was", async () => {
    const { host, at, copied } = await rig();
    const request: CopyRequest = {
      source: at("a"),
      target: at("b"),
      mode: "plain",
      blockSize: 1,
      stallMs: 1,
    };
    expect((await host.copy(request)).bytes).toBe(1);
    expect(copied).toEqual([request]);
  });
});
