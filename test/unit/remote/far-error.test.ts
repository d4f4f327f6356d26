import { expect, test } from "vitest";

import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { receivedError, sentError } from "../../../src/remote/far-error.ts";
import { frameText, parseFrame } from "../../../src/remote/frame-text.ts";
import type { FarError } from "../../../src/remote/protocol.ts";

const across = (error: unknown) => receivedError("db1", parseFrame(frameText(sentError(error))) as FarError);

test("an error is the same on the near side: code, context, text, hint and exit", () => {
  const error = new UmbraError(
    "UMB-6102",
    { path: "/backup/x", errno: "ENOSPC" },
    { cause: new Error("cause") },
  );
  const { code, context, message, hint, exit } = across(error);
  expect({ code, context, message, hint, exit }).toEqual({
    code: error.code,
    context: error.context,
    message: error.message,
    hint: error.hint,
    exit: error.exit,
  });
});

test("the host in an error has the name that it has on the near side", () => {
  const error = across(new UmbraError("UMB-7201", { host: "local", program: "srvctl", reason: "EAGAIN" }));
  expect(error.message).toMatch(/^db1: srvctl/);
});

test("what is no error of umbra is a bug, with the place where it was thrown", () => {
  const error = across(new TypeError("x is undefined"));
  expect([error.code, error.message]).toEqual([
    "UMB-1001",
    expect.stringMatching(/x is undefined[^]*far-error\.test\.ts/) as string,
  ]);
});

test("a code that only a newer umbra has is told with its text", () => {
  const error = receivedError("db1", { code: "UMB-7999", context: { tape: 3 }, message: "tape 3 is torn" });
  expect(error).toMatchObject({ code: "UMB-7225", exit: 7, context: { host: "db1", code: "UMB-7999" } });
  expect(error.message).toContain("tape 3 is torn");
});
