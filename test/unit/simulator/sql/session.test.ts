import { describe, expect, test, vi } from "vitest";

import { OraError } from "../../../../simulator/engine/ora-error.ts";
import { FakeState } from "./fake-instance.ts";
import { errorOf, makeRig, rows, run, value, type Rig } from "./rig.ts";

function loginError(rig: Rig, as: Parameters<Rig["open"]>[0]): number {
  try {
    rig.open(as);
    return 0;
  } catch (error) {
    return error instanceof OraError ? error.code : -1;
  }
}

describe("logins", () => {
  test("SYS must say as what", () => {
    expect(loginError(makeRig(), { privilege: "NORMAL" })).toBe(28_009);
  });

  test("a privilege that the password file does not give is a wrong password", () => {
    expect(loginError(makeRig(), { user: "APP", privilege: "SYSDBA" })).toBe(1017);
  });

  test("locked and expired accounts stay out", () => {
    const accounts = [
      { name: "A", password: "a", locked: true },
      { name: "B", password: "b", expiresInDays: 0 },
    ];
    expect(loginError(makeRig({ accounts }), { user: "A", privilege: "NORMAL" })).toBe(28_000);
    expect(loginError(makeRig({ accounts }), { user: "B", privilege: "NORMAL" })).toBe(28_001);
  });

  test("an instance that is not open lets in only administrators", () => {
    const state = new FakeState();
    state.state = "MOUNT";
    expect(loginError(makeRig({}, state), { user: "APP", privilege: "NORMAL" })).toBe(1033);
    state.state = "IDLE";
    expect(loginError(makeRig({}, state), {})).toBe(1034);
  });

  test("a restricted instance needs RESTRICTED SESSION", () => {
    const state = new FakeState();
    state.restricted = true;
    expect(loginError(makeRig({}, state), { user: "APP", privilege: "NORMAL" })).toBe(1035);
    expect(loginError(makeRig({}, state), { user: "C##UMBRA", privilege: "SYSBACKUP" })).toBe(0);
  });
});

test("dynamic services are blocked while mounted, static ones are ready", () => {
  const state = new FakeState();
  state.state = "MOUNT";
  state.openMode = "MOUNTED";
  const { engine } = makeRig({ staticServices: ["PROD1_STATIC"] }, state);
  expect([
    engine.service("PROD1"),
    engine.service("PROD1_STATIC"),
    engine.service("PDB1"),
    engine.service("NOTHING"),
  ]).toEqual(["blocked", "ready", "unknown", "unknown"]);
});

test("SYSBACKUP runs as SYSBACKUP and shows its privileges", async () => {
  const session = makeRig().open({ user: "C##UMBRA", privilege: "SYSBACKUP" });
  expect(session.user).toBe("SYSBACKUP");
  expect(await rows(session, "select privilege from session_privs where privilege like 'SYS%'")).toEqual([
    ["SYSBACKUP"],
  ]);
});

test("ALTER SESSION SET CONTAINER moves the session", async () => {
  const session = makeRig().open();
  await run(session, 'alter session set container = "PDB1"');
  expect([
    session.container,
    await value(session, "select sys_context('USERENV','CON_NAME') from dual"),
  ]).toEqual(["PDB1", "PDB1"]);
});

test("a killed session ends with ORA-00028 at its next call; IMMEDIATE drops it at once", async () => {
  const rig = makeRig();
  const admin = rig.open();
  const onKilled = vi.fn<() => void>();
  const victim = rig.open({ user: "APP", privilege: "NORMAL", onKilled });
  await run(admin, `alter system kill session '${victim.sid},${victim.serial}'`);
  expect(await errorOf(victim, "select 1 from dual")).toBe(28);
  expect(onKilled).not.toHaveBeenCalled();
  await run(admin, `alter system kill session '${victim.sid},${victim.serial}' immediate`);
  expect(onKilled).toHaveBeenCalledOnce();
});

test("v$session knows the session and what its client said", async () => {
  const session = makeRig().open();
  session.setClientInfo({ MODULE: "umbra" });
  expect(
    await rows(session, "select sid, serial#, module, machine from v$session where type = 'USER'"),
  ).toEqual([[String(session.sid), String(session.serial), "umbra", "client1"]]);
});

test("a break ends a long call with ORA-01013", async () => {
  const session = makeRig().open();
  const abort = new AbortController();
  const call = session.execute("begin dbms_session.sleep(60); end;", [], { signal: abort.signal });
  abort.abort();
  await expect(call).rejects.toThrow("ORA-01013");
});

test("describe gives columns and no rows, whatever the binds", async () => {
  const result = await makeRig().open().execute("select file#, name from v$datafile where file# = :1", [], {
    signal: new AbortController().signal,
    describeOnly: true,
  });
  expect(result.kind === "query" && [result.columns.length, [...result.rows]]).toEqual([2, []]);
});

test("a shutdown drops sessions and their next call loses the connection", async () => {
  const rig = makeRig();
  const onKilled = vi.fn<() => void>();
  const session = rig.open({ onKilled });
  await rig.engine.shutdown("IMMEDIATE");
  rig.state.state = "IDLE";
  expect(onKilled).toHaveBeenCalledOnce();
  expect(await errorOf(session, "select 1 from dual")).toBe(3113);
});
