import { describe, expect, test } from "vitest";

import { systemClock } from "../../../../src/adapters/clock.ts";
import { createOracledbConnector } from "../../../../src/adapters/oracledb/connector.ts";
import type { ContainerName } from "../../../../src/domain/names.ts";
import { connectionLost, oraCodeOf } from "../../../../src/errors/database-error.ts";
import { config, driverFailure, FakeDriver, never, rows } from "./fake-driver.ts";

const soon = { deadlineMs: 5_000 };
const SALES = "SALES" as ContainerName;

function rig(driver = new FakeDriver()) {
  const warnings: string[] = [];
  const connector = createOracledbConnector(config, {
    password: async () => "s3cret",
    clock: systemClock,
    driver,
    onWarning: (message) => void warnings.push(message),
  });
  return { driver, connector, warnings };
}

async function connected(driver = new FakeDriver()) {
  const { connector } = rig(driver);
  const db = await connector.connect(soon);
  const connection = driver.connections[0];
  if (connection === undefined) throw new Error("no connection");
  return { db, connection };
}

describe("connecting", () => {
  test("the login has privilege, timeouts and probes", async () => {
    const { driver, connector } = rig();
    const db = await connector.connect({ deadlineMs: 4_500 });
    expect(driver.asked[0]).toMatchObject({ user: "umbra", password: "s3cret", privilege: driver.SYSBACKUP });
    expect(driver.asked[0]).toMatchObject({ connectTimeout: 5, transportConnectTimeout: 5, expireTime: 2 });
    expect(db.container).toBe("CDB$ROOT");
  });

  test("the session is switched to its container and proved to be in it", async () => {
    const { driver, connector } = rig();
    const db = await connector.connect({ ...soon, container: SALES });
    expect(db.container).toBe("SALES");
    expect(driver.connections[0]?.sent[1]).toBe('alter session set container = "SALES"');
    expect(driver.connections[0]?.sent).toHaveLength(3);
  });

  test("a session that did not get into its container is closed and refused", async () => {
    const { driver, connector } = rig();
    const connecting = connector.connect({ ...soon, container: "STUCK" as ContainerName });
    await expect(connecting).rejects.toMatchObject({
      code: "UMB-5205",
      context: { wanted: "STUCK", found: "CDB$ROOT", lost: false },
    });
    expect(driver.connections[0]?.closes).toBe(1);
  });

  test("a name that holds a quote is never put into a statement", async () => {
    const { driver, connector } = rig();
    const connecting = connector.connect({ ...soon, container: 'A" x' as ContainerName });
    await expect(connecting).rejects.toMatchObject({ code: "UMB-1001" });
    expect(driver.connections[0]?.sent).toHaveLength(1);
  });

  test("a login that hangs is left, and closed if it comes after all", async () => {
    const driver = new FakeDriver();
    const late = Promise.withResolvers<never>();
    driver.refusal = late.promise;
    const { connector } = rig(driver);
    await expect(connector.connect({ deadlineMs: 5 })).rejects.toMatchObject({
      code: "UMB-5203",
      context: { lost: false },
    });
    const closed = Promise.withResolvers<void>();
    const connection = { close: async () => closed.resolve(), break: async () => {}, execute: never };
    late.resolve(connection as never);
    await expect(closed.promise).resolves.toBeUndefined();
  });

  test("a password that expires soon is a warning", async () => {
    const driver = new FakeDriver();
    driver.warning = driverFailure("ORA-28002", "ORA-28002: the password will expire within 5 days", 28_002);
    const { connector, warnings } = rig(driver);
    await connector.connect(soon);
    expect(warnings).toEqual(["ORA-28002: the password will expire within 5 days"]);
  });

  test.each([
    ["ORA-01017", 1017, "ORA-01017: invalid credential s3cret", "UMB-5104", 1017],
    ["ORA-28000", 28_000, "ORA-28000: the account is locked", "UMB-5105", 28_000],
    [
      "NJS-518",
      518,
      "NJS-518: cannot connect to Oracle Database. Service is not registered",
      "UMB-5102",
      12_514,
    ],
    ["NJS-510", 510, "NJS-510: connection to host timed out", "UMB-5101", undefined],
    ["NJS-500", 500, "NJS-500: connection closed\nORA-12528: listener: blocking", "UMB-5107", 12_528],
    ["NJS-500", 500, "NJS-500: connection closed\nORA-12537: closed", "UMB-5101", 12_537],
  ])(
    "%s while connecting is told by what it means, and nothing is in doubt",
    async (code, number, text, wanted, ora) => {
      const driver = new FakeDriver();
      driver.refusal = Promise.reject(driverFailure(code, text, number));
      const error: unknown = await rig(driver)
        .connector.connect(soon)
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: wanted });
      expect(oraCodeOf(error)).toBe(ora);
      expect(connectionLost(error)).toBe(false);
      expect(String(error)).not.toContain("s3cret");
      expect(JSON.stringify(error)).not.toContain("s3cret");
    },
  );
});

