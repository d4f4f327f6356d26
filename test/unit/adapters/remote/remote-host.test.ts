import { PassThrough } from "node:stream";

import { describe, expect, onTestFinished, test } from "vitest";

import type { Link } from "../../../../src/adapters/remote/link.ts";
import { createRemoteHost } from "../../../../src/adapters/remote/remote-host.ts";
import type { FilePath } from "../../../../src/domain/names.ts";
import type { Host } from "../../../../src/ports/host.ts";
import { serveRemote } from "../../../../src/remote/serve.ts";

const PATH = "/x" as FilePath;
const within = { deadlineMs: 5_000 };
const silent = () => new Promise<never>(() => {});

interface FarSide {
  readonly input: PassThrough;
  readonly output: PassThrough;
  readonly kills: () => number;
  readonly ended: Promise<void>;
}

interface Options {
  readonly idleMs?: number;
  readonly patientStart?: boolean;
  readonly begin?: (side: FarSide) => void | Promise<void>;
}

/** A near side whose far sides are in this process, on a host of the test's own. */
function rig(far: Partial<Host>, over: Options = {}) {
  const sides: FarSide[] = [];
  const start = async (): Promise<Link> => {
    const input = new PassThrough();
    const output = new PassThrough();
    let kills = 0;
    const parts = { input, output, version: "far", allow: new Set(["files"] as const) };
    const signal = new AbortController().signal;
    const ended = serveRemote({ ...parts, host: { name: "far", ...far } as Host, signal }).then(
      () => void output.end(),
    );
    const side = { input, output, kills: () => kills, ended };
    sides.push(side);
    await over.begin?.(side);
    const kill = () => {
      kills += 1;
      input.destroy();
      output.destroy();
    };
    return { input, output, complaint: () => "", kill };
  };
  const { idleMs, patientStart = false } = over;
  const settings = {
    host: "db1",
    program: "umbra remote",
    version: "near",
    helloMs: 2_000,
    patientStart,
    start,
  };
  const host = createRemoteHost({ ...settings, ...(idleMs !== undefined && { idleMs }) });
  onTestFinished(() => host[Symbol.dispose]());
  return { host, sides };
}

describe("a far side", () => {
  test("is started once for all who need it first at the same time", async () => {
    const { host, sides } = rig({ list: async () => ["a"] });
    expect(sides).toHaveLength(0);
    const all = await Promise.all(Array.from({ length: 10 }, () => host.list(PATH, within)));
    expect(all).toEqual(all.map(() => ["a"]));
    expect(sides).toHaveLength(1);
  });

  test("that missed a deadline gets no more calls, and is killed when the last one is answered", async () => {
    const slow = Promise.withResolvers<number>();
    const { host, sides } = rig({ stat: silent, freeBytes: () => slow.promise, list: async () => ["a"] });
    const free = host.freeBytes(PATH, within);
    await expect(host.stat(PATH, { deadlineMs: 50 })).rejects.toMatchObject({
      code: "UMB-7107",
      context: { path: PATH, operation: "stat", deadlineMs: 50 },
    });
    expect(await host.list(PATH, within)).toEqual(["a"]);
    expect(sides.map(({ kills }) => kills())).toEqual([0, 0]);
    slow.resolve(7);
    expect(await free).toBe(7);
    // The call that hangs is not waited for: its caller has left, and nothing else is under way.
    await expect.poll(() => sides.map(({ kills }) => kills())).toEqual([1, 0]);
  });

  test.each([
    [true, "answered"],
    [false, "UMB-7107"],
  ])(
    "whose start takes longer than a call may is waited for where that is wanted: %j",
    async (patientStart, expected) => {
      const slow = Promise.withResolvers<void>();
      const { host } = rig({ list: async () => ["a"] }, { patientStart, begin: () => slow.promise });
      const call = host.list(PATH, { deadlineMs: 100 }).then(
        () => "answered",
        (error: unknown) => (error as { code: string }).code,
      );
      setTimeout(slow.resolve, 300);
      expect(await call).toBe(expected);
    },
  );

  test("that nobody uses is ended, and started again when it is needed", async () => {
    const { host, sides } = rig({ list: async () => ["a"] }, { idleMs: 20 });
    await host.list(PATH, within);
    await sides[0]?.ended;
    expect(await host.list(PATH, within)).toEqual(["a"]);
    expect(sides).toHaveLength(2);
  });

  test("that died while nothing was asked is started again, once for all who ask", async () => {
    const { host, sides } = rig({ list: async () => ["a"] });
    await host.list(PATH, within);
    sides[0]?.output.destroy();
    await expect.poll(() => sides[0]?.kills()).toBe(1);
    const all = await Promise.all([host.list(PATH, within), host.list(PATH, within)]);
    expect(all).toEqual([["a"], ["a"]]);
    expect(sides).toHaveLength(2);
  });

  test("that ends in a call leaves its outcome unknown; the call is not made again", async () => {
    let asked = 0;
    const stat = () => {
      asked += 1;
      setImmediate(() => sides[0]?.output.destroy());
      return silent();
    };
    const { host, sides } = rig({ stat });
    await expect(host.stat(PATH, within)).rejects.toMatchObject({
      code: "UMB-7203",
      context: { host: "db1", program: "umbra remote (stat)" },
    });
    expect(asked).toBe(1);
  });

  test("that says nonsense in a call is not believed any more", async () => {
    const stat = () => {
      setImmediate(() => void sides[0]?.output.write("Broadcast message from root\n"));
      return silent();
    };
    const { host, sides } = rig({ stat });
    await expect(host.stat(PATH, within)).rejects.toMatchObject({ code: "UMB-7203" });
    expect(sides[0]?.kills()).toBe(1);
  });

  test("that does not greet in time is killed, and the next call starts another", async () => {
    let first = true;
    const begin = ({ output }: FarSide) => {
      if (first) output.read();
      first = false;
    };
    const { host, sides } = rig({ list: async () => ["a"] }, { begin });
    const call = host.list(PATH, within);
    await expect(call).rejects.toMatchObject({ code: "UMB-7222" });
    expect(sides[0]?.kills()).toBe(1);
    expect(await host.list(PATH, within)).toEqual(["a"]);
  });
});

test("a caller that leaves tells the far side, which stops", async () => {
  const stopped = Promise.withResolvers<void>();
  const stop = new AbortController();
  const stat: Host["stat"] = (_, { signal }) => {
    signal?.addEventListener("abort", () => stopped.resolve());
    setImmediate(() => stop.abort(new Error("enough")));
    return silent();
  };
  const { host } = rig({ stat });
  await expect(host.stat(PATH, { ...within, signal: stop.signal })).rejects.toThrow("enough");
  expect(await stopped.promise.then(() => "told")).toBe("told");
});
