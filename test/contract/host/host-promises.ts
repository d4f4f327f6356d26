import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";

import { describe, expect, onTestFinished, test, type TestContext } from "vitest";

import { mountOf } from "../../../src/domain/mount.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import type { Host } from "../../../src/ports/host.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";

const within = { deadlineMs: 10_000 };
const strange = [
  "plain",
  "two words",
  'it\'s "quoted"',
  "line\nbreak\n",
  "Größe 漢字",
  "$(x);&*?[a]\\`",
  "-rf",
];
const MIB = 1024 * 1024;

export interface HostRig {
  readonly host: Host;
  /** A path in a directory of the test's own, which the host and the test both see. */
  readonly at: (...names: string[]) => FilePath;
}

/** What every host keeps, whatever is between it and umbra. `hostFor` may skip the test. */
export function keepsThePromisesOfAHost(
  name: string,
  hostFor: (context: TestContext) => Promise<Host>,
): void {
  const rig = async (context: TestContext): Promise<HostRig> => {
    const host = await hostFor(context);
    const scratch = scratchDirectory();
    onTestFinished(() => scratch[Symbol.dispose]());
    return { host, at: (...names) => [scratch.path, ...names].join("/") as FilePath };
  };
  describe(`${name}: files`, () => {
    filePromises(rig);
  });
  describe(`${name}: programs`, () => {
    programPromises(rig);
  });
}

type MakeRig = (context: TestContext) => Promise<HostRig>;

