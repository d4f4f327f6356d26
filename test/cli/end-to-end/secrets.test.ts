import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type DatabaseUser, databaseUser, PASSWORD } from "../../rigs/database-user.ts";
import { UmbraProcess } from "../../rigs/umbra-process.ts";
import { leaks, shown } from "./password-search.ts";

let user: DatabaseUser;
beforeAll(async () => {
  user = await databaseUser();
});
afterAll(async () => await user[Symbol.asyncDispose]());

const whenConnected = (umbra: UmbraProcess) => umbra.line((line) => line.includes('"run-started"'));
const holds = (text: string) => text.includes(PASSWORD);
const backup = ["backup", "hot", "PROD1", "--output", "ndjson"];

async function expectUnseen(start: () => UmbraProcess): Promise<readonly string[]> {
  const held = user.holdEndBackup();
  const umbra = start();
  await whenConnected(umbra);
  const seen = shown(umbra.pid);
  held.let();
  const { status, stdout, stderr } = await umbra.ended;
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).not.toContain(PASSWORD);
  expect(leaks(user.state)).toEqual([]);
  expect(leaks(user.storage)).toEqual([]);
  return seen;
}

describe("during a backup the password is in no output, no state, no manifest and no process list", () => {
  test("from a file", async () => {
    user.configure();
    expect((await expectUnseen(() => user.start(...backup))).filter(holds)).toEqual([]);
  });

  test("from a program", async () => {
    user.configure({ password: `{ exec: [/bin/cat, ${user.passwordFile}] }` });
    expect((await expectUnseen(() => user.start(...backup))).filter(holds)).toEqual([]);
  });

  test("from systemd's credentials", async () => {
    user.configure({ password: "{ credential: password }" });
    const env = { CREDENTIALS_DIRECTORY: user.directory };
    const umbra = () => new UmbraProcess([...backup, "--config", user.config], env);
    expect((await expectUnseen(umbra)).filter(holds)).toEqual([]);
  });

  test("from the environment: nowhere but there", async () => {
    user.configure({ password: "{ env: PROD1_PASSWORD }" });
    const umbra = () => new UmbraProcess([...backup, "--config", user.config], { PROD1_PASSWORD: PASSWORD });
    expect((await expectUnseen(umbra)).filter(holds)).toEqual([`PROD1_PASSWORD=${PASSWORD}`]);
  });
});

test("the search would find a password that is written anywhere", () => {
  const path = join(user.storage, "planted");
  writeFileSync(path, Buffer.concat([Buffer.from([0, 255]), Buffer.from(PASSWORD)]));
  expect(leaks(user.storage)).toContain(path);
  writeFileSync(path, "");
});

test("every other command, in every format, does without saying it", async () => {
  user.configure();
  await user.succeed("backup", "hot", "PROD1");
  const commands = [
    ["config", "check", "--explain", "PROD1"],
    ["inventory", "PROD1"],
    ["check", "PROD1"],
    ["backup", "hot", "PROD1", "--plan"],
    ["list"],
  ];
  for (const [index, argv] of commands.entries()) {
    const format = ["table", "json", "ndjson"][index % 3] ?? "";
    const { status, stdout, stderr } = await user.umbra(...argv, "--output", format);
    expect(status).toBe(0);
    expect(stdout + stderr).not.toContain(PASSWORD);
  }
});

test("a login that fails says neither the right password nor the wrong one", async () => {
  user.configure({ user: "nobody" });
  for (const format of ["table", "json"]) {
    const { status, stdout, stderr } = await user.umbra("check", "PROD1", "--output", format);
    expect(status).toBe(5);
    expect(stdout + stderr).not.toContain(PASSWORD);
  }
});
