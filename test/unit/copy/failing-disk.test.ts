import { readdirSync, readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { createCopier } from "../../../src/copy/copier.ts";
import { nodeFiles, type Files, type OpenFile } from "../../../src/copy/files.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { datafile } from "../formats/oracle-file.ts";
import { codeOf, rig } from "./copying.ts";
import { fileOf, refreshRig } from "./refreshing.ts";

const errno = (code: string) => Object.assign(new Error(code), { code });
const fail = (code: string) => () => Promise.reject(errno(code));
const hang = () => new Promise<never>(() => {});

/** Node's files with some calls exchanged, for the files that are opened and for those that are created. */
function disk(over: {
  source?: Partial<Record<keyof OpenFile, unknown>>;
  target?: Partial<Record<keyof OpenFile, unknown>>;
  files?: Partial<Files>;
}): Files {
  const changed = (file: OpenFile, calls: object = {}): OpenFile =>
    new Proxy(file, {
      get: (real, key) => {
        const own: unknown = Reflect.get(calls, key) ?? Reflect.get(real, key, real);
        return typeof own === "function" ? (own.bind(real) as unknown) : own;
      },
    });
  return {
    ...nodeFiles,
    openSource: async (path) => changed(await nodeFiles.openSource(path), over.source),
    createNew: async (path) => changed(await nodeFiles.createNew(path), over.target),
    openExisting: async (path) => changed(await nodeFiles.openExisting(path), over.target),
    ...over.files,
  };
}

describe("a disk that fails", () => {
  test.each([
    ["a full storage while writing", { target: { write: fail("ENOSPC") } }, "UMB-6102"],
    ["a full storage while flushing", { target: { sync: fail("ENOSPC") } }, "UMB-6102"],
    ["a broken storage", { target: { write: fail("EIO") } }, "UMB-6101"],
    ["a storage that cannot be written", { files: { createNew: fail("EACCES") } }, "UMB-6101"],
    ["a rename that fails", { files: { rename: fail("EIO") } }, "UMB-6101"],
    ["a broken source", { source: { read: fail("EIO") } }, "UMB-7103"],
    ["a source that may not be read", { files: { openSource: fail("EACCES") } }, "UMB-7103"],
    ["a source that hangs", { source: { read: hang } }, "UMB-7106"],
    ["a storage that hangs", { target: { write: hang } }, "UMB-6103"],
  ])("%s ends the copy with its own error and leaves nothing", async (_, over, code) => {
    await using r = await rig(datafile(5));
    const copier = createCopier({ files: disk(over) });
    expect(await codeOf(copier.copy(r.request({ stallMs: 100 })))).toBe(code);
    expect(readdirSync(r.folder)).toEqual(["users 01.dbf"]);
  });

  test.each([
    ["a full storage while writing", { target: { write: fail("ENOSPC") } }, "UMB-6105"],
    ["a full storage while flushing", { target: { sync: fail("EDQUOT") } }, "UMB-6105"],
    ["a copy that cannot be read", { target: { read: fail("EIO") } }, "UMB-6101"],
    ["a copy that cannot be written", { files: { openExisting: fail("EACCES") } }, "UMB-6101"],
    ["a broken source", { source: { read: fail("EIO") } }, "UMB-7103"],
    ["a storage that hangs", { target: { write: hang } }, "UMB-6103"],
    ["old hashes that cannot be removed", { files: { remove: fail("EROFS") } }, "UMB-6101"],
  ])("%s ends a refresh with its own error", async (_, over, code) => {
    await using r = await refreshRig(fileOf([1, 2, 3]), fileOf([1, 2]));
    const hashes = { path: `${r.target}.hashes` as FilePath, generation: "", next: "a" };
    const copier = createCopier({ files: disk(over) });
    for (const by of ["compare", "hashes"] as const) {
      const request = r.refreshRequest({ stallMs: 100, changes: { by }, hashes });
      expect(await codeOf(copier.refresh(request))).toBe(code);
    }
    await createCopier().refresh(r.refreshRequest());
    expect(readFileSync(r.target).equals(fileOf([1, 2, 3]))).toBe(true);
  });

  test("hashes that cannot be stored are told, and the copy is good", async () => {
    await using r = await refreshRig(fileOf([1, 2, 3]), fileOf([1, 2]));
    const hashes = { path: `${r.target}.hashes` as FilePath, generation: "", next: "a" };
    const copier = createCopier({ files: disk({ files: { rename: fail("ENOSPC") } }) });
    expect(await copier.refresh(r.refreshRequest({ hashes }))).toMatchObject({ hashesKept: false });
    expect(readdirSync(r.folder).toSorted()).toEqual(["copy.dbf", "users 01.dbf"]);
    expect(readFileSync(r.target).equals(fileOf([1, 2, 3]))).toBe(true);
  });

  test("reads and writes that do less than asked are gone on with", async () => {
    await using r = await rig(datafile(5));
    const real = nodeFiles;
    const short: Files = {
      ...real,
      openSource: async (path) => {
        const file = await real.openSource(path);
        const read = (into: Buffer, at: number, length: number, position: number) =>
          file.read(into, at, position === 0 ? length : Math.min(length, 1000), position);
        return new Proxy(file, {
          get: (f, key) => {
            if (key === "read") return read;
            const own: unknown = Reflect.get(f, key, f);
            return typeof own === "function" ? (own.bind(f) as unknown) : own;
          },
        });
      },
    };
    const result = await createCopier({ files: short, inlineChunkBytes: 8192 }).copy(r.request());
    expect(result.blocks).toMatchObject({ ok: 6 });
  });
});