function filePromises(rig: MakeRig): void {
  test.for(strange)("a path like %j is taken as it is", async (name, context) => {
    const { host, at } = await rig(context);
    await host.makeDirectory(at(name, name), within);
    await host.writeAtomically(at(name, name, name), "content", within);
    expect(await host.list(at(name, name), within)).toEqual([name]);
    expect((await host.read(at(name, name, name), { offset: 3, length: 99 }, within)).toString()).toBe(
      "tent",
    );
    expect((await host.stat(at(name, name, name), within))?.bytes).toBe(7);
    await host.remove(at(name, name, name), within);
    await host.remove(at(name, name), within);
    expect(await host.stat(at(name, name), within)).toBeUndefined();
  });

  test("what is absent is undefined for stat and list, and an error for read", async (context) => {
    const { host, at } = await rig(context);
    await writeFile(at("file"), "x");
    expect(await host.stat(at("none"), within)).toBeUndefined();
    expect(await host.stat(at("file", "below"), within)).toBeUndefined();
    expect(await host.list(at("none"), within)).toBeUndefined();
    expect(await host.list(at("file"), within)).toBeUndefined();
    await expect(host.read(at("none"), { offset: 0, length: 1 }, within)).rejects.toMatchObject({
      code: "UMB-7108",
      context: { path: at("none"), operation: "read", errno: "ENOENT" },
    });
    await expect(host.freeBytes(at("none"), within)).rejects.toMatchObject({ context: { errno: "ENOENT" } });
  });

  test("a file is told with its size, its mode, its time and the file system it is on", async (context) => {
    const { host, at } = await rig(context);
    await writeFile(at("file"), "12345", { mode: 0o640 });
    await symlink(at("file"), at("link"));
    const found = await host.stat(at("link"), within);
    expect(found).toMatchObject({ kind: "file", bytes: 5, mode: 0o640 });
    expect(found?.device).toBe((await host.stat(at(), within))?.device);
    expect(found?.modifiedAt).toBe(Math.floor((await stat(at("file"))).mtimeMs));
    expect((await host.stat(at(), within))?.kind).toBe("directory");
    expect((await host.stat("/dev/null" as FilePath, within))?.kind).toBe("other");
  });

  test("names are sorted alike, also behind a symbolic link and in an empty directory", async (context) => {
    const { host, at } = await rig(context);
    await mkdir(at("real"));
    await symlink(at("real"), at("link"));
    expect(await host.list(at("link"), within)).toEqual([]);
    for (const name of ["b", "B", "ä", ".hidden", "a"]) await writeFile(at("real", name), "");
    expect(await host.list(at("link"), within)).toEqual([".hidden", "B", "a", "b", "ä"]);
  });

  test("exactly the bytes of a range are read, and fewer only at the end of the file", async (context) => {
    const { host, at } = await rig(context);
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
    await writeFile(at("file"), content);
    const read = (offset: number, length: number) => host.read(at("file"), { offset, length }, within);
    expect((await read(0, 300_000)).equals(content)).toBe(true);
    expect((await read(65_535, 70_001)).equals(content.subarray(65_535, 135_536))).toBe(true);
    expect((await read(299_999, 10)).equals(content.subarray(299_999))).toBe(true);
    expect((await read(300_000, 10)).length).toBe(0);
    expect((await read(400_000, 10)).length).toBe(0);
    expect((await read(5, 0)).length).toBe(0);
  });

  test("a written file is the whole content, replaces the old one and leaves nothing beside it", async (context) => {
    const { host, at } = await rig(context);
    const content = Buffer.alloc(2 * MIB + 1, "\0\n\u00ff'", "latin1");
    await writeFile(at("file"), "old");
    await host.writeAtomically(at("file"), content, within);
    expect((await readFile(at("file"))).equals(content)).toBe(true);
    expect((await host.stat(at("file"), within))?.mode).toBe(0o640);
    await host.writeAtomically(at("file"), "", within);
    expect(await readFile(at("file"), "utf8")).toBe("");
    expect(await readdir(at())).toEqual(["file"]);
  });

  test("a write that fails leaves the old file and nothing beside it", async (context) => {
    const { host, at } = await rig(context);
    await mkdir(at("taken", "inside"), { recursive: true });
    await expect(host.writeAtomically(at("taken"), "x", within)).rejects.toMatchObject({
      code: "UMB-7108",
      context: { operation: "write" },
    });
    await expect(host.writeAtomically(at("none", "file"), "x", within)).rejects.toMatchObject({
      context: { errno: "ENOENT" },
    });
    expect(await readdir(at())).toEqual(["taken"]);
  });

  test("making a directory and removing one may be done twice", async (context) => {
    const { host, at } = await rig(context);
    await host.makeDirectory(at("a", "b", "c"), within);
    await host.makeDirectory(at("a", "b", "c"), within);
    expect((await host.stat(at("a", "b", "c"), within))?.kind).toBe("directory");
    expect((await host.stat(at("a", "b"), within))?.mode).toBe(0o750);
    await host.remove(at("a", "b", "c"), within);
    await host.remove(at("a", "b", "c"), within);
    expect(await host.list(at("a", "b"), within)).toEqual([]);
  });

  test("a directory with something in it is never removed, and a file never becomes a directory", async (context) => {
    const { host, at } = await rig(context);
    await host.makeDirectory(at("full"), within);
    await writeFile(at("full", "file"), "x");
    await expect(host.remove(at("full"), within)).rejects.toMatchObject({ context: { errno: "ENOTEMPTY" } });
    await expect(host.makeDirectory(at("full", "file"), within)).rejects.toMatchObject({ code: "UMB-7108" });
    await expect(host.makeDirectory(at("full", "file", "x"), within)).rejects.toMatchObject({
      code: "UMB-7108",
    });
    expect(await readFile(at("full", "file"), "utf8")).toBe("x");
  });

  test("a symbolic link is removed itself, not what it points to", async (context) => {
    const { host, at } = await rig(context);
    await mkdir(at("real"));
    await symlink(at("real"), at("link"));
    await host.remove(at("link"), within);
    expect(await readdir(at())).toEqual(["real"]);
  });

  test("free space is told in bytes", async (context) => {
    const { host, at } = await rig(context);
    expect(await host.freeBytes(at(), within)).toBeGreaterThan(MIB);
  });

  test("the file system of a path is among the mounts, with the device that the path has", async (context) => {
    const { host, at } = await rig(context);
    const mounts = await host.mounts(within);
    const device = BigInt((await host.stat(at(), within))?.device ?? 0);
    const mount = mountOf(at(), mounts);
    expect(mountOf("/", mounts)?.point).toBe("/");
    expect(mount?.device).toBe(
      `${(device >> 8n) & 0xfffn}:${(device & 0xffn) | ((device >> 12n) & 0xfff00n)}`,
    );
  });

  test("an aborted signal stops a call before it does anything", async (context) => {
    const { host, at } = await rig(context);
    const options = { ...within, signal: AbortSignal.abort(new Error("stop")) };
    await expect(host.writeAtomically(at("file"), "x", options)).rejects.toThrow("stop");
    expect(await readdir(at())).toEqual([]);
  });
}

