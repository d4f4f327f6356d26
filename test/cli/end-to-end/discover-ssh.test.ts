import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test, type TestContext } from "vitest";

import { requireProgram } from "../../programs.ts";
import { databaseUser } from "../../rigs/database-user.ts";
import { OpenSsh } from "../../rigs/openssh.ts";
import { UmbraProcess } from "../../rigs/umbra-process.ts";

/** A database behind a real ssh server, and a user whose home knows the server's key. */
async function rig(context: TestContext) {
  requireProgram(context, "sshd");
  const server = await OpenSsh.start();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const oracleHome = join(server.directory, "oracle home");
  const user = await databaseUser({ oracleHome, dbName: "FOUND2", seed: 47_12 });
  onTestFinished(() => user[Symbol.asyncDispose]());
  const home = join(server.directory, "dba");
  mkdirSync(join(home, ".ssh"), { recursive: true });
  writeFileSync(join(home, ".ssh", "known_hosts"), readFileSync(server.knownHosts()));
  const oratab = join(user.directory, "prod", "etc", "oratab");
  const address = `${userInfo().username}@127.0.0.1:${server.port}`;
  const umbra = (argv: readonly string[], env = {}) => new UmbraProcess(argv, { HOME: home, ...env }).ended;
  return {
    server,
    home,
    oracleHome,
    oratab,
    address,
    umbra,
    user,
    discover: (host: string, ...argv: readonly string[]) =>
      umbra(["discover", host, "--oratab", oratab, ...argv]),
  };
}

test("a host over ssh is looked at with the usual key, and written as a host", async (context) => {
  const { server, home, discover, address, user, umbra, oracleHome } = await rig(context);
  writeFileSync(join(home, ".ssh", "id_ed25519"), readFileSync(server.userKey.path), { mode: 0o600 });
  const file = join(home, "umbra.yaml");
  const { status, stdout, stderr } = await discover(address, "--write", file);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^FOUND2 +FOUND2 +READ WRITE +PRIMARY +ARCHIVELOG/mu);
  expect(stdout).toContain("umbra does not answer on its host");
  const text = readFileSync(file, "utf8");
  expect(text).toContain(`  host-127-0-0-1:\n    address: 127.0.0.1:${server.port}\n`);
  expect(text).toContain(`      oracle-home: ${oracleHome}\n`);
  const filled = text
    .replace(/path: +# fill in.*/gu, `path: ${user.storage}`)
    .replace(/password: +# fill in.*/gu, `password: { file: ${user.passwordFile} }`)
    .replace(/connect: +# fill in.*/gu, "connect: other/one");
  writeFileSync(file, `state: ${user.state}\n${filled}`);
  expect(await umbra(["config", "check", "--config", file])).toMatchObject({ status: 0, stderr: "" });
  const inventory = await umbra(["inventory", "FOUND2", "--config", file]);
  expect(inventory).toMatchObject({ status: 0, stderr: "" });
  expect(inventory.stdout).toMatch(/^Storage\n +VOLUME +KIND/mu);
  expect(inventory.stdout).not.toContain("not known:");
  // By its name, the same host is known from the configuration now.
  const again = await discover("host-127-0-0-1", "--config", file, "--output", "json");
  expect(again).toMatchObject({ status: 0, stderr: "" });
  expect(again.stdout).toContain('"value": "FOUND2"');
});

test("a login that is refused, and a key that is not known, are told as such", async (context) => {
  const { server, home, discover, address } = await rig(context);
  const stranger = server.newKey("stranger");
  const refused = await discover(address, "--key", stranger.path);
  expect(refused.status).toBe(7);
  expect(refused.stderr).toContain("UMB-7212");
  writeFileSync(join(home, ".ssh", "known_hosts"), "");
  const unknown = await discover(address, "--key", server.userKey.path);
  expect(unknown.status).toBe(7);
  expect(unknown.stderr).toContain("UMB-7213");
});

test("an agent that is gone, and one without the key, leave the usual keys to try", async (context) => {
  const { server, home, address, umbra, oratab } = await rig(context);
  writeFileSync(join(home, ".ssh", "id_ed25519"), readFileSync(server.userKey.path), { mode: 0o600 });
  const argv = ["discover", address, "--oratab", oratab];
  const gone = await umbra(argv, { SSH_AUTH_SOCK: join(home, "no-agent") });
  expect(gone).toMatchObject({ status: 0, stderr: "" });
  const socket = join(home, "agent");
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  onTestFinished(() => void agent.kill());
  await expect.poll(() => existsSync(socket)).toBe(true);
  const empty = await umbra(argv, { SSH_AUTH_SOCK: socket });
  expect(empty).toMatchObject({ status: 0, stderr: "" });
});

test("hosts may be configured before the first database is", async (context) => {
  const { server, home, discover, umbra } = await rig(context);
  const config = join(home, "hosts.yaml");
  const { username } = userInfo();
  writeFileSync(
    config,
    `state: ${join(home, "state")}\nhosts: {db1: {address: "127.0.0.1:${server.port}", user: ${username}, key: ${server.userKey.path}}}\n`,
  );
  writeFileSync(join(home, ".ssh", "known_hosts"), "");
  const trusted = await umbra(["hosts", "trust", `127.0.0.1:${server.port}`, "--yes", "--config", config]);
  expect(trusted).toMatchObject({ status: 0, stderr: "" });
  const { status, stdout, stderr } = await discover("db1", "--config", config);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^db1: \d+ databases?, looked at as /u);
});
