import { describe, expect, test } from "vitest";

import type { StatementContext } from "../../../../simulator/tns/execute-request.ts";
import { MalformedRequest, TtcReader, Underrun } from "../../../../simulator/tns/reader.ts";
import { readRequest } from "../../../../simulator/tns/request.ts";
import { TtcWriter } from "../../../../simulator/tns/writer.ts";

const context: StatementContext = {
  fieldVersion: 12,
  longestString: 4000,
  prefixedText: true,
  cursor: (id) =>
    id === 9
      ? {
          isPlsql: true,
          isQuery: false,
          binds: ["in", "out", "in"].map(() => ({
            type: 1,
            form: 1,
            isArray: false,
            maxSize: 100,
            lobSizes: false,
          })),
          outOnly: [false, true, false],
        }
      : undefined,
};

const read = (bytes: Buffer) => readRequest(new TtcReader(bytes), context);

describe("requests", () => {
  test("piggybacks come before the call and are kept in their order", () => {
    const bytes = new TtcWriter()
      .u8(17)
      .u8(0x69)
      .u8(1)
      .u8(1)
      .int(2)
      .int(5)
      .int(300)
      .u8(17)
      .u8(0x98)
      .u8(2)
      .u8(1)
      .int(2)
      .text("HR")
      .u8(3)
      .u8(147)
      .u8(3).written;
    expect(read(bytes)).toEqual({
      kind: "call",
      piggybacks: [
        { kind: "close-cursors", cursors: [5, 300] },
        { kind: "set-schema", schema: "HR" },
      ],
      sequence: 3,
      call: { kind: "ping" },
    });
  });

  test("a re-execution leaves away the binds that the server called OUT", () => {
    const bytes = new TtcWriter()
      .u8(3)
      .u8(4)
      .u8(1)
      .int(9)
      .int(2)
      .int(0)
      .int(1)
      .u8(7)
      .text("a")
      .text("b")
      .u8(7)
      .text("c")
      .text("d").written;
    expect(read(bytes)).toMatchObject({
      call: {
        kind: "reexecute",
        cursor: 9,
        iterations: 2,
        commit: true,
        rows: [
          ["a", null, "b"],
          ["c", null, "d"],
        ],
      },
    });
  });

  test("a request that ends too early can be read again when the rest is there", () => {
    const bytes = new TtcWriter()
      .u8(17)
      .u8(0x69)
      .u8(1)
      .u8(1)
      .int(1)
      .int(5)
      .u8(3)
      .u8(5)
      .u8(2)
      .int(9)
      .int(1000).written;
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => read(bytes.subarray(0, length))).toThrow(Underrun);
    }
    expect(read(bytes)).toMatchObject({ call: { kind: "fetch", cursor: 9, rows: 1000 } });
  });

  test("a piggyback whose length nobody knows is malformed", () => {
    expect(() => read(new TtcWriter().u8(17).u8(0xcc).u8(1).u8(0).written)).toThrow(MalformedRequest);
  });

  test("a message that no client sends is malformed", () => {
    expect(() => read(Buffer.from([99]))).toThrow(MalformedRequest);
  });

  test("an unknown function is answered, not dropped", () => {
    expect(read(Buffer.from([3, 0x67, 1]))).toMatchObject({ call: { kind: "unsupported", function: 0x67 } });
  });
});
