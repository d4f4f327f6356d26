import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

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
  /** By the log of the ssh server. */
  readonly logins: () => number;
}

interface Way {
  /** A setting of the host, and one of the storage. */
  readonly host: string;
  readonly storage: string;
  /** The only command of the account. */
  readonly forced?: string;
  /** What doctor says of it. */
  readonly line: RegExp;
}

/** How the copies are made and checked. */
const ways: Readonly<Record<string, Way>> = {
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
  "umbra as a forced command": {
    host: "    umbra: forced-command",
    storage: "",
    forced: `${umbraMain.join(" ")} remote --allow files,copy,verify,run`,
    line: /^ {2}ok +umbra +answers as the account's forced command$/m,
  },
};

/** A simulated database whose files are, for umbra, on the machine behind a real ssh server. */
async function rig(context: TestContext, way: Way): Promise<Rig> {
  requireProgram(context, "sshd");
  const server = await OpenSsh.start();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const oracleHome = join(server.directory, "home");
  const user = await databaseUser({ oracleHome });
  onTestFinished(() => user[Symbol.asyncDispose]());
  const { address, userKey } = server;
  if (way.forced !== undefined) {
    const line = `restrict,command="${way.forced}" ${userKey.publicKey}\n`;
    writeFileSync(join(server.directory, "authorized_keys"), line);
  }
  user.configure({
    service: user.program.ready.adminService,
    storagePath: `${user.storage}${way.storage}`,
    more: [
      "    host: db1",
      `    instance: { by: sqlplus, oracle-home: ${oracleHome}, sid: ORCL }`,
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

/** As `umbra hosts trust` leaves it. */
function trust({ user, server }: Rig): void {
  mkdirSync(user.state, { recursive: true });
  writeFileSync(join(user.state, "known_hosts"), `${server.name} ${server.hostKey.publicKey}\n`);
}

test("a host whose key nobody has confirmed is not used, and doctor says what to do", async (context) => {
  const { user, logins } = await rig(context, { host: "    umbra: [umbra]", storage: "", line: /./ });
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
  test("check, hot backup, verify and doctor work as they do on this machine", async (context) => {
    const all = await rig(context, way);
    const { user } = all;
    trust(all);
    expect(await user.succeed("check", "PROD1")).toMatch(/^PROD1 is ready for a backup/m);
    const { backup } = await user.object<{ backup: CatalogEntry }>("backup", "hot", "PROD1");
    expect(user.inBackupMode()).toEqual([]);
    const manifest = manifestOf(backup.directory);
    expect(manifest.whole).toBe(true);
    expect(manifest.datafiles.map(({ file }) => file)).toEqual(
      user.program.instance.controlFile?.datafiles.map(({ file }) => file),
    );
    expect(await user.succeed("verify", backup.id)).toMatch(/./);
    const left = readdirSync(user.storage, { recursive: true, encoding: "utf8" });
    expect(left.filter((name) => /part|probe/.test(name))).toEqual([]);
    const told = await user.succeed("doctor");
    expect(told).toMatch(/^ {2}ok +login +\S+ at \[127\.0\.0\.1\]:\d+ by key, host key known/m);
    expect(told).toMatch(/^ {2}ok +instance +open \(ORCL on \S+\), by sqlplus$/m);
    expect(told).toMatch(way.line);
    expect(existsSync(`${user.storage}/.umbra-doctor-seen`)).toBe(false);
    expect(all.logins()).toBeGreaterThanOrEqual(3);
  });

  test("a cold backup stops the database over there and brings it back", async (context) => {
    const all = await rig(context, way);
    trust(all);
    const { backup } = await all.user.object<{ backup: CatalogEntry }>("backup", "cold", "PROD1");
    expect(all.user.program.instance.state).toBe("OPEN");
    expect(manifestOf(backup.directory)).toMatchObject({ whole: true });
  });
});
