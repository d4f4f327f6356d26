import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";

import { afterAll, describe, expect, onTestFinished, test, type TestContext } from "vitest";

import type { SshSettings } from "../../src/adapters/ssh/target.ts";
import type { FilePath } from "../../src/domain/names.ts";
import { requireProgram } from "../programs.ts";
import { OpenSsh } from "../rigs/openssh.ts";

let started: Promise<OpenSsh> | undefined;

afterAll(async () => await (await started)?.[Symbol.asyncDispose]());

async function rig(context: TestContext, settings: Partial<SshSettings> = {}) {
  requireProgram(context, "sshd");
  const server = await (started ??= OpenSsh.start());
  const host = server.host({ settings });
  onTestFinished(() => host[Symbol.dispose]());
  return { server, host };
}

const limits = { deadlineMs: 20_000, maxOutputBytes: 100_000 };
let marks = 0;

/** A program that says in a file that it runs, and then does nothing. Ended with the test, whatever became of it. */
function idle(server: OpenSsh) {
  const mark = join(server.directory, `mark-${(marks += 1)}`);
  const argv = ["sh", "-c", 'echo $$ > "$1"; exec sleep 600', "sh", mark];
  const runs = async () => {
    await expect.poll(() => readFile(mark, "utf8").catch(() => ""), { timeout: 10_000 }).toMatch(/\n$/);
    const pid = Number(await readFile(mark, "utf8"));
    onTestFinished(() => end(pid));
    return pid;
  };
  return { argv, runs };
}

describe("a connection that is cut while a program runs", () => {
  test("says that the outcome is unknown, and the next call connects again", async (context) => {
    const { server, host } = await rig(context);
    const serving = await server.servingProcess(host);
    const { argv, runs } = idle(server);
    const call = host.run(argv, limits);
    call.catch(() => {});
    const pid = await runs();
    process.kill(serving, "SIGKILL");
    await expect(call).rejects.toMatchObject({
      code: "UMB-7203",
      exit: 7,
      message: expect.stringContaining("unknown") as string,
    });
    expect(process.kill(pid, 0)).toBe(true);
    expect(await server.servingProcess(host)).not.toBe(serving);
  });

  test("in the middle of a write leaves the old file, and nothing beside it", async (context) => {
    const { server, host } = await rig(context);
    const directory = join(server.directory, "writing") as FilePath;
    const path = join(directory, "file") as FilePath;
    await host.makeDirectory(directory, limits);
    await host.writeAtomically(path, "old", limits);
    const serving = await server.servingProcess(host);
    const call = host.writeAtomically(path, Buffer.alloc(64 * 1024 * 1024), limits);
    call.catch(() => {});
    await expect.poll(() => readdir(directory), { interval: 2, timeout: 10_000 }).toHaveLength(2);
    process.kill(serving, "SIGKILL");
    await expect(call).rejects.toMatchObject({ code: "UMB-7203" });
    await expect.poll(() => readdir(directory), { timeout: 10_000 }).toEqual(["file"]);
    expect(await readFile(path, "utf8")).toBe("old");
  });

  test("fails every program on it, each by its own name", async (context) => {
    const { server, host } = await rig(context);
    const serving = await server.servingProcess(host);
    const idles = [idle(server), idle(server), idle(server)];
    const calls = Promise.allSettled(idles.map(({ argv }) => host.run(argv, limits)));
    for (const { runs } of idles) await runs();
    process.kill(serving, "SIGKILL");
    const codes = (await calls).map(
      (call) => call.status === "rejected" && (call.reason as { code: string }).code,
    );
    expect(codes).toEqual(["UMB-7203", "UMB-7203", "UMB-7203"]);
  });
});

describe("a peer that is frozen", () => {
  test("is left at the deadline, and the next call makes a new connection", async (context) => {
    const { server, host } = await rig(context);
    const serving = await server.servingProcess(host);
    server.freeze(serving);
    await expect(host.run(["true"], { ...limits, deadlineMs: 500 })).rejects.toMatchObject({
      code: "UMB-7202",
    });
    expect(await server.servingProcess(host)).not.toBe(serving);
  });

  test("is found out by keepalives, long before the deadline", async (context) => {
    const { server, host } = await rig(context, { keepaliveMs: 100 });
    const { argv, runs } = idle(server);
    const serving = await server.servingProcess(host);
    const call = host.run(argv, limits);
    call.catch(() => {});
    await runs();
    server.freeze(serving);
    const frozenAt = performance.now();
    await expect(call).rejects.toMatchObject({ code: "UMB-7203" });
    expect(performance.now() - frozenAt).toBeLessThan(limits.deadlineMs / 2);
  });

  test("ends a file operation with the path, as a hung file system does", async (context) => {
    const { server, host } = await rig(context);
    server.freeze(await server.servingProcess(host));
    const path = join(server.directory, "x") as FilePath;
    await expect(host.stat(path, { deadlineMs: 500 })).rejects.toMatchObject({
      code: "UMB-7107",
      context: { path, operation: "stat", deadlineMs: 500 },
    });
  });
});

