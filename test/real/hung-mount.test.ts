import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { expect, onTestFinished, test, type TestContext } from "vitest";

import { thisMachine } from "../../src/adapters/host/far-side.ts";
import type { FilePath } from "../../src/domain/names.ts";
import { hasEnded } from "../rigs/far-umbra.ts";
import { hangingMount } from "../rigs/hanging-mount.ts";
import { scratchDirectory } from "../rigs/scratch-directory.ts";
import { umbraMain } from "../rigs/umbra-main.ts";

const soon = { deadlineMs: 2_000 };
const within = { deadlineMs: 20_000 };

function rig(context: TestContext) {
  const scratch = scratchDirectory();
  onTestFinished(() => scratch[Symbol.dispose]());
  const mount = hangingMount(context, scratch.path);
  onTestFinished(() => mount[Symbol.dispose]());
  const machine = thisMachine({ version: "test", umbra: umbraMain });
  onTestFinished(() => machine[Symbol.asyncDispose]());
  const at = (...names: string[]) => join(scratch.path, ...names) as FilePath;
  const hung = (name: string) => join(mount.path, name) as FilePath;
  return { host: machine.host, at, hung };
}

/** Processes of umbra that this one started. */
function children(): readonly number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && parentOf(pid) === process.pid);
}

function parentOf(pid: number): number | undefined {
  try {
    const argv = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    if (!argv.includes("--direct")) return undefined;
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]);
  } catch {
    return undefined;
  }
}

test("each call on a mount that hangs ends at its deadline, and costs a child, not this process", async (context) => {
  const { host, at, hung } = rig(context);
  const request = { mode: "plain", blockSize: 512, stallMs: 2_000 } as const;
  writeFileSync(at("local"), "x");
  await expect(host.stat(hung("a"), soon)).rejects.toMatchObject({
    code: "UMB-7107",
    context: { path: hung("a"), operation: "stat", deadlineMs: 2_000 },
  });
  const late = await Promise.allSettled([
    host.list(hung(""), soon),
    host.read(hung("a"), { offset: 0, length: 1 }, soon),
    host.writeAtomically(hung("a"), "x", soon),
    host.makeDirectory(hung("d"), soon),
    host.remove(hung("a"), soon),
    host.freeBytes(hung("a"), soon),
  ]);
  expect(late.map((call) => call.status === "rejected" && (call.reason as { code: string }).code)).toEqual(
    late.map(() => "UMB-7107"),
  );
  const from = host.copy({ ...request, source: hung("a"), target: at("b") });
  await expect(from).rejects.toMatchObject({ code: "UMB-7106" });
  const to = host.copy({ ...request, source: at("local"), target: hung("b") });
  await expect(to).rejects.toMatchObject({ code: "UMB-6103" });
  for (const child of children()) await hasEnded(child);
});

test("while calls wait for a mount that hangs, others go on, and no local path needs a child", async (context) => {
  const { host, at, hung } = rig(context);
  const before = children().length;
  await host.writeAtomically(at("local"), "content", within);
  expect((await host.stat(at("local"), within))?.bytes).toBe(7);
  expect(children()).toHaveLength(before);
  const stop = new AbortController();
  // More than a process has threads for such calls.
  const waiting = Promise.allSettled(
    Array.from({ length: 12 }, (_, index) => host.stat(hung(`${index}`), { ...within, signal: stop.signal })),
  );
  await expect.poll(() => children().length, { timeout: 10_000 }).toBe(before + 1);
  expect((await host.read(at("local"), { offset: 0, length: 3 }, soon)).toString()).toBe("con");
  stop.abort(new Error("enough"));
  expect((await waiting).map((call) => call.status)).not.toContain("fulfilled");
});

test("a symbolic link on a local file system that leads to a mount that hangs is followed by a child", async (context) => {
  const { host, at, hung } = rig(context);
  symlinkSync(hung("data"), at("u02"));
  await expect(host.stat(at("u02", "x.dbf"), soon)).rejects.toMatchObject({ code: "UMB-7107" });
  expect((await host.list(at(), within))?.length).toBe(2);
});

test("a process whose call hangs can end", async (context) => {
  const { hung } = rig(context);
  const script = fileURLToPath(new URL("./hanging-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, hung("a")], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const begun = performance.now();
  const [said, [status]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  expect([said, status]).toEqual(["UMB-7107\n", 0]);
  expect(performance.now() - begun).toBeLessThan(15_000);
});
