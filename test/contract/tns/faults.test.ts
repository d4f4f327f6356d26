import type { Connection } from "oracledb";
import { describe, expect, test } from "vitest";

import type { CallFault } from "../../../simulator/tns/faults.ts";
import { drivers, makeRig, profileNames, rowsOf } from "./rig.ts";
import type { Rig } from "./rig.ts";

const cells = drivers.flatMap(([name, driver]) =>
  profileNames.map((profile) => ({ title: `${name} on ${profile}`, driver, profile })),
);

/** The fault strikes the first BEGIN BACKUP. */
async function withFault(rig: Rig, fault: CallFault): Promise<Connection> {
  const connection = await rig.connect();
  rig.listener.faults.add({ on: "call", statement: /begin backup/i, fault });
  return connection;
}

const SQL = "alter tablespace users begin backup";
const ran = (rig: Rig) => rig.engine.sessions.at(0)?.statements.includes(SQL) ?? false;

describe.each(cells)("$title", ({ driver, profile }) => {
  test.each([
    ["before-run", false],
    ["after-run", true],
    ["mid-packet", true],
  ] as const)("a connection lost %s: the statement ran: %s", async (at, hasRun) => {
    await using rig = await makeRig(driver, profile);
    const connection = await withFault(rig, { kind: "drop", at });
    await expect(connection.execute(SQL)).rejects.toThrow("NJS-500");
    expect(ran(rig)).toBe(hasRun);
    await expect.poll(() => rig.engine.sessions.at(0)?.closed).toBe(true);
  });

  test("a connection lost at a row has given the rows before it", async () => {
    await using rig = await makeRig(driver, profile, {
      faults: [{ on: "call", statement: /levels/, fault: { kind: "drop-at-row", row: 150 } }],
    });
    const connection = await rig.connect();
    const { resultSet } = await connection.execute("select levels 500", [], {
      resultSet: true,
      fetchArraySize: 50,
    });
    expect(await resultSet?.getRows(100)).toHaveLength(100);
    await expect(resultSet?.getRows(100)).rejects.toThrow("NJS-");
  });

  test("an error without the statement having run", async () => {
    await using rig = await makeRig(driver, profile);
    const fault: CallFault = { kind: "error", code: 257, text: "archiver error. Connect AS SYSDBA only" };
    const connection = await withFault(rig, fault);
    await expect(connection.execute(SQL)).rejects.toMatchObject({ errorNum: 257 });
    expect(ran(rig)).toBe(false);
    await connection.execute(SQL);
    expect(ran(rig)).toBe(true);
    await connection.close();
  });

  test("a killed session hears of it with the call", async () => {
    await using rig = await makeRig(driver, profile);
    const connection = await withFault(rig, { kind: "kill" });
    await expect(connection.execute(SQL)).rejects.toThrow("ORA-00028");
  });

  test("a delayed call can be cancelled by its timeout", async () => {
    await using rig = await makeRig(driver, profile);
    const connection = await withFault(rig, { kind: "delay", ms: 3_600_000 });
    connection.callTimeout = 30;
    await expect(connection.execute(SQL)).rejects.toThrow("NJS-123");
    expect(ran(rig)).toBe(false);
    await connection.close();
  });

  test("a black hole answers neither the call nor its timeout, and closing the listener ends it", async () => {
    await using rig = await makeRig(driver, profile);
    const connection = await withFault(rig, { kind: "black-hole" });
    connection.callTimeout = 20;
    const call = connection.execute(SQL).catch((error: Error) => error.message);
    const other = await rig.connect();
    expect(await rowsOf(other, "select 1 from dual")).toEqual([[1]]);
    expect(await Promise.race([call, rowsOf(other, "select levels 9")])).toHaveLength(9);
    await rig.listener.close();
    expect(await call).toContain("NJS-500");
    expect(ran(rig)).toBe(false);
  });

  test("a CONTROL packet makes an idle connection unhealthy", async () => {
    await using rig = await makeRig(driver, profile);
    const connection = await withFault(rig, { kind: "control", code: 12_572 });
    await connection.execute(SQL);
    await expect.poll(() => connection.isHealthy()).toBe(false);
    await connection.close();
  });

  test("a refusal with any code of the listener", async () => {
    await using rig = await makeRig(driver, profile, {
      faults: [{ on: "connect", times: 2, fault: { kind: "refuse", code: 12_516 } }],
    });
    await expect(rig.connect()).rejects.toThrow("ORA-12516");
    await expect(rig.connect()).rejects.toThrow("ORA-12516");
    const connection = await rig.connect();
    expect(rig.listener.accepted).toBe(3);
    await connection.close();
  });

  test("faults are counted, found by the number of the call, and taken back", async () => {
    await using rig = await makeRig(driver, profile);
    const connection = await rig.connect();
    const fault: CallFault = { kind: "error", code: 1555, text: "snapshot too old" };
    const before = (await rowsOf(connection, "select 1 from dual")).length;
    const never = rig.listener.faults.add({ on: "call", statement: /nowhere/, fault });
    const armed = rig.listener.faults.add({ on: "call", connection: 1, fault, times: 2 });
    await expect(connection.execute("begin null; end;")).rejects.toThrow("ORA-01555");
    await expect(connection.ping()).rejects.toThrow("ORA-01555");
    await connection.ping();
    expect([before, armed.struck, never.struck]).toEqual([1, 2, 0]);
    never.remove();
    rig.listener.faults.clear();
    await connection.close();
  });
});

describe.each(drivers)("%s", (_, driver) => {
  test("a listener that stays silent is given up after the connect timeout", async () => {
    await using rig = await makeRig(driver, "19c", {
      faults: [{ on: "connect", connection: 1, fault: { kind: "silent" } }],
    });
    const connectString = `${rig.connectString}?connect_timeout=1&retry_count=0`;
    await expect(rig.connect({ connectString })).rejects.toThrow("NJS-510");
    const connection = await rig.connect();
    await connection.close();
  });
});