describe("a session", () => {
  test("rows have lower-case names and plain values", async () => {
    const at = new Date("2026-11-21T09:33:00Z");
    const answer = rows({ NAME: "x", "FILE#": 7, GUID: Buffer.from([1, 255]), NOTHING: null, TIME: at });
    const { db } = await connected(new FakeDriver(async () => answer));
    expect(await db.query("select", {}, soon)).toEqual([
      { name: "x", "file#": 7, guid: "01FF", nothing: null, time: "2026-11-21T09:33:00.000Z" },
    ]);
  });

  test("a call that misses its deadline is lost, and the session is never used again", async () => {
    const { db, connection } = await connected(new FakeDriver(never));
    connection.hangsOnClose = true;
    const error: unknown = await db
      .execute("alter system x", { deadlineMs: 5 })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "UMB-5203", context: { deadlineMs: 5 } });
    expect(connectionLost(error)).toBe(true);
    await expect(db.execute("alter system y", soon)).rejects.toMatchObject({ code: "UMB-5202" });
    expect(connection.sent).not.toContain("alter system y");
  });

  test("closing ends although the driver hangs, and frees the socket", async () => {
    const { db, connection } = await connected();
    connection.hangsOnClose = true;
    await db.close();
    await db.close();
    expect([connection.closes, connection.destroyed]).toEqual([1, 1]);
  });

  test("a second call waits for the first", async () => {
    const first = Promise.withResolvers<never>();
    const { db, connection } = await connected(
      new FakeDriver((sql) => (sql === "one" ? first.promise : Promise.resolve(rows()))),
    );
    const one = db.execute("one", soon);
    const two = db.execute("two", soon);
    await Promise.resolve();
    first.resolve(rows() as never);
    await Promise.all([one, two]);
    expect(connection.sent.slice(1)).toEqual(["one", "two"]);
  });

  test("a call after a failed one is made", async () => {
    const refused = driverFailure(
      "ORA-01146",
      "ORA-01146: cannot start online backup\nHelp: https://x",
      1146,
    );
    const { db } = await connected(
      new FakeDriver((sql) => (sql === "one" ? Promise.reject(refused) : Promise.resolve(rows()))),
    );
    await expect(db.execute("one", soon)).rejects.toMatchObject({
      code: "UMB-5201",
      context: { ora: 1146, lost: false, message: "ORA-01146: cannot start online backup" },
    });
    await expect(db.execute("two", soon)).resolves.toBeUndefined();
  });

  test("a lost connection leaves the outcome open and ends the session", async () => {
    const dropped = driverFailure("NJS-500", "NJS-500: connection to the Oracle Database was broken", 500);
    const { db, connection } = await connected(new FakeDriver(() => Promise.reject(dropped)));
    const error: unknown = await db.execute("one", soon).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "UMB-5202", context: { ora: null, lost: true } });
    await expect(db.execute("two", soon)).rejects.toMatchObject({ code: "UMB-5202" });
    expect(connection.sent).not.toContain("two");
  });

  test("a cancelled call is interrupted, and the server's answer counts", async () => {
    const stop = new AbortController();
    const running = Promise.withResolvers<never>();
    const { db, connection } = await connected(new FakeDriver(() => running.promise));
    connection.onBreak = () => running.reject(driverFailure("ORA-01013", "ORA-01013: cancelled", 1013));
    const call = db.execute("slow", { ...soon, signal: stop.signal });
    await Promise.resolve();
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: "UMB-5204", context: { lost: false } });
    expect(connection.breaks).toBe(1);
  });

  test("a signal that is aborted already sends nothing", async () => {
    const { db, connection } = await connected();
    const call = db.execute("x", { ...soon, signal: AbortSignal.abort() });
    await expect(call).rejects.toMatchObject({ code: "UMB-5204" });
    expect([connection.sent.includes("x"), connection.breaks]).toEqual([false, 0]);
  });
});
