import { mkdir, open, readdir, readFile, rename, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, describe, expect, onTestFinished, test, type TestContext } from "vitest";

import { createCopier } from "../../src/copy/copier.ts";
import { partPath } from "../../src/copy/part.ts";
import type { FilePath } from "../../src/domain/names.ts";
import type { Copier, CopyRequest } from "../../src/ports/copier.ts";
import { requireProgram } from "../programs.ts";
import { OpenSsh } from "../rigs/openssh.ts";
import { scratchDirectory } from "../rigs/scratch-directory.ts";
import { smallFileSystem } from "../rigs/small-file-system.ts";
import { BLOCK, datafile } from "../unit/formats/oracle-file.ts";

let started: Promise<OpenSsh> | undefined;
const copier = createCopier();
afterAll(async () => {
  await (await started)?.[Symbol.asyncDispose]();
  await copier[Symbol.asyncDispose]();
});

/** More than one piece of a copy by tools. */
const TWO_PIECES = 40 * 1024 * 1024;
/** A dd that does not begin a second piece at once. */
const slowDd = (seconds: number) => `#!/bin/sh
case "$*" in *seek_bytes*seek=0*) ;; *seek_bytes*) sleep ${seconds} ;; esac
exec /bin/dd "$@"
`;
const within = { deadlineMs: 20_000, maxOutputBytes: 1_000 };

/** A host without umbra; `seen` is what this side reads of the copies there. */
async function rig(context: TestContext, seen: Copier["verify"] = (request) => copier.verify(request)) {
  requireProgram(context, "sshd");
  const server = await (started ??= OpenSsh.start());
  const scratch = scratchDirectory();
  onTestFinished(() => scratch[Symbol.dispose]());
  const host = server.host({ parts: { verifier: { verify: seen } } });
  onTestFinished(() => host[Symbol.dispose]());
  const at = (name: string) => join(scratch.path, name) as FilePath;
  const request = (over: Partial<CopyRequest> = {}): CopyRequest => ({
    source: at("source"),
    target: at("copy"),
    mode: "consistent",
    blockSize: BLOCK,
    relativeFile: 7,
    stallMs: 20_000,
    ...over,
  });
  const names = async () => (await readdir(scratch.path)).toSorted();
  return { server, host, at, request, names };
}

/** Copies that stay in their middle for some seconds. */
async function slowRig(context: TestContext, seconds = 3) {
  const r = await rig(context);
  const bin = join(r.server.directory, "slow");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "dd"), slowDd(seconds), { mode: 0o755 });
  await writeFile(r.at("source"), "");
  await truncate(r.at("source"), TWO_PIECES);
  const settings = { become: ["env", `PATH=${bin}:${process.env["PATH"] ?? ""}`] };
  const host = r.server.host({ settings, parts: { verifier: copier } });
  onTestFinished(() => host[Symbol.dispose]());
  const begun = async (over: Partial<CopyRequest> = {}) => {
    const reached = Promise.withResolvers<void>();
    const onProgress = () => reached.resolve();
    const copy = host.copy(r.request({ mode: "plain", onProgress, ...over }));
    copy.catch(() => {});
    await Promise.race([reached.promise, copy]);
    return { copy };
  };
  const nothingLeft = async () => await expect.poll(r.names, { timeout: 20_000 }).toEqual(["source"]);
  return { ...r, host, begun, nothingLeft };
}

const damage = async (path: FilePath, block: number) => {
  await using file = await open(path, "r+");
  await file.write(Buffer.from([0xee]), 0, 1, block * BLOCK + BLOCK - 1);
};

