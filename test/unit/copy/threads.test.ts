import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { open, truncate } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";

import { createCopier } from "../../../src/copy/copier.ts";
import { nodeFiles, type Files } from "../../../src/copy/files.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { address, BLOCK, datafile, dataBlock, osBlock } from "../formats/oracle-file.ts";
import { codeOf, rig } from "./copying.ts";

const CHUNK = 32_768;
const ring = { slots: 3, chunkBytes: CHUNK };
const small = createCopier({ inlineBelow: 0, durable: false, ring });
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
/** Node's files without a way past the page cache. */
const buffered: Files = { ...nodeFiles, openDirect: () => Promise.resolve(undefined) };

const throughCache = createCopier({ inlineBelow: 0, durable: false, ring, files: buffered });
afterAll(() => Promise.all([small[Symbol.asyncDispose](), throughCache[Symbol.asyncDispose]()]));

/** A datafile of blocks of any size, with a block 0. */
function fileOf(blocks: number, blockSize: number): Buffer {
  const content = Array.from({ length: blocks }, (_, i) => {
    const fill = (block: Buffer) => void block.fill((i * 37) % 251);
    return dataBlock({ address: address(7, i + 1), scn: 1000 + i, fill }, blockSize);
  });
  return Buffer.concat([osBlock(blocks, blockSize), ...content]);
}

describe("a copy in threads", () => {
  test("is byte for byte the source for any number of blocks of any size", async () => {
    const blockSize = fc.constantFrom(2048, 4096, 8192, 16_384, 32_768);
    const chunks = fc.double({ min: 0, max: 8, noNaN: true });
    await fc.assert(
      fc.asyncProperty(blockSize, chunks, async (size, upTo) => {
        const blocks = Math.max(1, Math.round((upTo * CHUNK) / size));
        const content = fileOf(blocks, size);
        await using r = await rig(content);
        const result = await small.copy(r.request({ blockSize: size }));
        expect(readFileSync(r.target).equals(content)).toBe(true);
        expect(result).toMatchObject({ sha256: sha256(content), blocks: { examined: blocks, ok: blocks } });
      }),
      { numRuns: 40 },
    );
  });

  test.each([1, 511, 4095, 4096, 4097, 8191, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 4 * CHUNK + 4097])(
    "of %i bytes without blocks keeps its tail, with and without direct I/O",
    async (bytes) => {
      const content = Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 7) % 253));
      await using r = await rig(content);
      for (const copier of [small, throughCache]) {
        const result = await copier.copy(r.request({ mode: "plain" }));
        expect(readFileSync(r.target).equals(content)).toBe(true);
        expect(result).toMatchObject({ bytes, sha256: sha256(content) });
      }
    },
  );

  test("of an empty file is empty", async () => {
    await using r = await rig(Buffer.alloc(0));
    expect(await small.copy(r.request({ mode: "plain" }))).toMatchObject({ bytes: 0 });
    expect(readFileSync(r.target).length).toBe(0);
  });

  test("tells its progress in order, each chunk once", async () => {
    const content = datafile(50);
    await using r = await rig(content);
    const seen: number[] = [];
    await small.copy(r.request({ onProgress: (done) => void seen.push(done) }));
    const ends = Array.from({ length: Math.ceil(content.length / CHUNK) }, (_, i) => (i + 1) * CHUNK);
    expect(seen).toEqual(ends.map((end) => Math.min(end, content.length)));
  });

  test("reads no further than the ring while the caller's promise is open", async () => {
    const content = datafile(200);
    await using r = await rig(content);
    const held = Promise.withResolvers<void>();
    const first = Promise.withResolvers<void>();
    const copying = small.copy(
      r.request({
        onProgress: () => {
          first.resolve();
          return held.promise;
        },
      }),
    );
    await first.promise;
    // A change behind the ring must be seen: no lane may have read it before.
    const file = await open(r.source, "r+");
    const changed = dataBlock({ address: address(7, 150), scn: 99 });
    await file.write(changed, 0, BLOCK, 150 * BLOCK);
    await file.close();
    held.resolve();
    await copying;
    expect(
      readFileSync(r.target)
        .subarray(150 * BLOCK, 151 * BLOCK)
        .equals(changed),
    ).toBe(true);
  });

  test("that the caller holds for longer than the stall limit is not ended", async () => {
    await using r = await rig(datafile(50));
    // A machine that is busy needs its time until the first byte.
    const stallMs = 3_000;
    const hold = () => new Promise<void>((resolve) => setTimeout(resolve, 1.2 * stallMs));
    let calls = 0;
    const onProgress = () => (++calls === 1 ? hold() : undefined);
    expect(await codeOf(small.copy(r.request({ stallMs, onProgress })))).toBe("none");
  });

  test("a progress call that fails ends it, and nothing is left", async () => {
    await using r = await rig(datafile(50));
    const onProgress = () => Promise.reject(new Error("the caller cannot go on"));
    await expect(small.copy(r.request({ onProgress }))).rejects.toThrow("cannot go on");
    expect(readdirSync(r.folder)).toEqual(["users 01.dbf"]);
  });

  test("ends when it is aborted before, or in the middle, and the threads serve the next copy", async () => {
    const content = datafile(400);
    await using r = await rig(content);
    const middle = new AbortController();
    const onProgress = (done: number) => {
      if (done > 20 * CHUNK) middle.abort(new Error("interrupted"));
    };
    await expect(small.copy(r.request({ signal: middle.signal, onProgress }))).rejects.toThrow("interrupted");
    await expect(small.copy(r.request({ signal: AbortSignal.abort(new Error("before")) }))).rejects.toThrow(
      "before",
    );
    expect(readdirSync(r.folder)).toEqual(["users 01.dbf"]);
    expect(await small.copy(r.request())).toMatchObject({ sha256: sha256(content) });
  });

  test("of a source that shrinks, or grows, meanwhile is refused, or told", async () => {
    const content = datafile(400);
    await using r = await rig(content);
    const shrink = once1(() => truncate(r.source, 150 * BLOCK + 100));
    expect(await codeOf(small.copy(r.request({ onProgress: shrink })))).toBe("UMB-7104");
    expect(readdirSync(r.folder)).toEqual(["users 01.dbf"]);
    await using g = await rig(content);
    const grow = once1(() => truncate(g.source, content.length + BLOCK));
    expect(await small.copy(g.request({ onProgress: grow }))).toMatchObject({
      bytes: content.length,
      grownBytes: BLOCK,
      sha256: sha256(content),
    });
  });

  test("repairs torn blocks of several chunks, and counts them", async () => {
    const whole = datafile(60);
    const torn = Buffer.from(whole);
    for (const block of [1, 2, 3]) torn[(block + 1) * BLOCK - 1] = 0xee;
    await using r = await rig(torn);
    // Threads that run already: nothing else reads while the test waits for what they read.
    await small.copy(r.request({ mode: "backup-mode", target: `${r.target}.first` as FilePath }));
    const before = bytesRead();
    const copying = small.copy(r.request());
    while (bytesRead() < before + 2 * CHUNK + BLOCK) await new Promise((resolve) => setTimeout(resolve, 1));
    const file = await open(r.source, "r+");
    await file.write(whole, 0, whole.length, 0);
    await file.close();
    expect(await copying).toMatchObject({ sha256: sha256(whole), blocks: { ok: 61, reread: 3 } });
    expect(readFileSync(r.target).equals(whole)).toBe(true);
  });
});

