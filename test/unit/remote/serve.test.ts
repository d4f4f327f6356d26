import { PassThrough } from "node:stream";

import { describe, expect, test } from "vitest";

import type { FilePath } from "../../../src/domain/names.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";
import type { CopyRequest } from "../../../src/ports/copier.ts";
import type { Host } from "../../../src/ports/host.ts";
import type { CallGroup } from "../../../src/remote/calls.ts";
import { frameText, parseFrame } from "../../../src/remote/frame-text.ts";
import { FAR_BEAT_MS, PROTOCOL } from "../../../src/remote/protocol.ts";
import { serveRemote } from "../../../src/remote/serve.ts";

const hello = { umbra: "1.2.3", protocol: PROTOCOL };

function rig(host: Partial<Host>, over: { allow?: readonly CallGroup[]; nearLostMs?: number } = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  const said: unknown[] = [];
  let rest = "";
  output.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    said.push(...lines.map(parseFrame));
  });
  const stop = new AbortController();
  const ended = serveRemote({
    host: { name: "far", ...host } as Host,
    input,
    output,
    version: "9.9.9",
    allow: new Set(over.allow ?? ["files", "copy"]),
    signal: stop.signal,
    ...(over.nearLostMs !== undefined && { nearLostMs: over.nearLostMs }),
  });
  ended.catch(() => {});
  const say = (...messages: readonly object[]) => void input.write(messages.map(frameText).join(""));
  const answers = () => said.filter((one) => !("beat" in (one as object)));
  return { input, output, said, answers, say, stop, ended };
}

/** A copy that goes on until it is stopped, and says that it has cleaned up. */
function endlessCopy() {
  const log: string[] = [];
  const copy = async ({ signal }: CopyRequest): Promise<never> => {
    log.push("begun");
    await new Promise<void>((resolve) => {
      signal?.addEventListener("abort", () => resolve());
    });
    await new Promise((resolve) => setImmediate(resolve));
    log.push("cleaned up");
    throw new Error("stopped");
  };
  return { log, copy };
}
const copyCall = { id: 1, call: "copy", args: [{ source: "/a", target: "/b", stallMs: 1 }] };