test("a program that missed its deadline is killed over there, unless it is root's", async (context) => {
  const { server, host } = await rig(context);
  const { argv, runs } = idle(server);
  const before = server.log.length;
  const call = host.run(argv, { ...limits, deadlineMs: 1_000 });
  call.catch(() => {});
  const pid = await runs();
  await expect(call).rejects.toMatchObject({ code: "UMB-7202" });
  const refused = () => server.log.slice(before).some((line) => line.includes("session signalling requires"));
  await expect.poll(async () => refused() || !(await isRunning(pid)), { timeout: 10_000 }).toBe(true);
  expect(refused()).toBe(process.getuid?.() === 0);
});

describe("a server that accepts and stays silent", () => {
  test("is left when the time to connect is over", async (context) => {
    const { server } = await rig(context);
    const address = await silentServer();
    const host = server.host({ target: { address }, settings: { connectMs: 300 } });
    await expect(host.run(["true"], limits)).rejects.toMatchObject({ code: "UMB-7211" });
  });

  test("is left at the deadline of the call, which says that nothing was started", async (context) => {
    const { server } = await rig(context);
    const address = await silentServer();
    const host = server.host({ target: { address }, settings: { connectMs: 2_000 } });
    onTestFinished(() => host[Symbol.dispose]());
    await expect(host.run(["true"], { ...limits, deadlineMs: 300 })).rejects.toMatchObject({
      code: "UMB-7201",
    });
  });
});

test("20 programs at the same time run on one connection, never more than 6 of them at once", async (context) => {
  const { server, host } = await rig(context);
  const directory = join(server.directory, "at-once") as FilePath;
  await host.makeDirectory(directory, limits);
  const logins = () => server.log.filter((line) => line.startsWith("Accepted publickey")).length;
  const before = logins();
  const script = 'cd "$1"; : > $$; ls | wc -l; sleep 0.1; ls | wc -l; rm $$';
  const calls = Array.from({ length: 20 }, () => host.run(["sh", "-c", script, "sh", directory], limits));
  const counts = (await Promise.all(calls)).flatMap(({ stdout }) =>
    stdout.toString().trim().split("\n").map(Number),
  );
  expect(counts).toHaveLength(40);
  expect(Math.max(...counts)).toBeLessThanOrEqual(6);
  expect(Math.max(...counts)).toBeGreaterThan(1);
  expect(logins()).toBe(before);
});

test("a server that serves fewer programs at once is waited for", async (context) => {
  requireProgram(context, "sshd");
  await using server = await OpenSsh.start({ MaxSessions: "2" });
  using host = server.host();
  const calls = Array.from({ length: 12 }, (_, index) => host.run(["echo", `${index}`], limits));
  const said = (await Promise.all(calls)).map(({ stdout }) => Number(stdout.toString()));
  expect(said).toEqual(Array.from({ length: 12 }, (_, index) => index));
});

test("a server that serves no program at all is told, and nothing was started", async (context) => {
  requireProgram(context, "sshd");
  await using server = await OpenSsh.start({ MaxSessions: "0" });
  using host = server.host();
  await expect(host.run(["true"], limits)).rejects.toMatchObject({ code: "UMB-7201" });
});

test("a call that leaves the queue gives its place to the next", async (context) => {
  const { server, host } = await rig(context);
  const idles = Array.from({ length: 6 }, () => idle(server));
  const stop = new AbortController();
  const busy = Promise.allSettled(
    idles.map(({ argv }) => host.run(argv, { ...limits, signal: stop.signal })),
  );
  for (const { runs } of idles) await runs();
  const waited = host.run(["true"], { ...limits, deadlineMs: 200 });
  await expect(waited).rejects.toMatchObject({ code: "UMB-7201" });
  const next = host.run(["echo", "next"], limits);
  stop.abort(new Error("stop"));
  expect((await next).stdout.toString()).toBe("next\n");
  expect((await busy).every(({ status }) => status === "rejected")).toBe(true);
});

/** Takes connections and never says a word. */
async function silentServer() {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on("error", () => {})));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}

async function isRunning(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return state !== "" && !state.includes(") Z ");
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
