import { join } from "node:path";

import { expect, onTestFinished, test, type TestContext } from "vitest";

import { requireProgram } from "../programs.ts";
import { type DatabaseUser, databaseUser } from "../rigs/database-user.ts";
import { OpenSsh } from "../rigs/openssh.ts";

interface Rig {
  readonly user: DatabaseUser;
  readonly server: OpenSsh;
  readonly configure: (host?: string, storage?: string) => void;
}

/** A simulated database whose files are, for umbra, on the machine behind a real ssh server. */
async function rig(context: TestContext): Promise<Rig> {
  requireProgram(context, "sshd");
  const server = await OpenSsh.start();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const user = await databaseUser();
  onTestFinished(() => user[Symbol.asyncDispose]());
  const { address, userKey } = server;
  const configure = (host = "", storage = "") =>
    user.configure({
      storagePath: `${user.storage}${storage}`,
      more: [
        "    host: db1",
        "hosts:",
        "  db1:",
        `    address: ${address.host}:${address.port}`,
        `    user: ${server.target().user}`,
        `    key: ${userKey.path}`,
        host,
      ].join("\n"),
    });
  configure();
  return { user, server, configure };
}

const trust = async ({ user, server }: Rig) =>
  await user.succeed("hosts", "trust", `127.0.0.1:${server.port}`, "--yes");

test("a host whose key nobody has confirmed is not used", async (context) => {
  const { user } = await rig(context);
  expect(await user.succeed("config", "check")).toContain("1 database: PROD1");
  const { status, stderr } = await user.umbra("check", "PROD1");
  expect(stderr).toContain("UMB-7213");
  expect(stderr).toContain("umbra hosts trust");
  expect(status).toBe(7);
});

test("check looks at the files where they are, over ssh", async (context) => {
  const all = await rig(context);
  await trust(all);
  const { status, stdout, stderr } = await all.user.umbra("check", "PROD1");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^PROD1 is ready for a backup/m);
  expect(all.server.log.filter((line) => line.includes("Accepted publickey")).length).toBeGreaterThan(0);
  expect(join(all.user.area)).toContain("PROD1");
});
