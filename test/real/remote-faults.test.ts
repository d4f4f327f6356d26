import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, describe, expect, onTestFinished, test, type TestContext } from "vitest";

import { partPath } from "../../src/copy/part.ts";
import type { FilePath } from "../../src/domain/names.ts";
import type { CopyRequest } from "../../src/ports/copier.ts";
import { requireProgram } from "../programs.ts";
import { farUmbra, hasEnded, heldCopy, isRunning, LARGE } from "../rigs/far-umbra.ts";
import { OpenSsh } from "../rigs/openssh.ts";
import { scratchDirectory } from "../rigs/scratch-directory.ts";
import { umbraMain } from "../rigs/umbra-main.ts";

let started: Promise<OpenSsh> | undefined;
afterAll(async () => await (await started)?.[Symbol.asyncDispose]());

const within = { deadlineMs: 20_000 };

async function rig(context: TestContext) {
  requireProgram(context, "sshd");
  const server = await (started ??= OpenSsh.start());
  const scratch = scratchDirectory();
  onTestFinished(() => scratch[Symbol.dispose]());
  const { umbra, pid } = farUmbra(scratch.path);
  const host = server.host({ settings: { umbra } });
  onTestFinished(() => host[Symbol.dispose]());
  const at = (name: string) => join(scratch.path, name) as FilePath;
  await writeFile(at("source"), "");
  await truncate(at("source"), LARGE);
  const request = (over: Partial<CopyRequest> = {}): CopyRequest => ({
    source: at("source"),
    target: at("copy"),
    mode: "plain",
    blockSize: 8192,
    stallMs: 20_000,
    ...over,
  });
  const part = partPath(at("copy"));
  const names = async () => (await readdir(scratch.path)).filter((name) => !name.startsWith("far-"));
  const whole = async () => {
    expect(await host.copy(request())).toMatchObject({ bytes: LARGE });
    expect((await names()).toSorted()).toEqual(["copy", "source"]);
  };
  return { server, host, pid, at, request, part, names, whole };
}

/** A machine that is busy needs its time from the start of a copy to the first byte. */
const STALL_MS = 4_000;

/** A copy that fails before it was held says why; its end is awaited later. */
async function begun(reached: Promise<void>, copy: Promise<unknown>): Promise<void> {
  copy.catch(() => {});
  await Promise.race([reached, copy]);
}

describe("a copy by umbra on the far side", () => {
  test("of which the connection is cut has an unknown outcome, ends over there and leaves nothing", async (context) => {
    const { server, host, pid, request, names, whole } = await rig(context);
    const { onProgress, reached } = heldCopy();
    const copy = host.copy(request({ onProgress }));
    await begun(reached, copy);
    const far = await pid();
    process.kill(await server.servingProcess(host), "SIGKILL");
    await expect(copy).rejects.toMatchObject({ code: "UMB-7203" });
    await hasEnded(far);
    expect(await names()).toEqual(["source"]);
    await whole();
    expect(await pid()).not.toBe(far);
  });

  test("that is killed over there leaves no final name, and the next copy takes over what it left", async (context) => {
    const { host, pid, request, part, names, whole } = await rig(context);
    const { onProgress, reached } = heldCopy();
    const copy = host.copy(request({ onProgress }));
    await begun(reached, copy);
    process.kill(await pid(), "SIGKILL");
    await expect(copy).rejects.toMatchObject({
      code: "UMB-7203",
      context: { program: "umbra remote (copy)" },
    });
    expect((await names()).toSorted()).toEqual([part.slice(part.lastIndexOf("/") + 1), "source"]);
    await whole();
  });

  test("that is frozen is left after the time without progress, with all else in that process", async (context) => {
    const { host, pid, request, whole } = await rig(context);
    const { onProgress, reached, letGo } = heldCopy();
    const copy = host.copy(request({ onProgress, stallMs: STALL_MS }));
    await begun(reached, copy);
    const far = await pid();
    process.kill(far, "SIGSTOP");
    onTestFinished(() => {
      process.kill(far, "SIGKILL");
    });
    letGo();
    await expect(copy).rejects.toMatchObject({ code: "UMB-7203" });
    await whole();
    expect(await pid()).not.toBe(far);
  });

  test("that a slow caller holds for longer than the stall is no stall", async (context) => {
    const { host, request } = await rig(context);
    const { onProgress, reached, letGo } = heldCopy();
    const copy = host.copy(request({ onProgress, stallMs: STALL_MS }));
    await begun(reached, copy);
    const heldSince = performance.now();
    const held = () => performance.now() - heldSince;
    await expect.poll(held, { timeout: 3 * STALL_MS }).toBeGreaterThan(1.25 * STALL_MS);
    letGo();
    expect(await copy).toMatchObject({ bytes: LARGE });
  });
});