describe("the far side", () => {
  test("greets first, and answers each call with its id, absence and errors included", async () => {
    const host: Partial<Host> = {
      stat: async () => undefined,
      list: () => Promise.reject(new UmbraError("UMB-7108", { path: "/x", operation: "list", errno: "EIO" })),
      freeBytes: () => Promise.reject(new TypeError("a bug")),
    };
    const { say, answers, input, ended } = rig(host);
    const args = ["/x", { deadlineMs: 1 }];
    say(
      hello,
      { id: 7, call: "stat", args },
      { id: 8, call: "list", args },
      { id: 9, call: "freeBytes", args },
    );
    await expect.poll(answers).toHaveLength(4);
    input.end();
    await ended;
    expect(answers()).toMatchObject([
      { umbra: "9.9.9", protocol: PROTOCOL },
      { id: 7, result: undefined },
      { id: 8, error: { code: "UMB-7108", context: { errno: "EIO" } } },
      { id: 9, error: { code: "UMB-1001", context: { what: expect.stringContaining("a bug") as string } } },
    ]);
  });

  test("hands on the arguments as they were, with a signal of its own", async () => {
    const asked: unknown[] = [];
    const writeAtomically: Host["writeAtomically"] = async (...args) => void asked.push(args);
    const { say, answers } = rig({ writeAtomically });
    say(hello, { id: 1, call: "writeAtomically", args: ["/x", Buffer.from("é\n"), { deadlineMs: 5 }] });
    await expect.poll(answers).toHaveLength(2);
    const signal = expect.any(AbortSignal) as AbortSignal;
    expect(asked).toEqual([["/x", Buffer.from("é\n"), { deadlineMs: 5, signal }]]);
  });

  test.each([
    ["its input ends", (r: ReturnType<typeof rig>) => r.input.end()],
    ["its input breaks", (r: ReturnType<typeof rig>) => r.input.destroy(new Error("ECONNRESET"))],
    ["its output breaks", (r: ReturnType<typeof rig>) => r.output.destroy()],
    ["it is told to stop", (r: ReturnType<typeof rig>) => r.stop.abort()],
  ])("stops all work when %s, and has cleaned up when it ends", async (_, end) => {
    const { log, copy } = endlessCopy();
    const r = rig({ copy });
    r.say(hello, copyCall);
    await expect.poll(() => log).toEqual(["begun"]);
    end(r);
    await r.ended;
    expect(log).toEqual(["begun", "cleaned up"]);
  });

  test("ends a call that is cancelled, and no other", async () => {
    const { log, copy } = endlessCopy();
    const { say, answers } = rig({ copy });
    say(hello, copyCall, { ...copyCall, id: 2 });
    await expect.poll(() => log).toHaveLength(2);
    say({ id: 2, cancel: true }, { id: 99, cancel: true });
    await expect.poll(answers).toMatchObject([{}, { id: 2, error: {} }]);
    expect(log).toEqual(["begun", "begun", "cleaned up"]);
  });

  test("takes a near side that says nothing for too long for lost, and stops", async () => {
    const { log, copy } = endlessCopy();
    const { say, ended } = rig({ copy }, { nearLostMs: FAR_BEAT_MS });
    say(hello, copyCall);
    await ended;
    expect(log).toEqual(["begun", "cleaned up"]);
  });

  test("says that it lives while a call takes long, and is silent while nothing is asked", async () => {
    const { log, copy } = endlessCopy();
    const { say, said, answers } = rig({ copy });
    say(hello, copyCall);
    await expect.poll(() => said.length, { timeout: 5_000 }).toBeGreaterThan(2);
    expect([log, answers().length]).toEqual([["begun"], 1]);
  });

  test("does not queue progress for a near side that does not take it in, and tells the last of it", async () => {
    const bytes = 1_000_000;
    const copy = async ({ onProgress }: CopyRequest): Promise<never> => {
      for (let done = 1; done <= 5_000; done += 1) await onProgress?.(done * 1_000);
      return { bytes } as never;
    };
    const { say, answers } = rig({ copy });
    say(hello, copyCall);
    await expect.poll(answers).toHaveLength(4);
    expect(answers().slice(1)).toEqual([
      { id: 1, progress: 1_000 },
      { id: 1, progress: 5_000_000 },
      { id: 1, result: { bytes } },
    ]);
  });
});

describe("what the far side refuses", () => {
  test("a call that is not allowed, or that it does not know", async () => {
    const { say, answers } = rig({ run: () => Promise.reject(new Error("ran")) }, { allow: ["files"] });
    say(hello, { id: 1, call: "run", args: [["true"], {}] }, { id: 2, call: "toString", args: [{}] });
    await expect
      .poll(answers)
      .toMatchObject([
        {},
        { id: 1, error: { code: "UMB-7224", context: { call: "run", allowed: ["files"] } } },
        { id: 2, error: { code: "UMB-7224", context: { call: "toString" } } },
      ]);
  });

  test("a near side of another protocol, before it does anything", async () => {
    const stat = () => Promise.reject(new Error("asked"));
    const { say, answers, ended } = rig({ stat });
    say({ umbra: "7.0.0", protocol: 70 }, { id: 1, call: "stat", args: ["/x" as FilePath, {}] });
    await expect(ended).rejects.toMatchObject({
      code: "UMB-7221",
      context: { theirs: "7.0.0", theirProtocol: 70, ours: "9.9.9", ourProtocol: PROTOCOL },
    });
    expect(answers()).toHaveLength(1);
  });

  test.each(["Hello?\n", "null\n", "3\n", `${JSON.stringify(hello)}\nnull\n`])(
    "nonsense like %j",
    async (text) => {
      const { input, ended } = rig({});
      input.write(text);
      input.end();
      const code = expect.stringMatching(/UMB-722[13]/) as string;
      await expect(ended).rejects.toMatchObject({ code });
    },
  );
});
