import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, open, symlink, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";

import { createCopier } from "../../../src/copy/copier.ts";
import { nodeFiles, type OpenFile } from "../../../src/copy/files.ts";
import { partPath } from "../../../src/copy/part.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { readDatafileHeader } from "../../../src/formats/datafile-header.ts";
import { archivedLog, BLOCK, datafile } from "../formats/oracle-file.ts";
import { codeOf, rig } from "./copying.ts";

const copiers = {
  "in this thread": createCopier({ inlineBelow: Infinity, inlineChunkBytes: 4 * BLOCK, durable: false }),
  "in threads": createCopier({ inlineBelow: 0, durable: false }),
};
afterAll(async () => {
  for (const copier of Object.values(copiers)) await copier[Symbol.asyncDispose]();
});
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const inline = copiers["in this thread"];

describe.each(Object.entries(copiers))("a copy %s", (_, copier) => {
  test("is byte for byte the source, with its hash, its tally and its header", async () => {
    const content = datafile(400);
    await using r = await rig(content);
    const seen: number[] = [];
    const result = await copier.copy(
      r.request({ expectedBlocks: 401, onProgress: (n) => void seen.push(n) }),
    );
    expect(readFileSync(r.target).equals(content)).toBe(true);
    expect(result).toMatchObject({ bytes: content.length, sha256: sha256(content) });
    expect(result.blocks).toMatchObject({ examined: 401, ok: 401, fractured: 0, reread: 0 });
    expect(readDatafileHeader(result.head)).toMatchObject({ ok: true, value: { tablespace: "USERS" } });
    expect(seen.at(-1)).toBe(content.length);
    expect(readdirSync(r.folder).toSorted()).toEqual(["copy.dbf", "users 01.dbf"]);
  });

  test("of a file that no database knows is hashed only", async () => {
    const content = Buffer.from("not a multiple of anything");
    await using r = await rig(content);
    const result = await copier.copy(r.request({ mode: "plain" }));
    expect(result).toMatchObject({ sha256: sha256(content), head: content, blocks: { examined: 0 } });
  });

  test("in backup mode counts torn and half-old blocks and keeps them as they are", async () => {
    const content = datafile(20);
    content[5 * BLOCK - 1] = 0xee;
    content[7 * BLOCK + 999] = 0xee;
    await using r = await rig(content);
    const result = await copier.copy(r.request({ mode: "backup-mode" }));
    expect(result.blocks).toMatchObject({ examined: 21, ok: 19, fractured: 1, badChecksum: 1, reread: 0 });
    expect(readFileSync(r.target).equals(content)).toBe(true);
  });

  test("outside backup mode a block that stays bad ends it, and nothing is left", async () => {
    const content = datafile(200);
    content[150 * BLOCK - 1] = 0xee;
    await using r = await rig(content);
    const copying = copier.copy(r.request());
    await expect(copying).rejects.toMatchObject({
      code: "UMB-9101",
      context: { block: 149, verdict: "fractured", path: r.source },
    });
    expect(readdirSync(r.folder)).toEqual(["users 01.dbf"]);
  });

  test("a zeroed block is damage in backup mode too", async () => {
    const content = datafile(20).fill(0, 9 * BLOCK, 10 * BLOCK);
    await using r = await rig(content);
    expect(await codeOf(copier.copy(r.request({ mode: "backup-mode" })))).toBe("UMB-9101");
  });

  test("of an archived log checks each block's number, sequence and sum", async () => {
    const content = archivedLog(3000);
    await using r = await rig(content);
    const result = await copier.copy(r.request({ mode: "redo", blockSize: 512 }));
    expect(result.blocks).toMatchObject({ examined: 3000, ok: 3000 });
    content[2000 * 512 + 8] = 16;
    await using damaged = await rig(content);
    expect(await codeOf(copier.copy(damaged.request({ mode: "redo", blockSize: 512 })))).toBe("UMB-9101");
  });

  test("ends at once when it is aborted, and leaves nothing", async () => {
    await using r = await rig(datafile(2000));
    const abort = new AbortController();
    const onProgress = () => abort.abort(new Error("interrupted"));
    const copying = copier.copy(r.request({ signal: abort.signal, onProgress }));
    await expect(copying).rejects.toThrow("interrupted");
    expect(readdirSync(r.folder)).toEqual(["users 01.dbf"]);
  });

  test("waits for the promise of a progress call", async () => {
    await using r = await rig(datafile(2000));
    let waiting = 0;
    let most = 0;
    const onProgress = async () => {
      most = Math.max(most, ++waiting);
      await new Promise((resolve) => setImmediate(resolve));
      waiting -= 1;
    };
    await copier.copy(r.request({ onProgress }));
    expect(most).toBe(1);
  });

  test("a full target is a storage error that names what is full", async () => {
    await using r = await rig(datafile(20));
    await expect(copier.copy(r.request({ target: "/proc/umbra/x" as FilePath }))).rejects.toMatchObject({
      code: "UMB-6101",
      context: { errno: "ENOENT" },
    });
  });

  test("verified later is sound, and every change since is told", async () => {
    const content = datafile(300);
    await using r = await rig(content);
    const { sha256: hash } = await copier.copy(r.request());
    const verify = () => copier.verify({ ...r.request(), path: r.target, sha256: hash });
    expect(await verify()).toMatchObject({ sha256Matches: true, damaged: [], blocks: { ok: 301 } });
    const file = await open(r.target, "r+");
    await file.write(Buffer.from([1, 2, 3]), 0, 3, 200 * BLOCK + 5000);
    await file.close();
    expect(await verify()).toMatchObject({
      sha256Matches: false,
      damaged: [{ block: 200, verdict: "checksum" }],
    });
    await truncate(r.target, 100 * BLOCK);
    expect(await verify()).toMatchObject({
      sha256Matches: false,
      bytes: 100 * BLOCK,
      problem: expect.stringMatching(/fewer/),
    });
  });
});