function programPromises(rig: MakeRig): void {
  const limits = { ...within, maxOutputBytes: MIB };
  const running = async (path: FilePath) => {
    await expect.poll(() => readFile(path, "utf8").catch(() => ""), { timeout: 10_000 }).toMatch(/\n$/);
    const pid = Number(await readFile(path, "utf8"));
    onTestFinished(() => end(pid));
    return pid;
  };
  /** Says in a file which process it is, then does nothing. */
  const idle = (path: FilePath) => ["sh", "-c", 'echo $$ > "$1"; exec sleep 600', "sh", path] as const;

  test("a program gets its words as they are and its input, and its output is told apart", async (context) => {
    const { host } = await rig(context);
    const script = String.raw`printf '%s\0' "$@"; cat >&2`;
    const input = Buffer.from("in\0put\n'");
    const { status, signal, stdout, stderr } = await host.run(["sh", "-c", script, "sh", ...strange, ""], {
      ...limits,
      input,
    });
    expect({ status, signal }).toEqual({ status: 0, signal: undefined });
    expect(stdout.toString().split("\0")).toEqual([...strange, "", ""]);
    expect(stderr.equals(input)).toBe(true);
  });

  test("a status is a result, and so is a program that is not there", async (context) => {
    const { host, at } = await rig(context);
    const failed = await host.run(["sh", "-c", "echo out; echo err >&2; exit 3"], limits);
    expect(failed).toMatchObject({ status: 3, signal: undefined });
    expect(`${failed.stdout.toString()}${failed.stderr.toString()}`).toBe("out\nerr\n");
    expect(await host.run([at("no such program")], limits)).toMatchObject({ status: 127, signal: undefined });
    await writeFile(at("no program"), "x", { mode: 0o600 });
    expect(await host.run([at("no program")], limits)).toMatchObject({ status: 126, signal: undefined });
  });

  test("a program that a signal ended is told with the signal, and with what it printed", async (context) => {
    const { host } = await rig(context);
    const ended = await host.run(["sh", "-c", "echo out; kill -TERM $$"], limits);
    expect({ ...ended, stdout: ended.stdout.toString() }).toMatchObject({
      status: undefined,
      signal: "SIGTERM",
      stdout: "out\n",
    });
  });

  test("input that is not read is no error", async (context) => {
    const { host } = await rig(context);
    const { status } = await host.run(["true"], { ...limits, input: Buffer.alloc(4 * MIB) });
    expect(status).toBe(0);
  });

  test("all output up to the limit is kept, and one byte more is an error", async (context) => {
    const { host } = await rig(context);
    const prints = (bytes: number) => host.run(["head", "-c", `${bytes}`, "/dev/zero"], limits);
    expect((await prints(MIB)).stdout.length).toBe(MIB);
    await expect(prints(MIB + 1)).rejects.toMatchObject({
      code: "UMB-7204",
      context: { program: "head", maxOutputBytes: MIB },
    });
    await expect(host.run(["sh", "-c", "cat /dev/zero >&2"], limits)).rejects.toMatchObject({
      code: "UMB-7204",
    });
  });

  test("a program that misses its deadline is an error that says its outcome is unknown", async (context) => {
    const { host, at } = await rig(context);
    // The way to the host is open: all of the deadline is the program's.
    await host.run(["true"], limits);
    const call = host.run(idle(at("pid")), { ...limits, deadlineMs: 3_000 });
    const pid = running(at("pid"));
    await expect(call).rejects.toMatchObject({
      code: "UMB-7202",
      message: expect.stringContaining("unknown") as string,
      context: { program: "sh", deadlineMs: 3_000 },
    });
    expect(await pid).toBeGreaterThan(0);
    expect(await host.run(["true"], limits)).toMatchObject({ status: 0 });
  });

  test("a signal ends the wait at once, with its own reason", async (context) => {
    const { host, at } = await rig(context);
    const stop = new AbortController();
    const call = host.run(idle(at("pid")), { ...limits, signal: stop.signal });
    call.catch(() => {});
    await running(at("pid"));
    stop.abort(new Error("interrupted"));
    await expect(call).rejects.toThrow("interrupted");
  });

  test("what cannot be a command is not started", async (context) => {
    const { host } = await rig(context);
    await expect(host.run(["echo", "a\0b"], limits)).rejects.toMatchObject({ code: "UMB-7201" });
    await expect(host.run(["echo", "x".repeat(200_000)], limits)).rejects.toMatchObject({ code: "UMB-7201" });
  });
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
