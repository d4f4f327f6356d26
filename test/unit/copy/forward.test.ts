import { execFile } from "node:child_process";
import { createSecretKey } from "node:crypto";
import { existsSync } from "node:fs";
import { open, readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { createCopier } from "../../../src/copy/copier.ts";
import { markOf, PIECE_BYTES } from "../../../src/copy/marks.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import type { ForwardRequest } from "../../../src/ports/copier.ts";
import { BLOCK } from "../formats/oracle-file.ts";
import { codeOf } from "./copying.ts";
import { fileOf, refreshRig } from "./refreshing.ts";

/** Blocks in a piece. */
const PIECE = PIECE_BYTES / BLOCK;
const copier = createCopier({ durable: false });

async function rigOf(now: readonly number[], old: readonly number[]) {
  const rig = await refreshRig(fileOf(now), fileOf(old));
  const marks = `${rig.target}.marks` as FilePath;
  const pass = (name: ForwardRequest["pass"]) =>
    copier.forward({ ...rig.request(), mode: "consistent", pass: name, marks });
  return { rig, marks, pass, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}

const states = fc.array(fc.nat(2), { minLength: 1, maxLength: 3 * PIECE });

test("after mark and forward the copy is the source, whatever it was before; settle finds no difference", async () => {
  await fc.assert(
    fc.asyncProperty(states, states, states, async (old, between, now) => {
      await using made = await rigOf(between, old);
      const { rig, pass } = made;
      await pass("mark");
      await pass("forward");
      await writeFile(rig.source, fileOf(now));
      const { bytes } = await pass("forward");
      expect(await readFile(rig.target)).toEqual(fileOf(now));
      expect(bytes).toBe(fileOf(now).length);
      expect((await pass("settle")).differing).toBe(0);
      expect(existsSync(made.marks)).toBe(false);
    }),
    { numRuns: 30 },
  );
});

test("only pieces that changed are written", async () => {
  const old = Array.from({ length: 8 * PIECE }, () => 0);
  const now = old.with(3 * PIECE, 1);
  await using made = await rigOf(now, old);
  await made.pass("mark");
  expect((await made.pass("forward")).bytesWritten).toBe(PIECE_BYTES);
  expect((await made.pass("forward")).bytesWritten).toBe(0);
});

describe("settle tells", () => {
  test("a copy of which one bit is not what was read of the source", async () => {
    const state = Array.from({ length: 2 * PIECE }, () => 1);
    await using made = await rigOf(state, state);
    await made.pass("mark");
    await made.pass("forward");
    await flip(made.rig.target, 5 * BLOCK + 77);
    expect((await made.pass("settle")).differing).toBe(1);
  });

  test("a copy that became shorter", async () => {
    const state = Array.from({ length: 2 * PIECE }, () => 1);
    await using made = await rigOf(state, state);
    await made.pass("mark");
    await writeFile(made.rig.target, fileOf(state.slice(1)));
    expect((await made.pass("settle")).differing).toBeGreaterThan(0);
  });
});

test("a damaged block that changed is not taken over from a source that nobody writes", async () => {
  const old = Array.from({ length: 4 }, () => 0);
  await using made = await rigOf(old, old);
  await made.pass("mark");
  await flip(made.rig.source, 3 * BLOCK + 200);
  expect(await codeOf(made.pass("forward"))).toBe("UMB-9101");
});

test("something else under the name of the marks is an error, not a copy that seems right", async () => {
  await using made = await rigOf([1], [1]);
  await writeFile(made.marks, "no marks");
  expect(await codeOf(made.pass("forward"))).toBe("UMB-6101");
});

test("marks of one bit more or less, of another piece and of another key differ", () => {
  const key = createSecretKey(Buffer.alloc(16, 1));
  const piece = Buffer.alloc(PIECE_BYTES, 7);
  const mark = markOf(key, piece, 0);
  const flipped = Buffer.from(piece);
  flipped[1000] = 6;
  expect(markOf(key, piece, 0)).toEqual(mark);
  expect(markOf(key, flipped, 0)).not.toEqual(mark);
  expect(markOf(key, piece, 1)).not.toEqual(mark);
  expect(markOf(key, piece.subarray(1), 0)).not.toEqual(mark);
  expect(markOf(createSecretKey(Buffer.alloc(16, 2)), piece, 0)).not.toEqual(mark);
});

test("a large file is compared by threads, with the same result", async () => {
  const old = Array.from({ length: 600 }, (_, block) => block % 3);
  const now = old.with(0, 9).with(333, 9).with(334, 9).with(599, 9);
  await using threads = createCopier({ durable: false, inlineBelow: 1 });
  await using rig = await refreshRig(fileOf(now), fileOf(old));
  const marks = `${rig.target}.marks` as FilePath;
  const pass = (name: ForwardRequest["pass"]) =>
    threads.forward({ ...rig.request(), mode: "consistent", pass: name, marks });
  await pass("mark");
  expect((await pass("forward")).bytesWritten).toBeLessThan(5 * PIECE_BYTES);
  expect(await readFile(rig.target)).toEqual(fileOf(now));
  expect((await pass("settle")).differing).toBe(0);
});

test("a process lives as long as its threads compare", async () => {
  const state = Array.from({ length: 200 }, () => 1);
  await using rig = await refreshRig(fileOf(state), fileOf(state));
  const script = `
    import { createCopier } from ${JSON.stringify(new URL("../../../src/copy/copier.ts", import.meta.url))};
    const copier = createCopier({ durable: false, inlineBelow: 1 });
    const request = ${JSON.stringify({ ...rig.request(), marks: `${rig.target}.marks` })};
    await copier.forward({ ...request, pass: "mark" });
    process.stdout.write("done");`;
  const argv = ["--input-type=module-typescript", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  expect(stdout).toBe("done");
});

async function flip(path: string, position: number): Promise<void> {
  await using file = await open(path, "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, position);
  await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, position);
}
