import { Readable } from "node:stream";

import * as fc from "fast-check";
import { expect, test } from "vitest";

import { linesOf, LineTooLong } from "../../../src/remote/lines.ts";

const streamOf = (...chunks: readonly string[]) =>
  Readable.from(
    chunks.map((chunk) => Buffer.from(chunk)),
    { objectMode: false },
  );

async function all(stream: Readable, maxBytes = 1_000): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(stream, maxBytes)) lines.push(line);
  return lines;
}

test("lines are the same however the bytes arrive, also in the middle of a character", async () => {
  const word = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", " "));
  await fc.assert(
    fc.asyncProperty(fc.array(word), fc.integer({ min: 1, max: 7 }), async (words, size) => {
      const bytes = Buffer.from(words.map((text) => `${text}\n`).join(""));
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(await all(Readable.from(pieces, { objectMode: false }))).toEqual(words);
    }),
  );
});

test("what stands after the last newline is not a line: its writer died in it", async () => {
  expect(await all(streamOf("one\ntw"))).toEqual(["one"]);
});

test("a line without an end is left before it fills the memory", async () => {
  await expect(all(streamOf("short\n", "x".repeat(600), "x".repeat(600)))).rejects.toThrow(LineTooLong);
});
