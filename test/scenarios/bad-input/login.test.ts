import { chmodSync } from "node:fs";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { type DatabaseUser, databaseUser, PASSWORD } from "../../rigs/database-user.ts";
import { expectRefused } from "./refused.ts";

let user: DatabaseUser;
beforeAll(async () => {
  user = await databaseUser({ cdb: true });
});
afterAll(async () => await user[Symbol.asyncDispose]());
beforeEach(() => {
  user.configure();
  chmodSync(user.passwordFile, 0o600);
  Object.assign(account(), {
    password: PASSWORD,
    administrative: ["SYSBACKUP"],
    grants: new Set<string>(),
    locked: false,
    expiresInDays: undefined,
  });
});

const account = () => user.program.engine.accounts.get(user.account);

const loginRefused = {
  exit: 5,
  code: "UMB-5104",
  seen: "the database refused the login: ORA-01017",
  todo: "check user, password and privilege (SYSBACKUP needs an entry in the password file)",
};

describe("a login that the database refuses", () => {
  test("a user without SYSBACKUP", async () => {
    account().administrative = [];
    await expectRefused(user, loginRefused);
  });

  test("a wrong password", async () => {
    account().password = "another";
    await expectRefused(user, loginRefused);
  });

  test("an unknown user", async () => {
    user.configure({ user: "nobody" });
    await expectRefused(user, loginRefused);
  });

  test("an expired password", async () => {
    account().expiresInDays = 0;
    await expectRefused(user, {
      exit: 5,
      code: "UMB-5105",
      seen: "the account cannot be used: ORA-28001: the password has expired",
      todo: "a DBA must unlock it or set a new password",
    });
  });

  test("a locked account", async () => {
    account().locked = true;
    await expectRefused(user, {
      exit: 5,
      code: "UMB-5105",
      seen: "the account cannot be used: ORA-28000",
      todo: "a DBA must unlock it",
    });
  });
});

describe("a session that may too little", () => {
  test("without SELECT on the dictionary", async () => {
    account().grants = new Set(["CREATE SESSION"]);
    user.configure({ privilege: "normal" });
    await expectRefused(user, {
      exit: 5,
      code: "UMB-5106",
      seen: "a privilege is missing: ORA-00942",
      todo: "grant what sql/README.md lists, or connect with SYSBACKUP",
    });
  });

  test("with grants that read everything and change much, but without SYSBACKUP", async () => {
    account().grants = new Set([
      "CREATE SESSION",
      "SELECT ANY DICTIONARY",
      "SET CONTAINER",
      "ALTER DATABASE",
      "ALTER SYSTEM",
    ]);
    user.configure({ privilege: "normal" });
    await expectRefused(user, {
      exit: 3,
      code: "UMB-3106",
      seen: /^the session has ALTER DATABASE, .*, and a backup needs SYSBACKUP or SYSDBA$/,
      todo: "grant SYSBACKUP to umbra's user and set privilege: sysbackup in the configuration",
    });
    const { status, stdout } = await user.umbra("check", "PROD1");
    expect(status).toBe(3);
    expect(stdout).toMatch(/^FAILED +privileges /m);
  });
});

describe("a password that expires soon is a warning, told once, with what to do", () => {
  test("as text", async () => {
    account().expiresInDays = 5;
    const { status, stderr } = await user.umbra("inventory", "PROD1");
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr:
        "umbra: warning: PROD1: ORA-28002: the password will expire within 5 days\n" +
        "  to do: set a new password in time, and give umbra's account a profile without expiry\n",
    });
  });

  test("as JSON", async () => {
    account().expiresInDays = 5;
    const { status, stdout, stderr } = await user.umbra("backup", "hot", "PROD1", "--output", "json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: "backup" });
    expect(JSON.parse(stderr)).toMatchObject({
      schema: 1,
      kind: "warning",
      database: "PROD1",
      warning: { seen: "ORA-28002: the password will expire within 5 days" },
    });
  });
});

test("an unknown service: with its name, and where to look", async () => {
  user.configure({ service: "PORD1" });
  await expectRefused(user, {
    exit: 5,
    code: "UMB-5102",
    seen: 'Service "PORD1" is not registered with the listener',
    todo: "compare the service name with `lsnrctl services`",
  });
});

test("the service of a PDB leads to the whole database all the same", async () => {
  user.configure({ service: "PDB1" });
  const plan = await user.succeed("backup", "hot", "PROD1", "--plan");
  expect(plan).toContain('SQL in CDB$ROOT: alter tablespace "SYSTEM" begin backup');
});

test("nobody listens: with host and port", async () => {
  await using other = await databaseUser();
  const { port } = other.program.listener;
  await other.program.listener.close();
  await expectRefused(other, {
    exit: 5,
    code: "UMB-5101",
    seen: new RegExp(`127\\.0\\.0\\.1.*${port}|${port}.*127\\.0\\.0\\.1`),
    todo: "check host, port and firewall of the connect string, and that the listener runs",
  });
});

test("a password file that others may read is refused before anything is connected", async () => {
  chmodSync(user.passwordFile, 0o644);
  await expectRefused(user, {
    exit: 2,
    code: "UMB-2103",
    seen: `the password file ${user.passwordFile} is open to others than its owner (mode 0644)`,
    todo: "chmod 600",
  });
});
