import { createHash } from "node:crypto";
import { open, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";

import { describe, expect, onTestFinished, test, type TestContext } from "vitest";

import { partPath } from "../../../src/copy/part.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { readDatafileHeader } from "../../../src/formats/datafile-header.ts";
import type { CopyRequest } from "../../../src/ports/copier.ts";
import type { Host } from "../../../src/ports/host.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";
import { archivedLog, BLOCK, datafile } from "../../unit/formats/oracle-file.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const SOURCE = "it's $(users) 01.dbf";

/**
 * What every host that can copy keeps, wherever its engine runs. `ahead`: it may be ahead of the progress that its caller
 * took in, and so be done before it hears that it is given up.
 */
export function keepsThePromisesOfACopyingHost(
  name: string,
  hostFor: (context: TestContext) => Promise<Host>,
  { ahead = false }: { readonly ahead?: boolean } = {},
): void {
  const rig = async (context: TestContext, content: Uint8Array) => {
    const host = await hostFor(context);
    const scratch = scratchDirectory(tmpdir());
    onTestFinished(() => scratch[Symbol.dispose]());
    const at = (file: string) => `${scratch.path}/${file}` as FilePath;
    await writeFile(at(SOURCE), content);
    const request = (over: Partial<CopyRequest> = {}): CopyRequest => ({
      source: at(SOURCE),
      target: at("copy.dbf"),
      mode: "consistent",
      blockSize: BLOCK,
      relativeFile: 7,
      stallMs: 10_000,
      ...over,
    });
    const names = async () => (await readdir(scratch.path)).toSorted();
    const nothingHalfMade = async () => {
      const left = (await names()).filter((one) => one !== SOURCE);
      expect(left).toEqual(ahead && left.length > 0 ? ["copy.dbf"] : []);
      for (const whole of left) expect((await readFile(at(whole))).equals(content)).toBe(true);
    };
    return { host, at, request, names, nothingHalfMade };
  };

  describe(`${name}: copies`, () => {
    test("a copy is byte for byte the source, with its hash, its tally, its header and its progress", async (context) => {
      const content = datafile(1500);
      const { host, at, request, names } = await rig(context, content);
      const seen: number[] = [];
      const onProgress = (bytesDone: number) => void seen.push(bytesDone);
      const result = await host.copy(request({ expectedBlocks: 1501, onProgress }));
      expect((await readFile(at("copy.dbf"))).equals(content)).toBe(true);
      expect(result).toMatchObject({ bytes: content.length, sha256: sha256(content) });
      expect(result.blocks).toMatchObject({ examined: 1501, ok: 1501, fractured: 0, reread: 0 });
      expect(result).not.toHaveProperty("grownBytes");
      expect(readDatafileHeader(result.head)).toMatchObject({ ok: true, value: { tablespace: "USERS" } });
      expect(seen.at(-1)).toBe(content.length);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      expect(await names()).toEqual(["copy.dbf", SOURCE]);
    });

    test("a file without blocks and a log are copied as what they are", async (context) => {
      const text = Buffer.from("not a multiple of anything");
      const plain = await rig(context, text);
      const copied = await plain.host.copy(plain.request({ mode: "plain" }));
      expect(copied).toMatchObject({ bytes: text.length, sha256: sha256(text), head: text });
      const log = await rig(context, archivedLog(300));
      const result = await log.host.copy(log.request({ mode: "redo", blockSize: 512 }));
      expect(result.blocks).toMatchObject({ examined: 300, ok: 300 });
    });

    test("an empty file is copied", async (context) => {
      const { host, at, request } = await rig(context, Buffer.alloc(0));
      expect(await host.copy(request({ mode: "plain" }))).toMatchObject({ bytes: 0 });
      expect(await readFile(at("copy.dbf"), "utf8")).toBe("");
    });

    test("a torn block is legal in backup mode and ends the copy outside of it", async (context) => {
      const content = datafile(200);
      content[150 * BLOCK - 1] = 0xee;
      const { host, at, request, names } = await rig(context, content);
      await expect(host.copy(request())).rejects.toMatchObject({
        code: "UMB-9101",
        context: { block: 149, verdict: "fractured", path: at(SOURCE) },
      });
      expect(await names()).toEqual([SOURCE]);
      const { blocks } = await host.copy(request({ mode: "backup-mode" }));
      expect(blocks).toMatchObject({ examined: 201, fractured: 1, ok: 200 });
    });

    test("sources that cannot be copied are refused with the same words everywhere", async (context) => {
      const { host, at, request, names } = await rig(context, datafile(10));
      const refused = async (over: Partial<CopyRequest>, error: object) =>
        await expect(host.copy(request(over))).rejects.toMatchObject(error);
      await refused({ source: at("gone") }, { code: "UMB-7101", context: { path: at("gone") } });
      await refused({ source: at("") }, { code: "UMB-7102" });
      await refused({ blockSize: 16_384 }, { code: "UMB-9102" });
      await refused({ expectedBlocks: 12 }, { code: "UMB-7105" });
      const nowhere = `${at("none")}/x` as FilePath;
      await refused({ target: nowhere }, { code: "UMB-6101", context: { errno: "ENOENT" } });
      await truncate(at(SOURCE), 9 * BLOCK);
      await refused({}, { code: "UMB-7104" });
      expect(await names()).toEqual([SOURCE]);
    });

    test("a source that is longer than its block 0 tells is copied as told, and the rest is told", async (context) => {
      const content = datafile(20);
      const longer = Buffer.concat([content, Buffer.alloc(2 * BLOCK)]);
      const { host, at, request } = await rig(context, longer);
      expect(await host.copy(request())).toMatchObject({ bytes: content.length, grownBytes: 2 * BLOCK });
      expect((await readFile(at("copy.dbf"))).equals(content)).toBe(true);
    });

    test("what a dead copy left is taken over", async (context) => {
      const { host, at, request, names } = await rig(context, datafile(20));
      await writeFile(partPath(at("copy.dbf")), "left by a dead run".repeat(100_000));
      expect((await host.copy(request())).bytes).toBe(22 * BLOCK);
      expect(await names()).toEqual(["copy.dbf", SOURCE]);
    });

    test("a copy that is given up ends with the signal's reason, and leaves nothing half-made", async (context) => {
      const { host, request, nothingHalfMade } = await rig(context, datafile(3000));
      const stop = new AbortController();
      const onProgress = () => stop.abort(new Error("interrupted"));
      await expect(host.copy(request({ signal: stop.signal, onProgress }))).rejects.toThrow("interrupted");
      await nothingHalfMade();
    });

    test("a caller whose progress fails ends the copy with its own error", async (context) => {
      const { host, request, nothingHalfMade } = await rig(context, datafile(3000));
      const onProgress = () => Promise.reject(new Error("no more"));
      await expect(host.copy(request({ onProgress }))).rejects.toThrow("no more");
      await nothingHalfMade();
    });

    test("10 copies at the same time are each whole", async (context) => {
      const content = datafile(500);
      const { host, at, request } = await rig(context, content);
      const targets = Array.from({ length: 10 }, (_, index) => at(`copy-${index}`));
      const all = await Promise.all(targets.map((target) => host.copy(request({ target }))));
      expect(new Set(all.map((result) => result.sha256))).toEqual(new Set([sha256(content)]));
      for (const target of targets) expect((await readFile(target)).equals(content)).toBe(true);
    });

    test("a copy verified later is sound, and every change since is told", async (context) => {
      const { host, at, request } = await rig(context, datafile(300));
      const { sha256: hash } = await host.copy(request());
      const verify = () => host.verify({ ...request(), path: at("copy.dbf"), sha256: hash });
      expect(await verify()).toMatchObject({ sha256Matches: true, damaged: [], blocks: { ok: 301 } });
      await using file = await open(at("copy.dbf"), "r+");
      await file.write(Buffer.from([1, 2, 3]), 0, 3, 200 * BLOCK + 5000);
      expect(await verify()).toMatchObject({
        sha256Matches: false,
        damaged: [{ block: 200, verdict: "checksum" }],
      });
    });
  });
}
