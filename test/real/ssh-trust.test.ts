import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, onTestFinished, test, type TestContext } from "vitest";

import type { FilePath } from "../../src/domain/names.ts";
import { umbra } from "../cli/run-umbra.ts";
import { requireProgram } from "../programs.ts";
import { OpenSsh } from "../rigs/openssh.ts";

/** A server, and umbra with a state directory and a home of its own. */
async function rig(context: TestContext) {
  requireProgram(context, "sshd");
  const server = await OpenSsh.start();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const config = join(server.directory, "umbra.yaml");
  const state = join(server.directory, "state");
  writeFileSync(
    config,
    `state: ${state}\nstorages: {s: {path: /backup}}\n` +
      `hosts: {db1: {address: "127.0.0.1:${server.port}", user: u, key: /k}}\n` +
      "databases: {A: {connect: a/A, storage: s, user: U, password: {env: PW}}}\n",
  );
  const trustHost = (host: string, ...argv: readonly string[]) =>
    umbra(["hosts", "trust", host, "--config", config, ...argv], { HOME: server.directory });
  const trust = (...argv: readonly string[]) => trustHost(`127.0.0.1:${server.port}`, ...argv);
  const stored = () => readFileSync(join(state, "known_hosts"), "utf8");
  const fingerprint = () => /SHA256:\S+/.exec(trust().stdout)?.[0] ?? "";
  return { server, state, trust, trustHost, stored, fingerprint };
}

test("hosts trust shows the key, stores nothing, and says what to do", async (context) => {
  const { server, trust, stored } = await rig(context);
  const { status, stdout, stderr } = trust();
  expect({ status, stderr }).toEqual({ status: 3, stderr: "" });
  expect(stdout).toMatch(/^\[127\.0\.0\.1\]:\d+ {2}ssh-ed25519 {2}SHA256:\S{43}\nnot stored yet/);
  expect(stdout).toContain("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub");
  expect(stdout).toContain(`umbra hosts trust ${server.name} --fingerprint SHA256:`);
  expect(stored).toThrow("ENOENT");
});

test("the right fingerprint stores the key, a wrong one stores nothing", async (context) => {
  const { server, trust, stored, fingerprint } = await rig(context);
  const right = fingerprint();
  const wrong = trust("--fingerprint", `${right.slice(0, -1)}=`, "--yes");
  expect(wrong.status).toBe(7);
  expect(wrong.stderr).toContain("UMB-7216");
  expect(stored).toThrow("ENOENT");
  const { status, stdout } = trust("--fingerprint", right, "--output", "json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: "host-key",
    fingerprint: right,
    known: false,
    stored: true,
  });
  expect(stored()).toBe(`${server.name} ${server.hostKey.publicKey}\n`);
  expect(JSON.parse(trust("--output", "json").stdout)).toMatchObject({ known: true, stored: false });
});

test("with --yes the key is stored once, and a host that it is stored for is let in", async (context) => {
  const { server, state, trust, stored } = await rig(context);
  expect(trust("--yes").stdout).toContain("\nstored");
  expect(trust("--yes").stdout).toContain("\nknown already");
  expect(stored().split("\n")).toHaveLength(2);
  using host = server.host({ settings: { knownHosts: [join(state, "known_hosts") as FilePath] } });
  expect(await host.run(["true"], { deadlineMs: 10_000, maxOutputBytes: 1 })).toMatchObject({ status: 0 });
});

test("a host may be named as in the configuration", async (context) => {
  const { server, trustHost, stored } = await rig(context);
  expect(trustHost("db1", "--yes").stdout).toContain(`${server.name}  ssh-ed25519`);
  expect(stored()).toBe(`${server.name} ${server.hostKey.publicKey}\n`);
});

test("a changed key is never stored, whatever is confirmed", async (context) => {
  const { server, state, trust, stored, fingerprint } = await rig(context);
  const right = fingerprint();
  trust("--yes");
  const old = `${server.name} ${server.newKey("old").publicKey}\n`;
  writeFileSync(join(state, "known_hosts"), old);
  for (const argv of [[], ["--yes"], ["--fingerprint", right]]) {
    const { status, stdout, stderr } = trust(...argv);
    expect({ status, stdout }).toEqual({ status: 7, stdout: "" });
    expect(stderr).toContain("ITS HOST KEY HAS CHANGED");
    expect(stderr).toContain(`${state}/known_hosts:1`);
  }
  expect(stored()).toBe(old);
});

test("a host in the user's own file is known, and one that is no host is bad usage", async (context) => {
  const { server, trust, trustHost, stored } = await rig(context);
  const ssh = join(server.directory, ".ssh");
  mkdirSync(ssh);
  writeFileSync(join(ssh, "known_hosts"), `${server.name} ${server.hostKey.publicKey}\n`);
  expect(trust("--yes")).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("known already") as string,
  });
  expect(stored).toThrow("ENOENT");
  const { status, stderr } = trustHost("user@db1");
  expect(status).toBe(2);
  expect(stderr).toContain("user@db1 is no host[:port]");
});
