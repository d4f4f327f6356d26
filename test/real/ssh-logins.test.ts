import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { afterAll, expect, onTestFinished, test, type TestContext } from "vitest";

import type { SshLogin, SshTarget } from "../../src/adapters/ssh/target.ts";
import type { FilePath } from "../../src/domain/names.ts";
import { requireProgram } from "../programs.ts";
import { OpenSsh } from "../rigs/openssh.ts";

let started: Promise<OpenSsh> | undefined;

afterAll(async () => await (await started)?.[Symbol.asyncDispose]());

async function openSsh(context: TestContext): Promise<OpenSsh> {
  requireProgram(context, "sshd");
  return await (started ??= OpenSsh.start());
}

async function saysIn(server: OpenSsh, target: Partial<SshTarget>): Promise<string> {
  const host = server.host({ target });
  onTestFinished(() => host[Symbol.dispose]());
  const { stdout } = await host.run(["echo", "in"], { deadlineMs: 10_000, maxOutputBytes: 100 });
  return stdout.toString();
}
const loggedIn = (server: OpenSsh, login: SshLogin) => saysIn(server, { login });

test("a private key with a passphrase lets in, with the right passphrase only", async (context) => {
  const server = await openSsh(context);
  const key = server.newKey("locked_key", { passphrase: "secret words" });
  server.letIn(key);
  const { path } = key;
  expect(await loggedIn(server, { by: "key", path, passphrase: async () => "secret words" })).toBe("in\n");
  for (const login of [
    { by: "key", path },
    { by: "key", path, passphrase: async () => "wrong words" },
  ] as const) {
    const failed = loggedIn(server, login);
    await expect(failed).rejects.toMatchObject({ code: "UMB-7217" });
    await expect(failed).rejects.not.toThrow(/words/);
  }
});

test("a key that the account does not know is refused by name of the account and kind of login", async (context) => {
  const server = await openSsh(context);
  const { path } = server.newKey("strange_key");
  await expect(loggedIn(server, { by: "key", path })).rejects.toMatchObject({
    code: "UMB-7212",
    context: { host: server.name, user: server.target().user, login: "the key" },
  });
});

test("a key file that is not there, or is no private key, is told before anybody is asked", async (context) => {
  const server = await openSsh(context);
  for (const path of ["/none/key", `${server.userKey.path}.pub`, "/dev/null"] as FilePath[]) {
    await expect(loggedIn(server, { by: "key", path })).rejects.toMatchObject({ code: "UMB-7217" });
  }
});

test("an agent that holds the key lets in", async (context) => {
  const server = await openSsh(context);
  const socket = join(server.directory, "agent") as FilePath;
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => ended(agent));
  await once(agent.stdout, "data");
  execFileSync("ssh-add", ["-q", server.userKey.path], {
    env: { ...process.env, SSH_AUTH_SOCK: socket },
    stdio: "ignore",
  });
  expect(await loggedIn(server, { by: "agent", socket })).toBe("in\n");
});

test("an agent that is not there is told with its socket", async (context) => {
  const server = await openSsh(context);
  const socket = join(server.directory, "no-agent") as FilePath;
  await expect(loggedIn(server, { by: "agent", socket })).rejects.toMatchObject({
    code: "UMB-7227",
    message: expect.stringContaining(socket),
  });
});

test("a password that the server does not take is refused, and is not told", async (context) => {
  const server = await openSsh(context);
  const failed = loggedIn(server, { by: "password", password: async () => "hunter2" });
  await expect(failed).rejects.toMatchObject({ code: "UMB-7212", context: { login: "the password" } });
  await expect(failed).rejects.not.toThrow(/hunter2/);
});

test("a host behind a jump host is reached through it, and its own key is checked", async (context) => {
  const server = await openSsh(context);
  const behind = await OpenSsh.start();
  onTestFinished(() => behind[Symbol.asyncDispose]());
  const target = { ...behind.target(), via: server.target() };
  const before = accepted(server);
  const host = (lines: readonly string[]) => {
    const made = server.host({ target, settings: { knownHosts: [server.knownHosts("both", ...lines)] } });
    onTestFinished(() => made[Symbol.dispose]());
    return made.run(["sh", "-c", "echo $SSH_CONNECTION"], { deadlineMs: 10_000, maxOutputBytes: 100 });
  };
  const both = [`${server.name} ${server.hostKey.publicKey}`, `${behind.name} ${behind.hostKey.publicKey}`];
  expect((await host(both)).stdout.toString().trim().split(" ").at(-1)).toBe(`${behind.port}`);
  expect(accepted(server)).toBeGreaterThan(before);
  await expect(host(both.slice(0, 1))).rejects.toMatchObject({
    code: "UMB-7213",
    context: { host: behind.name },
  });
  await expect(host(both.slice(1))).rejects.toMatchObject({
    code: "UMB-7213",
    context: { host: server.name },
  });
});

test("a server that is not there is told with the reason", async (context) => {
  const server = await openSsh(context);
  const address = { host: "127.0.0.1", port: 1 };
  await expect(saysIn(server, { address })).rejects.toMatchObject({
    code: "UMB-7211",
    context: { host: "[127.0.0.1]:1", problem: expect.stringContaining("ECONNREFUSED") as string },
  });
});

const accepted = ({ log }: OpenSsh) => log.filter((line) => line.startsWith("Accepted publickey")).length;

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.kill("SIGTERM")) await once(child, "exit");
}
