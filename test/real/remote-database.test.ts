import { existsSync, readdirSync } from "node:fs";

import { describe, expect, onTestFinished, test, type TestContext } from "vitest";

import type { CatalogEntry } from "../../src/domain/journal.ts";
import { requireProgram } from "../programs.ts";
import { type DatabaseUser, databaseUser } from "../rigs/database-user.ts";
import { OpenSsh } from "../rigs/openssh.ts";
import { manifestOf } from "../rigs/restored-database.ts";
import { umbraMain } from "../rigs/umbra-main.ts";

interface Rig {
  readonly user: DatabaseUser;
  readonly server: OpenSsh;
  /** Files that copies went through on the far side, by the log of the ssh server. */
  readonly logins: () => number;
}

/** How the copies are made and checked. */
const ways = {
  "umbra on the database host": {
    host: `    umbra: [${umbraMain.join(", ")}]`,
    storage: "",
    line: /^ {2}ok +umbra +version \S+, as here$/m,
  },
  "tools there, and the storage mounted here too": {
    host: "",
    storage: ", host: here",
    line: /^ {2}ok +seen too from +here$/m,
  },
} as const;

/** A simulated database whose files are, for umbra, on the machine behind a real ssh server. */
async function rig(context: TestContext, way: (typeof ways)[keyof typeof ways]): Promise<Rig> {
  requireProgram(context, "sshd");
  const server = await OpenSsh.start();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const user = await databaseUser();
  onTestFinished(() => user[Symbol.asyncDispose]());
  const { address, userKey } = server;
  user.configure({
    storagePath: `${user.storage}${way.storage}`,
    more: [
      "    host: db1",
      "hosts:",
      "  db1:",
      `    address: ${address.host}:${address.port}`,
      `    user: ${server.target().user}`,
      `    key: ${userKey.path}`,
      way.host,
    ].join("\n"),
  });
  const logins = () => server.log.filter((line) => line.includes("Accepted publickey")).length;
  return { user, server, logins };
}

const trust = async ({ user, server }: Rig) =>
  await user.succeed("hosts", "trust", `127.0.0.1:${server.port}`, "--yes");

test("a host whose key nobody has confirmed is not used, and doctor says what to do", async (context) => {
  const { user, logins } = await rig(context, ways["umbra on the database host"]);
  expect(await user.succeed("config", "check")).toContain("1 database: PROD1");
  const { status, stderr } = await user.umbra("check", "PROD1");
  expect(stderr).toContain("UMB-7213");
  expect(status).toBe(7);
  const { status: sick, stdout } = await user.umbra("doctor");
  expect(stdout).toMatch(/^host db1\n {2}PROBLEM +login +UMB-7213/m);
  expect(stdout).toContain("umbra hosts trust");
  expect(sick).toBe(4);
  expect(logins()).toBe(0);
});

describe.each(Object.entries(ways))("%s", (_name, way) => {
  test("check, backup, list and verify work as they do on this machine", async (context) => {
    const all = await rig(context, way);
    const { user } = all;
    await trust(all);
    const { status, stdout, stderr } = await user.umbra("check", "PROD1");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^PROD1 is ready for a backup/m);
    const { backup } = await user.object<{ backup: CatalogEntry }>("backup", "hot", "PROD1");
    expect(user.inBackupMode()).toEqual([]);
    const manifest = manifestOf(backup.directory);
    expect(manifest.whole).toBe(true);
    expect(manifest.datafiles.map(({ file }) => file)).toEqual(
      user.program.instance.controlFile?.datafiles.map(({ file }) => file),
    );
    expect(await user.succeed("list", "PROD1")).toContain(backup.id);
    expect(await user.succeed("verify", backup.id)).toMatch(/./);
    expect(
      readdirSync(backup.directory, { recursive: true, encoding: "utf8" }).filter((name) =>
        /part|probe/.test(name),
      ),
    ).toEqual([]);
    expect(all.logins()).toBeGreaterThanOrEqual(2);
  });

  test("doctor finds nothing wrong with the host and the storage", async (context) => {
    const all = await rig(context, way);
    await trust(all);
    const { status, stdout, stderr } = await all.user.umbra("doctor");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^ {2}ok +login +\S+ at \[127\.0\.0\.1\]:\d+ by key, host key known/m);
    expect(stdout).toMatch(/^ {2}ok +clock +-?\d+ ms ± \d+ ms from this machine's$/m);
    expect(stdout).toMatch(way.line);
    expect(existsSync(`${all.user.storage}/.umbra-doctor-seen`)).toBe(false);
  });
});
