import * as fc from "fast-check";
import { expect, test } from "vitest";

import { frameText, parseFrame } from "../../../src/remote/frame-text.ts";

const leaf = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.integer(),
  fc.bigInt(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);
/** Names that begin with `$` are the format's own. */
const name = fc.string().filter((text) => !text.startsWith("$") && text !== "__proto__");
const { message } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value")),
    fc.dictionary(name, tie("value"), { noNullPrototype: true }),
  ),
  message: fc.dictionary(name, tie("value"), { noNullPrototype: true }),
}));

test("a message is one line, and comes out as it went in", () => {
  fc.assert(
    fc.property(message, (value) => {
      const text = frameText(value);
      expect(text.indexOf("\n")).toBe(text.length - 1);
      expect(parseFrame(text)).toStrictEqual(value);
    }),
  );
});

test("what is no message is an error", () => {
  expect(() => parseFrame("Welcome to db1!")).toThrow(SyntaxError);
});
