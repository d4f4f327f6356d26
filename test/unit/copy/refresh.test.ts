import { readdirSync, readFileSync, statSync } from "node:fs";
import { link, mkdir, open, rename, symlink, unlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { createCopier } from "../../../src/copy/copier.ts";
import { nodeFiles, type Files } from "../../../src/copy/files.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { readDatafileHeader } from "../../../src/formats/datafile-header.ts";
import { BLOCK } from "../formats/oracle-file.ts";
import { codeOf } from "./copying.ts";
import {
  bothCopiers,
  differing,
  fileOf,
  refreshRig,
  sha256,
  versions,
  type RefreshRig,
} from "./refreshing.ts";

const copiers = bothCopiers();
const many = (length: number, version = 0) => Array.from({ length }, () => version);
const changed = (list: readonly number[], ...at: readonly number[]) =>
  list.map((version, index) => (at.includes(index) ? version + 1 : version));
const stored = (r: RefreshRig, generation: string, next: string) => ({
  path: join(r.folder, "copy.hashes") as FilePath,
  generation,
  next,
});

describe.each(Object.entries(copiers))("a refresh %s", (_, copier) => {
  test("makes the copy the source, whatever both were, and writes exactly the blocks that differ", async () => {
    await fc.assert(
      fc.asyncProperty(versions(30), versions(30), async (before, after) => {
        const [old, now] = [fileOf(before), fileOf(after)];
        await using r = await refreshRig(now, old);
        const result = await copier.refresh(r.refreshRequest());
        const blocks = differing(old, now).length;
        expect(readFileSync(r.target).equals(now)).toBe(true);
        expect(readFileSync(r.source).equals(now)).toBe(true);
        expect(result).toMatchObject({
          bytes: now.length,
          sha256: sha256(now),
          foundBy: "compare",
          blocksWritten: blocks,
          bytesWritten: blocks * BLOCK,
          blocks: { examined: after.length + 1, ok: after.length + 1 },
        });
        expect(readDatafileHeader(result.head)).toMatchObject({ ok: true });
      }),
      { numRuns: 40 },
    );
  });

  test("by stored hashes does the same, one state after the other", async () => {
    const states = fc.array(versions(20), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(versions(20), states, async (first, later) => {
        await using r = await refreshRig(fileOf(first), Buffer.alloc(0));
        await copier.refresh(r.refreshRequest({ hashes: stored(r, "none", "0") }));
        for (const [index, state] of later.entries()) {
          const [old, now] = [readFileSync(r.target), fileOf(state)];
          await writeFile(r.source, now);
          const result = await copier.refresh(
            r.refreshRequest({
              changes: { by: "hashes" },
              hashes: stored(r, String(index), String(index + 1)),
            }),
          );
          expect(readFileSync(r.target).equals(now)).toBe(true);
          expect(result).toMatchObject({
            foundBy: "hashes",
            sha256: sha256(now),
            blocksWritten: differing(old, now).length,
          });
        }
        expect(readdirSync(r.folder).toSorted()).toEqual(["copy.dbf", "copy.hashes", "users 01.dbf"]);
      }),
      { numRuns: 15 },
    );
  });

  test("by a list reads what is listed and what was added, and leaves the rest alone", async () => {
    await fc.assert(
      fc.asyncProperty(versions(30), versions(30), fc.nat(2 * BLOCK), async (before, after, slack) => {
        const [old, now] = [fileOf(before), fileOf(after)];
        await using r = await refreshRig(now, old);
        const extents = differing(old, now).map((block) => ({
          offset: Math.max(0, block * BLOCK - slack),
          bytes: BLOCK + slack,
        }));
        const result = await copier.refresh(r.refreshRequest({ changes: { by: "list", extents } }));
        expect(readFileSync(r.target).equals(now)).toBe(true);
        expect(result).toMatchObject({ foundBy: "list", blocksWritten: differing(old, now).length });
        expect(result).not.toHaveProperty("sha256");
      }),
      { numRuns: 25 },
    );
    const before = many(40);
    await using r = await refreshRig(fileOf(changed(before, 5, 20)), fileOf(before));
    const extents = [{ offset: 22 * BLOCK + 7, bytes: 1 }];
    const result = await copier.refresh(r.refreshRequest({ changes: { by: "list", extents } }));
    expect(result).toMatchObject({ blocks: { examined: 2 }, blocksWritten: 1 });
    expect(readFileSync(r.target).equals(fileOf(changed(before, 20)))).toBe(true);
  });

  test("by a list brings stored hashes forward, so that what the list forgot is found by them", async () => {
    const before = many(40);
    await using r = await refreshRig(fileOf(before), Buffer.alloc(0));
    await copier.refresh(r.refreshRequest({ hashes: stored(r, "", "a") }));
    const now = fileOf(changed(before, 5, 20));
    await writeFile(r.source, now);
    const list = { by: "list", extents: [{ offset: 22 * BLOCK, bytes: BLOCK }] } as const;
    await copier.refresh(r.refreshRequest({ changes: list, hashes: stored(r, "a", "b") }));
    const result = await copier.refresh(
      r.refreshRequest({ changes: { by: "hashes" }, hashes: stored(r, "b", "c") }),
    );
    expect(result).toMatchObject({ foundBy: "hashes", blocksWritten: 1 });
    expect(readFileSync(r.target).equals(now)).toBe(true);
  });

  test.each([
    ["of another state", () => Promise.resolve(), "other"],
    ["that are damaged", (r: RefreshRig) => damage(join(r.folder, "copy.hashes")), "a"],
    ["that are gone", (r: RefreshRig) => unlink(join(r.folder, "copy.hashes")), "a"],
    ["of a copy that somebody wrote since", (r: RefreshRig) => utimes(r.target, 1, 1), "a"],
  ])("does not trust hashes %s: it compares", async (_name, spoil, generation) => {
    const before = many(20);
    await using r = await refreshRig(fileOf(before), Buffer.alloc(0));
    await copier.refresh(r.refreshRequest({ hashes: stored(r, "", "a") }));
    await writeFile(r.source, fileOf(changed(before, 5)));
    await spoil(r);
    const hashes = stored(r, generation, "c");
    const result = await copier.refresh(r.refreshRequest({ changes: { by: "hashes" }, hashes }));
    expect(result).toMatchObject({ foundBy: "compare", blocksWritten: 1 });
    expect(readFileSync(r.target).equals(fileOf(changed(before, 5)))).toBe(true);
  });

  test("in backup mode takes torn blocks as they are and counts them; otherwise they end it", async () => {
    const now = fileOf(changed(many(20), 5));
    now[8 * BLOCK - 1] = 0xee;
    await using r = await refreshRig(now, fileOf(many(20)));
    expect(await codeOf(copier.refresh(r.refreshRequest()))).toBe("UMB-9101");
    const result = await copier.refresh(r.refreshRequest({ mode: "backup-mode" }));
    expect(result.blocks).toMatchObject({ examined: 21, ok: 20, fractured: 1 });
    expect(readFileSync(r.target).equals(now)).toBe(true);
  });

  test("that was given up in the middle is made whole by the next one", async () => {
    const [old, now] = [fileOf(many(200)), fileOf(many(200, 1))];
    await using r = await refreshRig(now, old);
    const abort = new AbortController();
    const onProgress = (done: number) => {
      if (done > 40 * BLOCK) abort.abort(new Error("interrupted"));
    };
    const hashes = stored(r, "", "a");
    const given = copier.refresh(r.refreshRequest({ signal: abort.signal, onProgress, hashes }));
    await expect(given).rejects.toThrow("interrupted");
    expect(statSync(r.target).size).toBe(now.length);
    const result = await copier.refresh(
      r.refreshRequest({ changes: { by: "hashes" }, hashes: stored(r, "a", "b") }),
    );
    expect(result).toMatchObject({ foundBy: "compare", sha256: sha256(now) });
    expect(readFileSync(r.target).equals(now)).toBe(true);
  });
});

describe("a refresh of large runs of blocks, past the page cache", () => {
  test.each([
    ["all of them", () => true],
    ["all but some", (index: number) => index % 97 > 0],
    ["some", (index: number) => index % 131 === 0],
  ])("changed: %s", async (_, isChanged) => {
    await using copier = createCopier({ inlineBelow: 0 });
    const before = many(500);
    const after = before.map((version, index) => (isChanged(index) ? version + 1 : version)).concat(many(40));
    const [old, now] = [fileOf(before), fileOf(after)];
    await using r = await refreshRig(now, old);
    const result = await copier.refresh(r.refreshRequest({ hashes: stored(r, "", "a") }));
    expect(readFileSync(r.target).equals(now)).toBe(true);
    expect(result).toMatchObject({ sha256: sha256(now), blocksWritten: differing(old, now).length });
    await writeFile(r.source, old);
    const back = { changes: { by: "hashes" }, hashes: stored(r, "a", "b") } as const;
    expect(await copier.refresh(r.refreshRequest(back))).toMatchObject({
      foundBy: "hashes",
      hashesKept: true,
    });
    expect(readFileSync(r.target).equals(old)).toBe(true);
  });

  test("a full storage is told as what it is here, and the threads serve the next refresh", async () => {
    const [old, now] = [fileOf(many(50)), fileOf(many(50, 1))];
    await using r = await refreshRig(now, old);
    let isFull = true;
    const files: Files = {
      ...nodeFiles,
      openDirect: () => Promise.resolve(undefined),
      openExisting: async (path) => {
        const file = await nodeFiles.openExisting(path);
        if (!isFull) return file;
        const full = await open("/dev/full", "r+");
        const closeFull = full.close.bind(full);
        const close = () => file.close().then(closeFull);
        return Object.assign(full, { stat: file.stat.bind(file), truncate: file.truncate.bind(file), close });
      },
    };
    await using copier = createCopier({ inlineBelow: 0, files });
    // The device reads as zeros: every block differs.
    expect(await codeOf(copier.refresh(r.refreshRequest()))).toBe("UMB-6105");
    isFull = false;
    await copier.refresh(r.refreshRequest());
    expect(readFileSync(r.target).equals(now)).toBe(true);
  });
});

describe("copies that a refresh refuses", () => {
  const inline = copiers["in this thread"];

  test("not there, a folder, a symbolic link", async () => {
    await using r = await refreshRig(fileOf([1]), fileOf([1]));
    await rename(r.target, join(r.folder, "moved"));
    expect(await codeOf(inline.refresh(r.refreshRequest()))).toBe("UMB-6101");
    await symlink(join(r.folder, "moved"), r.target);
    expect(await codeOf(inline.refresh(r.refreshRequest()))).toBe("UMB-6101");
    await unlink(r.target);
    await mkdir(r.target);
    expect(await codeOf(inline.refresh(r.refreshRequest()))).toBe("UMB-6101");
  });

  test("the source itself, under another name", async () => {
    await using r = await refreshRig(fileOf([1]), fileOf([1]));
    await unlink(r.target);
    await link(r.source, r.target);
    await expect(inline.refresh(r.refreshRequest())).rejects.toMatchObject({ code: "UMB-6106" });
  });

  test("of a source that is damaged, before anything is written", async () => {
    const old = fileOf([1, 2, 3]);
    await using r = await refreshRig(Buffer.alloc(3 * BLOCK), old);
    expect(await codeOf(inline.refresh(r.refreshRequest()))).toBe("UMB-9102");
    expect(readFileSync(r.target).equals(old)).toBe(true);
  });
});

async function damage(path: string): Promise<void> {
  await using file = await open(path, "r+");
  const { size } = await file.stat();
  await file.write(Buffer.from([1]), 0, 1, size - 50);
}