test("a far side that died while nothing was asked is started again", async (context) => {
  const { host, pid, at } = await rig(context);
  await host.stat(at("source"), within);
  const first = await pid();
  process.kill(first, "SIGKILL");
  await hasEnded(first);
  // A call that is sent before the news of the death is here has an unknown outcome, and is the caller's to ask again.
  const bytes = async () => (await host.stat(at("source"), within).catch(() => undefined))?.bytes;
  await expect.poll(bytes, { timeout: 20_000 }).toBe(LARGE);
  expect(await pid()).not.toBe(first);
  expect(await isRunning(await pid())).toBe(true);
});

test("when the host is let go, umbra over there ends", async (context) => {
  const { host, pid, at } = await rig(context);
  await host.stat(at("source"), within);
  const far = await pid();
  host[Symbol.dispose]();
  await hasEnded(far);
});

test("all calls of a host share one process over there, whose arguments tell nothing of them", async (context) => {
  const { host, pid, at, request } = await rig(context);
  await host.stat(at("source"), within);
  const far = await pid();
  await truncate(at("source"), 1_000_000);
  const targets = Array.from({ length: 10 }, (_, index) => at(`copy-${index}`));
  await Promise.all(targets.map((target) => host.copy(request({ target }))));
  expect(await pid()).toBe(far);
  const argv = (await readFile(`/proc/${far}/cmdline`, "utf8")).split("\0").slice(0, -1);
  expect(argv).toEqual([...umbraMain, "remote"]);
});

describe("a far side that cannot be worked with", () => {
  test.for<[string, readonly string[], string, RegExp]>([
    [
      "speaks another protocol",
      ["echo", '{"umbra":"9.1.0","protocol":99}'],
      "UMB-7221",
      /9\.1\.0.*99.*test.*1/,
    ],
    ["is not there", ["/no/umbra"], "UMB-7222", /no\/umbra/],
    ["prints something else", ["echo", "Welcome to db1!"], "UMB-7222", /Welcome/],
    ["ends without a word", ["true"], "UMB-7222", /without a word/],
  ])("and %s is told, and nothing was done", async ([, argv, code, text], context) => {
    requireProgram(context, "sshd");
    const server = await (started ??= OpenSsh.start());
    using host = server.host({ settings: { umbra: { argv, version: "test" } } });
    const call = host.list("/" as FilePath, within);
    await expect(call).rejects.toMatchObject({ code, message: expect.stringMatching(text) as string });
    expect(await host.run(["true"], { ...within, maxOutputBytes: 1 })).toMatchObject({ status: 0 });
  });
});

describe("an account that can start nothing but umbra", () => {
  test.for([
    [["--allow", "copy,verify"], ["copy"]],
    [
      ["--allow", "files,run"],
      ["stat", "run"],
    ],
  ] as const)("does with %j what it is allowed to, and refuses the rest", async ([allow, done], context) => {
    requireProgram(context, "sshd");
    await using server = await OpenSsh.start();
    const key = server.newKey("forced");
    const command = [...umbraMain, "remote", ...allow].join(" ");
    server.letIn({ ...key, publicKey: `restrict,command="${command}" ${key.publicKey}` });
    const umbra = { argv: ["umbra", "remote"], version: "test", forced: true };
    const login = { by: "key", path: key.path } as const;
    using host = server.host({ target: { login }, settings: { umbra } });
    const at = (name: string) => join(server.directory, name) as FilePath;
    await writeFile(at("source"), "x");
    const calls = {
      stat: () => host.stat(at("source"), within),
      run: () => host.run(["true"], { ...within, maxOutputBytes: 1 }),
      copy: () =>
        host.copy({
          source: at("source"),
          target: at("copy"),
          mode: "plain",
          blockSize: 512,
          stallMs: 20_000,
        }),
    };
    for (const [name, call] of Object.entries(calls)) {
      const outcome = call().then(
        () => "done",
        (error: unknown) => (error as { code: string }).code,
      );
      expect([name, await outcome]).toEqual([
        name,
        (done as readonly string[]).includes(name) ? "done" : "UMB-7224",
      ]);
    }
  });
});
