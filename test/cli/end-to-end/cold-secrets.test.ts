import { readFileSync } from "node:fs";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { type ColdUser, coldUser } from "../../rigs/cold-user.ts";
import { PASSWORD } from "../../rigs/database-user.ts";
import { UmbraProcess } from "../../rigs/umbra-process.ts";
import { leaks, shown, startedBy } from "./password-search.ts";

let cold: ColdUser;
beforeEach(async () => {
  cold = await coldUser();
});
afterEach(() => cold[Symbol.asyncDispose]());

const holds = (text: string) => text.includes(PASSWORD);
const backup = ["backup", "cold", "PROD1", "--output", "ndjson"];

/** Files of the user, the database, its home and umbra's state and storage, but for the one that the user wrote. */
function foundInFiles({ user, oracleHome }: ColdUser): readonly string[] {
  return [...leaks(user.directory), ...leaks(oracleHome)].filter((path) => path !== user.passwordFile);
}

/** Seen while STARTUP hangs, so that sqlplus runs and all of a cold backup's files are written or on their way. */
async function seenWhileDown(start: () => UmbraProcess) {
  const { reached } = await cold.plantHang("start");
  const umbra = start();
  await reached();
  const programs = startedBy(umbra.pid);
  const seen = { umbra: shown(umbra.pid), programs: programs.map(shown), files: foundInFiles(cold) };
  await cold.user.program.control.lift({});
  const { status, stdout, stderr } = await umbra.ended;
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain('"run-finished"');
  return { ...seen, stdout };
}

describe("during a cold backup the password is in no output, no file, and no process but where it was put", () => {
  test("from a file", async () => {
    const { umbra, programs, files, stdout } = await seenWhileDown(() => cold.user.start(...backup));
    expect(programs.flat().some((word) => word.endsWith("/bin/sqlplus") || word === "sqlplus")).toBe(true);
    expect([...umbra, ...programs.flat(), stdout].filter(holds)).toEqual([]);
    expect(files).toEqual([]);
    expect(foundInFiles(cold)).toEqual([]);
  });

  test("from umbra's environment: the programs that it starts do not get it", async () => {
    cold.configure({ password: "{ env: PROD1_PASSWORD }" });
    const env = { PROD1_PASSWORD: PASSWORD };
    const start = () => new UmbraProcess([...backup, "--config", cold.user.config], env);
    const { umbra, programs, files, stdout } = await seenWhileDown(start);
    expect(umbra.filter(holds)).toEqual([`PROD1_PASSWORD=${PASSWORD}`]);
    expect(programs.length).toBeGreaterThan(0);
    expect([...programs.flat(), stdout].filter(holds)).toEqual([]);
    expect(files).toEqual([]);
  });
});

test("a database that does not come up, and reconcile, tell much and not the password", async () => {
  const { user } = cold;
  cold.configure({ deadlines: "{ startup: 2s, connect: 5s }" });
  await user.program.control.plant({ fault: { kind: "fail", at: "start", code: 27_102 } });
  const failed = await user.umbra("backup", "cold", "PROD1");
  expect(failed.status).toBe(10);
  await user.program.control.lift({});
  cold.configure();
  const mended = await user.umbra("reconcile", "--output", "json");
  expect(mended.status).toBe(0);
  const planned = await user.umbra("backup", "cold", "PROD1", "--plan", "--output", "json");
  expect(planned.status).toBe(0);
  for (const { stdout, stderr } of [failed, mended, planned]) expect(stdout + stderr).not.toContain(PASSWORD);
  expect(foundInFiles(cold)).toEqual([]);
  expect(readFileSync(user.passwordFile, "utf8")).toContain(PASSWORD);
});