/** Bytes that this process read so far. */
const bytesRead = () => Number(/^rchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);

describe("a storage that fails a copy in threads", () => {
  const failing = (files: Partial<Files>) =>
    createCopier({ inlineBelow: 0, durable: false, ring, files: { ...buffered, ...files } });
  /** An open file whose writes in threads go to a device. */
  const writingTo = (device: string) => ({
    createNew: async (path: string) => {
      const file = await nodeFiles.createNew(path);
      const other = await open(device, "r+");
      const closeOther = other.close.bind(other);
      const close = () => file.close().then(closeOther);
      return Object.assign(other, { stat: file.stat.bind(file), close });
    },
  });

  test("full: nothing is left, and the error says so", async () => {
    await using r = await rig(datafile(50));
    await using copier = failing(writingTo("/dev/full"));
    await expect(copier.copy(r.request())).rejects.toMatchObject({
      code: "UMB-6102",
      context: { errno: "ENOSPC" },
    });
    expect(readdirSync(r.folder)).toEqual(["users 01.dbf"]);
  });

  test("that takes direct I/O when it opens and refuses it when it writes is written through the page cache", async () => {
    const content = datafile(50);
    await using r = await rig(content);
    let refusals = 0;
    await using copier = failing({
      // The kernel takes no text for a number here: EINVAL for whatever is written.
      openDirect: async (_file, access) => {
        if (access === "read") return undefined;
        refusals += 1;
        return open("/proc/self/oom_score_adj", "r+");
      },
    });
    expect(await copier.copy(r.request())).toMatchObject({ sha256: sha256(content) });
    expect(readFileSync(r.target).equals(content)).toBe(true);
    expect(refusals).toBe(1);
  });
});

describe("a thread that hangs in a system call", () => {
  test.each(["exit", "run out"])(
    "fails its copy in time and does not hold up a process's end (%s)",
    async (end) => {
      await using r = await rig(Buffer.alloc(100_000));
      const pipe = join(r.folder, "pipe");
      execFileSync("mkfifo", [pipe]);
      const script = fileURLToPath(new URL("./hanging-copy.ts", import.meta.url));
      const child = spawn(process.execPath, [script, r.source, r.target, end], {
        env: { ...process.env, UMBRA_TEST_PIPE: pipe },
        stdio: ["ignore", "pipe", "inherit"],
        timeout: 8_000,
        killSignal: "SIGKILL",
      });
      let said = "";
      child.stdout.on("data", (text) => (said += text));
      const [status] = (await once(child, "close")) as [number | null];
      expect({ said, status }).toEqual({ said: "UMB-7106 soon\n", status: 0 });
      expect(readdirSync(r.folder).toSorted()).toEqual(["pipe", "users 01.dbf"]);
    },
  );
});

/** Calls once, at the first progress. */
function once1(act: () => Promise<void>): () => Promise<void> | void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    return act();
  };
}