describe("sources that a copy refuses", () => {
  test("not there, a folder, a device", async () => {
    await using r = await rig(datafile(2));
    const of = (source: string) => codeOf(inline.copy(r.request({ source: source as FilePath })));
    expect(await of(join(r.folder, "gone.dbf"))).toBe("UMB-7101");
    expect(await of(r.folder)).toBe("UMB-7102");
    expect(await of("/dev/zero")).toBe("UMB-7102");
  });

  test("truncated, too few blocks, another block size, no Oracle file", async () => {
    const content = datafile(10);
    await using cut = await rig(content.subarray(0, 9 * BLOCK));
    expect(await codeOf(inline.copy(cut.request()))).toBe("UMB-7104");
    await using r = await rig(content);
    expect(await codeOf(inline.copy(r.request({ expectedBlocks: 12 })))).toBe("UMB-7105");
    expect(await codeOf(inline.copy(r.request({ blockSize: 16_384 })))).toBe("UMB-9102");
    await using text = await rig(Buffer.alloc(3 * BLOCK, "text"));
    expect(await codeOf(inline.copy(text.request()))).toBe("UMB-9102");
  });

  test("a source that shrinks, or vanishes, while it is copied is refused", async () => {
    await using r = await rig(datafile(40));
    const shrinking = inline.copy(r.request({ onProgress: () => truncate(r.source, 6 * BLOCK) }));
    expect(await codeOf(shrinking)).toBe("UMB-7104");
    await using v = await rig(datafile(40));
    const vanishing = inline.copy(v.request({ onProgress: () => unlink(v.source).catch(() => {}) }));
    expect(await codeOf(vanishing)).toBe("UMB-7101");
    expect([...readdirSync(r.folder), ...readdirSync(v.folder)]).toEqual(["users 01.dbf"]);
  });

  test("a source that grows is copied as it was at the start, and its growth is told", async () => {
    const content = datafile(40);
    await using r = await rig(content);
    const onProgress = async (done: number) => {
      if (done === content.length) await truncate(r.source, content.length + 3 * BLOCK);
    };
    const result = await inline.copy(r.request({ onProgress }));
    expect(result).toMatchObject({ bytes: content.length, grownBytes: 3 * BLOCK });
  });
});

describe("the temporary name", () => {
  test("of an interrupted copy is taken over, anything else under it is refused", async () => {
    await using r = await rig(datafile(10));
    await writeFile(partPath(r.target), "left by a dead run");
    expect(await codeOf(inline.copy(r.request()))).toBe("none");
    await mkdir(partPath(r.target));
    expect(await codeOf(inline.copy(r.request()))).toBe("UMB-6104");
    await using s = await rig(datafile(10));
    await symlink(s.source, partPath(s.target));
    expect(await codeOf(inline.copy(s.request()))).toBe("UMB-6104");
  });

  test("is never longer than a name may be", async () => {
    expect(partPath("/b/users01.dbf")).toBe("/b/.users01.dbf.umbra-part");
    expect(partPath(`/b/${"x".repeat(255)}`).length).toBeLessThan(255);
  });
});

test("any valid file of blocks is copied byte for byte, in chunks of any size", async () => {
  const size = fc.integer({ min: 1, max: 30 });
  await fc.assert(
    fc.asyncProperty(size, fc.nat(255), fc.integer({ min: 1, max: 200_000 }), async (blocks, salt, chunk) => {
      const content = datafile(blocks, 7, salt);
      await using r = await rig(content);
      const copier = createCopier({ inlineChunkBytes: chunk, durable: false });
      const result = await copier.copy(r.request({ mode: "backup-mode" }));
      expect(readFileSync(r.target).equals(content)).toBe(true);
      expect(result.sha256).toBe(sha256(content));
    }),
    { numRuns: 25 },
  );
});

test("a block that is whole when it is read again goes into the copy whole", async () => {
  const whole = datafile(20);
  const torn = Buffer.from(whole).fill(0xee, 6 * BLOCK - 1, 6 * BLOCK);
  await using r = await rig(torn);
  // The database writes the other half of the block right after it was read for the first time.
  const openSource = async (path: string): Promise<OpenFile> => {
    const file = await nodeFiles.openSource(path);
    const read = (async (buffer: Uint8Array, offset: number, length: number, position: number) => {
      const result = await file.read(buffer, offset, length, position);
      if (position > 0) await writeFile(r.source, whole);
      return result;
    }) as OpenFile["read"];
    const bound = {
      stat: file.stat.bind(file),
      write: file.write.bind(file),
      truncate: file.truncate.bind(file),
      sync: file.sync.bind(file),
    };
    return { fd: file.fd, read, ...bound, close: file.close.bind(file) };
  };
  const options = { inlineBelow: Infinity, inlineChunkBytes: 4 * BLOCK, durable: false };
  const mended = createCopier({ ...options, files: { ...nodeFiles, openSource } });
  const result = await mended.copy(r.request());
  expect(readFileSync(r.target).equals(whole)).toBe(true);
  expect(result).toMatchObject({ sha256: sha256(whole), blocks: { reread: 1, ok: 21 } });
});