describe("a copy by tools", () => {
  test("copies a block again that was caught half-written, and judges the whole file again", async (context) => {
    const content = datafile(400);
    let readings = 0;
    const r = await rig(context, async (request) => {
      const result = await copier.verify(request);
      readings += 1;
      await writeFile(r.at("source"), content);
      return result;
    });
    await writeFile(r.at("source"), content);
    await damage(r.at("source"), 150);
    await damage(r.at("source"), 250);
    const { blocks } = await r.host.copy(r.request());
    expect(blocks).toMatchObject({ examined: 401, ok: 401, fractured: 0, reread: 2 });
    expect(readings).toBe(2);
    expect((await readFile(r.at("copy"))).equals(content)).toBe(true);
  });

  test("is refused where this side does not see what the far side wrote", async (context) => {
    const elsewhere = await rig(context, (request) =>
      copier.verify({ ...request, path: elsewhere.at("other") }),
    );
    await writeFile(elsewhere.at("source"), datafile(20));
    await expect(elsewhere.host.copy(elsewhere.request())).rejects.toMatchObject({
      code: "UMB-7226",
      message: expect.stringContaining("not there on this side") as string,
    });
    await writeFile(elsewhere.at("other"), datafile(20, 7, 2));
    await expect(elsewhere.host.copy(elsewhere.request())).rejects.toMatchObject({
      code: "UMB-7226",
      message: expect.stringContaining("SHA-256") as string,
    });
    expect(await elsewhere.names()).toEqual(["other", "source"]);
  });

  test("of a file that shrinks or vanishes meanwhile is refused", async (context) => {
    const r = await rig(context, async (request) => {
      const result = await copier.verify(request);
      await change();
      return result;
    });
    let change = () => truncate(r.at("source"), 9 * BLOCK);
    await writeFile(r.at("source"), datafile(20));
    await expect(r.host.copy(r.request())).rejects.toMatchObject({ code: "UMB-7104" });
    await writeFile(r.at("source"), datafile(20));
    change = () => rename(r.at("source"), r.at("gone"));
    await expect(r.host.copy(r.request())).rejects.toMatchObject({ code: "UMB-7101" });
    expect(await r.names()).toEqual(["gone"]);
  });

  test("leaves something else under its temporary name alone", async (context) => {
    const { host, at, request, names } = await rig(context);
    await writeFile(at("source"), datafile(20));
    const part = partPath(at("copy"));
    await host.makeDirectory(part as FilePath, within);
    await expect(host.copy(request())).rejects.toMatchObject({ code: "UMB-6104", context: { path: part } });
    expect(await names()).toEqual([part.slice(part.lastIndexOf("/") + 1), "source"]);
  });

  test("to a storage that is full is told as such, and frees its space again", async (context) => {
    const { host, at, request } = await rig(context);
    await writeFile(at("source"), datafile(1_000));
    using full = smallFileSystem(context, at("full"), "size=4m");
    const copy = host.copy(request({ target: join(full.path, "x") as FilePath }));
    await expect(copy).rejects.toMatchObject({ code: "UMB-6102", context: { errno: "ENOSPC" } });
    expect(await readdir(full.path)).toEqual([]);
  });
});

describe("a connection", () => {
  test("that is cut in a copy leaves its outcome unknown, and nothing over there", async (context) => {
    const { server, host, begun, nothingLeft } = await slowRig(context);
    const { copy } = await begun();
    process.kill(await server.servingProcess(host), "SIGKILL");
    await expect(copy).rejects.toMatchObject({ code: "UMB-7203" });
    await nothingLeft();
  });

  test("that is frozen in a copy is left after the time without progress", async (context) => {
    const { server, host, begun, nothingLeft } = await slowRig(context);
    const { copy } = await begun({ stallMs: 1_500 });
    server.freeze(await server.servingProcess(host));
    await expect(copy).rejects.toMatchObject({ code: "UMB-7106", context: { stallMs: 1_500 } });
    await nothingLeft();
  });

  test("has room for other programs while 10 files are copied", async (context) => {
    const { host, at, begun, request, nothingLeft } = await slowRig(context);
    const stop = new AbortController();
    const over = (index: number) => ({ target: at(`copy-${index}`), signal: stop.signal });
    await begun(over(0));
    const all = Promise.allSettled(
      Array.from({ length: 9 }, (_, index) => host.copy(request({ mode: "plain", ...over(index + 1) }))),
    );
    const quick = await host.run(["true"], within);
    expect(quick).toMatchObject({ status: 0 });
    stop.abort(new Error("enough"));
    expect((await all).map(({ status }) => status)).not.toContain("fulfilled");
    await nothingLeft();
  });
});

test("with an account to become, programs and files are that account's", async (context) => {
  requireProgram(context, "runuser");
  if (process.getuid?.() !== 0) context.skip("only root can become another account without a password");
  const { server } = await rig(context);
  using host = server.host({ settings: { become: ["runuser", "-u", "nobody", "--"] } });
  expect((await host.run(["id", "-un"], within)).stdout.toString()).toBe("nobody\n");
  await expect(host.read("/etc/shadow" as FilePath, { offset: 0, length: 1 }, within)).rejects.toMatchObject({
    code: "UMB-7108",
    context: { errno: "EACCES" },
  });
});
