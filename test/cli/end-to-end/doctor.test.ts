import { chmodSync, mkdirSync, rmSync } from "node:fs";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { DoctorLine } from "../../../src/doctor/line.ts";
import { type DatabaseUser, databaseUser, PASSWORD } from "../../rigs/database-user.ts";

let user: DatabaseUser;
beforeAll(async () => {
  user = await databaseUser();
});
afterAll(async () => await user[Symbol.asyncDispose]());

interface Doctor {
  readonly kind: string;
  readonly healthy: boolean;
  readonly lines: readonly DoctorLine[];
}

test("a healthy installation is told so, part by part, and nothing is left behind", async () => {
  const before = user.untouched();
  const { status, stdout, stderr } = await user.umbra("doctor");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^umbra\n {2}ok +version +umbra \d.*, Node \d/);
  expect(stdout).toMatch(/^ {2}ok +driver +oracledb \d+\.\d+\.\d+, thin mode$/m);
  expect(stdout).toMatch(/^ {2}ok +connection +umbra as sysbackup in CDB\$ROOT, after /m);
  expect(stdout).toMatch(/^ {2}ok +instance +no way to stop and start it is configured/m);
  expect(stdout).toMatch(/^storage nas$/m);
  expect(stdout).toMatch(/\n(Nothing is wrong|Found \d warnings?)\.\n$/);
  expect(user.untouched()).toEqual(before);
});

test("what is wrong has what to do, the rest is looked at all the same, and the status is 4", async () => {
  user.configure({ service: "NOSUCH", storagePath: `${user.directory}/nowhere` });
  const ended = await user.umbra("doctor", "PROD1", "--output", "json").finally(() => user.configure());
  expect(ended.status).toBe(4);
  const { kind, healthy, lines } = JSON.parse(ended.stdout) as Doctor;
  expect({ kind, healthy }).toEqual({ kind: "doctor", healthy: false });
  const problems = lines.filter(({ level }) => level === "problem");
  expect(problems.map(({ about, what }) => `${about}: ${what}`)).toEqual([
    "database PROD1: connection",
    "storage nas: mounted",
  ]);
  expect(problems.filter(({ todo }) => todo === undefined)).toEqual([]);
  expect(problems[0]?.seen).toContain("UMB-5102");
  expect(lines.find(({ what }) => what === "driver")?.level).toBe("ok");
});

test("a wrong password is a problem whose line does not hold it", async () => {
  const { accounts } = user.program.engine;
  accounts.get(user.account).password = "another";
  const ended = await user.umbra("doctor");
  accounts.get(user.account).password = PASSWORD;
  expect(ended.status).toBe(4);
  expect(ended.stdout).toMatch(/PROBLEM +connection +UMB-5104/);
  expect(ended.stdout + ended.stderr).not.toContain(PASSWORD);
});

test("Oracle's client that is not there is a problem of the driver and of the connection, not an end", async () => {
  user.configure({ more: "oracle-client: { lib-dir: /nowhere/client }" });
  const { status, stdout } = await user.umbra("doctor").finally(() => user.configure());
  expect(status).toBe(4);
  expect(stdout).toMatch(/PROBLEM +driver +UMB-2201: Oracle's client in \/nowhere\/client cannot be used/);
  expect(stdout).toMatch(/PROBLEM +connection +UMB-2201/);
});

test("a state directory that cannot be used is a problem, and the databases are looked at all the same", async () => {
  rmSync(user.state, { recursive: true, force: true });
  mkdirSync(user.state);
  mkdirSync(`${user.state}/umbra.db`);
  const { status, stdout } = await user.umbra("doctor").finally(() => {
    chmodSync(user.state, 0o755);
    rmSync(user.state, { recursive: true });
  });
  expect(status).toBe(4);
  expect(stdout).toMatch(/PROBLEM +state +UMB-8004/);
  expect(stdout).toMatch(/ok +connection/);
});
