import { rmSync, writeFileSync } from "node:fs";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";
import { expectAllRefused, expectRefused } from "./refused.ts";

let user: DatabaseUser;
beforeAll(async () => {
  user = await databaseUser({ cdb: true });
});
afterAll(async () => await user[Symbol.asyncDispose]());
beforeEach(() => user.configure());

describe("--tablespaces", () => {
  test("an unknown name: the names that there are", async () => {
    await expectRefused(
      user,
      {
        exit: 3,
        code: "UMB-3111",
        seen: "no tablespace with datafiles is called USRES",
        todo: /name one of .*PDB1:USERS/,
      },
      "--tablespaces",
      "USRES",
    );
  });

  test("a name that several containers have (rule 101)", async () => {
    await expectRefused(
      user,
      {
        exit: 3,
        code: "UMB-3111",
        rule: 101,
        seen: "several containers have a tablespace USERS",
        todo: "say which: CDB$ROOT:USERS or PDB1:USERS",
      },
      "--tablespaces",
      "USERS",
    );
  });

  test("a temporary one (rule 32)", async () => {
    await expectRefused(
      user,
      { exit: 3, code: "UMB-3111", rule: 32, seen: "TEMP is temporary", todo: "its files are recorded" },
      "--tablespaces",
      "TEMP",
    );
  });

  test("several faults are told at once", async () => {
    const unknown = (name: string) => ({
      exit: 3,
      code: "UMB-3111",
      seen: `called ${name}`,
      todo: "name one of",
    });
    await expectAllRefused(user, [unknown("A"), unknown("B")], "--tablespaces", "A,PDB1:USERS,B");
  });

  test("with mode database", async () => {
    await expectRefused(
      user,
      {
        exit: 3,
        code: "UMB-3118",
        seen: "puts every file into backup mode",
        todo: "use --mode per-tablespace",
      },
      "--mode",
      "database",
      "--tablespaces",
      "PDB1:USERS",
    );
  });
});

/** Before anything is connected: status 2, one message, and no session in the database. */
async function expectUsageError(
  argv: readonly string[],
  ...said: readonly (string | RegExp)[]
): Promise<void> {
  const before = user.untouched();
  const { status, stdout, stderr } = await user.umbra(...argv);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  for (const text of said) expect(stderr).toMatch(text);
  expect(stderr).toMatch(/^ {2}to do: \S/m);
  expect(user.untouched()).toEqual(before);
}

test.each(["0", "65"])("--parallel %j", async (value) => {
  await expectUsageError(
    ["backup", "hot", "PROD1", `--parallel=${value}`],
    "UMB-2001",
    `argument '${value}' is invalid. It must be a whole number from 1 to 64.`,
  );
});

test("an unknown database: the name that was meant", async () => {
  for (const argv of [["backup", "hot"], ["check"], ["reconcile"]]) {
    await expectUsageError(
      [...argv, "PORD1"],
      'UMB-2002: no database is called PORD1 in the configuration; did you mean "PROD1"?',
    );
  }
});

describe("a configuration that cannot be read", () => {
  const commands = [["backup", "hot", "PROD1"], ["reconcile"]];

  test("broken YAML: place and caret", async () => {
    writeFileSync(user.config, "databases:\n  PROD1: {storage: nas\n  user: x\n");
    for (const argv of commands) await expectUsageError(argv, "UMB-2003", `${user.config}:3:3: `, /^ +\^/m);
  });

  test("an unknown key: what was meant", async () => {
    user.configure({ more: "    bakup: { parallel: 3 }" });
    const meant = ':12:5: databases.PROD1.bakup is not a setting; did you mean "backup"?';
    for (const argv of commands) await expectUsageError(argv, "UMB-2003", meant);
  });

  test("a missing file", async () => {
    rmSync(user.config);
    for (const argv of commands) await expectUsageError(argv, `${user.config}:1:1: there is no such file`);
  });
});
