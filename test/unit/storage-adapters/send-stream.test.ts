import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { readSendStream, StreamError } from "../../../storage-adapters/btrfs/send-stream.ts";

type Attribute = readonly [type: number, value: Buffer | string | number];

const path = (value: string): Attribute => [15, value];
const pathTo = (value: string): Attribute => [16, value];
const offset = (value: number): Attribute => [18, value];
const size = (value: number): Attribute => [4, value];

function encoded(value: Attribute[1]): Buffer {
  if (typeof value !== "number") return Buffer.from(value);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function command(number: number, ...attributes: readonly Attribute[]): Buffer {
  const body = attributes.map(([type, value]) => {
    const bytes = encoded(value);
    const head = Buffer.alloc(4);
    head.writeUInt16LE(type, 0);
    head.writeUInt16LE(bytes.length, 2);
    return Buffer.concat([head, bytes]);
  });
  const head = Buffer.alloc(10);
  head.writeUInt32LE(Buffer.concat(body).length, 0);
  head.writeUInt16LE(number, 4);
  return Buffer.concat([head, ...body]);
}

const header = (version = 1): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(version);
  return Buffer.concat([Buffer.from("btrfs-stream\0"), bytes]);
};
const end = command(21);
const update = (name: string, at: number, length: number) =>
  command(22, path(name), offset(at), size(length));
const mkfile = (name: string) => command(3, path(name));
const rename = (from: string, to: string) => command(9, path(from), pathTo(to));
const stream = (...commands: readonly Buffer[]) => Buffer.concat([header(), ...commands, end]);

describe("a stream of btrfs send", () => {
  test("extents belong to the file that is named", () => {
    const files = readSendStream(
      stream(update("a/b.dbf", 8192, 4096), update("c", 0, 1), update("a/b.dbf", 0, 512)),
    );
    expect(files.get("a/b.dbf")).toEqual({
      made: false,
      extents: [
        { offset: 8192, length: 4096 },
        { offset: 0, length: 512 },
      ],
    });
    expect(files.get("c")?.extents).toHaveLength(1);
  });

  test("a file that was made under a passing name is known as made under its own", () => {
    const files = readSendStream(
      stream(mkfile("o257-9-0"), rename("o257-9-0", "a.dbf"), update("a.dbf", 0, 9)),
    );
    expect(files.get("a.dbf")).toEqual({ made: true, extents: [{ offset: 0, length: 9 }] });
    expect(files.has("o257-9-0")).toBe(false);
  });

  test("extents go along when a directory above is renamed, and only then", () => {
    const files = readSendStream(stream(update("d/f", 0, 1), update("dd/f", 2, 3), rename("d", "e")));
    expect([...files.keys()].toSorted()).toEqual(["dd/f", "e/f"]);
  });

  test("two files that change their names keep their own extents", () => {
    const files = readSendStream(
      stream(update("a", 1, 1), update("b", 2, 2), rename("a", "o1"), rename("b", "a"), rename("o1", "b")),
    );
    expect(files.get("a")?.extents).toEqual([{ offset: 2, length: 2 }]);
    expect(files.get("b")?.extents).toEqual([{ offset: 1, length: 1 }]);
  });

  test("written and cloned bytes are changed bytes", () => {
    const written = command(15, path("a"), offset(4), [19, Buffer.alloc(7)]);
    const cloned = command(16, path("a"), offset(100), [24, 50], [22, "b"], [23, 0]);
    expect(readSendStream(stream(written, cloned)).get("a")?.extents).toEqual([
      { offset: 4, length: 7 },
      { offset: 100, length: 50 },
    ]);
  });

  test("an unlinked file is not in the answer, and owners and times change nothing", () => {
    const files = readSendStream(
      stream(update("a", 0, 1), command(11, path("a")), command(19, path("b")), command(20, path("b"))),
    );
    expect([...files.keys()]).toEqual([]);
  });

  test("wherever a stream is cut off, nothing is said from it", () => {
    const whole = stream(mkfile("x"), update("a.dbf", 4096, 8192), rename("x", "y"));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
        expect(() => readSendStream(whole.subarray(0, length))).toThrow(StreamError);
      }),
    );
  });

  test("whatever the bytes, they are read or refused, and reading ends", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const bytes = Buffer.concat([header(), noise]);
        let refused: unknown;
        try {
          expect(readSendStream(bytes).size).toBeLessThan(20);
        } catch (error) {
          refused = error;
        }
        expect(refused === undefined || refused instanceof StreamError).toBe(true);
      }),
    );
  });

  test.each([
    ["a later version", Buffer.concat([header(2), end])],
    ["a command of a later version", stream(command(25, path("a")))],
    ["another file", Buffer.from("#!/bin/sh\n")],
    ["an extent without its place", stream(command(22, path("a"), size(1)))],
  ])("%s is refused", (_, bytes) => {
    expect(() => readSendStream(bytes)).toThrow(StreamError);
  });
});
