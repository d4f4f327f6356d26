import { expect, test } from "vitest";

import { systemClock } from "../../../../src/adapters/clock.ts";
import { createOracledbControl } from "../../../../src/adapters/oracledb/instance-control.ts";
import { config, driverFailure } from "./fake-driver.ts";
import { FakeThickDriver } from "./thick-driver.ts";

const call = { deadlineMs: 5_000 };

function rig(privilege: "sysdba" | "sysoper" = "sysoper") {
  const driver = new FakeThickDriver();
  const control = createOracledbControl({
    database: config,
    privilege,
    password: async () => "s3cret",
    clock: systemClock,
    driver: async () => driver,
  });
  return { driver, control };
}

test("a shutdown asks, closes, dismounts and then finishes (rule 27)", async () => {
  const { driver, control } = rig();
  expect(await control.shutdown({ mode: "immediate" }, call)).toEqual({ changed: true });
  expect(driver.sent).toEqual([
    "shutdown 3",
    "alter database close normal",
    "alter database dismount",
    "shutdown 4",
  ]);
  expect(driver.logins.map(({ privilege }) => privilege)).toEqual([driver.SYSOPER]);
  expect([driver.state, driver.open]).toEqual(["down", 0]);
});

test("from MOUNT and NOMOUNT there is less to do, and down already is success", async () => {
  const { driver, control } = rig();
  for (const state of ["mount", "nomount"] as const) {
    driver.state = state;
    expect(await control.shutdown({ mode: "normal" }, call)).toEqual({ changed: true });
    expect(driver.state).toBe("down");
  }
  expect(await control.shutdown({ mode: "transactional" }, call)).toEqual({ changed: false });
});

test("a startup begins in a preliminary session and goes on in an ordinary one (rule 28)", async () => {
  const { driver, control } = rig("sysdba");
  driver.state = "down";
  const request = { to: "open", restricted: true, pfile: "/p" as never } as const;
  expect(await control.startup(request, call)).toEqual({ changed: true });
  expect(driver.sent).toEqual([
    'startup {"restrict":true,"pfile":"/p"}',
    "alter database mount",
    "alter database open",
  ]);
  expect(driver.logins.map(({ privilege }) => privilege).slice(-2)).toEqual([
    driver.SYSDBA | driver.SYSPRELIM,
    driver.SYSDBA,
  ]);
  expect([driver.state, driver.open]).toEqual(["open", 0]);
  expect(await control.startup({ to: "open", restricted: true }, call)).toEqual({ changed: false });
});

test("a startup stops where it is wanted to, and goes on from there", async () => {
  const { driver, control } = rig();
  driver.state = "down";
  await control.startup({ to: "nomount" }, call);
  expect(driver.sent).toEqual(["startup {}"]);
  await control.startup({ to: "mount" }, call);
  await control.startup({ to: "open" }, call);
  expect(driver.sent).toEqual(["startup {}", "alter database mount", "alter database open"]);
  await expect(control.startup({ to: "mount" }, call)).rejects.toMatchObject({ code: "UMB-5305" });
});

test("an abort is one call, and is repaired", async () => {
  const { driver, control } = rig();
  const afterwards = "start-restricted-and-shut-down";
  expect(await control.shutdown({ mode: "abort", afterwards }, call)).toEqual({ changed: true });
  expect(driver.sent).toEqual([
    "shutdown 5",
    'startup {"restrict":true}',
    "alter database mount",
    "alter database open",
    "shutdown 3",
    "alter database close normal",
    "alter database dismount",
    "shutdown 4",
  ]);
});

test("status looks with the database's own privilege, and down is no error", async () => {
  const { driver, control } = rig();
  expect(await control.status(call)).toEqual({
    state: "open",
    restricted: false,
    readOnly: false,
    instances: [{ name: "PROD1", node: "db1", state: "open", startedAt: "2026-11-21T08:00:00" }],
    dbid: "1234567",
  });
  expect(driver.logins.at(-1)?.privilege).toBe(driver.SYSBACKUP);
  driver.state = "down";
  expect(await control.status(call)).toMatchObject({ state: "down", instances: [] });
});

test.each([
  ["shutdown 3", "ORA-01149: cannot shutdown - file 1 has online backup set", "UMB-5302", false],
  ["alter database close", "ORA-01093: ALTER DATABASE CLOSE only permitted", "UMB-5301", false],
  ["shutdown 3", "DPI-1080: connection was closed by ORA-3113", "UMB-5303", true],
  ["shutdown 4", "ORA-03113: end-of-file on communication channel", "UMB-5303", true],
  ["login", "ORA-01017: invalid username/password s3cret", "UMB-5104", false],
  ["login", "ORA-12528: TNS:listener: blocking", "UMB-5107", false],
])("%s answered with %s is told as what it is", async (on, text, code, lost) => {
  const { driver, control } = rig();
  driver.failure = { on, error: driverFailure(text.slice(0, 9), text) };
  const error: unknown = await control.shutdown({ mode: "immediate" }, call).catch((e: unknown) => e);
  expect(error).toMatchObject({ code, context: { lost } });
  expect(JSON.stringify(error) + String(error)).not.toContain("s3cret");
  expect(driver.open).toBe(0);
});

test("a shutdown without an answer has an outcome that nobody knows", async () => {
  const { driver, control } = rig();
  driver.failure = { on: "alter database close" };
  const stuck = control.shutdown({ mode: "immediate" }, { deadlineMs: 20 });
  await expect(stuck).rejects.toMatchObject({ code: "UMB-5303", context: { lost: true } });
  expect(driver.open).toBe(0);
});

test("a login without an answer changed nothing", async () => {
  const { driver, control } = rig();
  driver.failure = { on: "login" };
  const stuck = control.shutdown({ mode: "immediate" }, { deadlineMs: 20 });
  await expect(stuck).rejects.toMatchObject({ code: "UMB-5203", context: { lost: false } });
  expect(driver.sent).toEqual([]);
});
