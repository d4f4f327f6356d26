import { describe, expect, test } from "vitest";

import { systemClock } from "../../../src/adapters/clock.ts";
import { createOracledbConnector } from "../../../src/adapters/oracledb/connector.ts";
import type { Driver, DriverConnection } from "../../../src/adapters/oracledb/driver.ts";
import { OracledbSession } from "../../../src/adapters/oracledb/session.ts";
import { destroySocket } from "../../../src/adapters/oracledb/socket.ts";
import { ROOT } from "../../../src/domain/names.ts";
import { config } from "../../unit/adapters/oracledb/fake-driver.ts";
import { drivers, makeRig, type Rig } from "../tns/rig.ts";

async function sessionOf(rig: Rig) {
  const connection = (await rig.connect()) as unknown as DriverConnection;
  const driver = rig.driver as unknown as Driver;
  const session = new OracledbSession({ driver, connection, clock: systemClock, secrets: [] }, ROOT);
  return { session, connection };
}

/** How the driver and its sockets really behave, which no fake can say. */
describe.each(drivers)("a session over %s", (_, driver) => {
  test("rows of a query come with exact numbers", async () => {
    await using rig = await makeRig(driver, "19c");
    const { session } = await sessionOf(rig);
    const rows = await session.query("select levels 1500", {}, { deadlineMs: 5_000 });
    expect(rows).toHaveLength(1500);
    expect(rows[1]).toEqual({ n: 2, txt: "row 2", same: "const" });
    await session.close();
  });

  test("a network that swallows everything is left at the deadline, and its socket is freed", async () => {
    await using rig = await makeRig(driver, "19c");
    const { session, connection } = await sessionOf(rig);
    rig.listener.faults.add({ on: "call", statement: /begin backup/i, fault: { kind: "black-hole" } });
    const call = session.execute("alter tablespace users begin backup", { deadlineMs: 50 });
    await expect(call).rejects.toMatchObject({ code: "UMB-5203", context: { lost: true } });
    await session.close();
    await expect.poll(() => rig.engine.sessions.at(0)?.closed).toBe(true);
    expect(destroySocket(connection)).toBe(false);
  });

  test("the socket of a living connection can be reached and destroyed", async () => {
    await using rig = await makeRig(driver, "19c");
    const { connection } = await sessionOf(rig);
    expect(destroySocket(connection)).toBe(true);
    await expect.poll(() => rig.engine.sessions.at(0)?.closed).toBe(true);
    // The driver would log it off, and fail, when it is collected as garbage.
    expect(connection).toMatchObject({ _impl: { nscon: { connected: false } } });
  });

  test("a connection that drops is lost, with the outcome open", async () => {
    await using rig = await makeRig(driver, "19c");
    const { session } = await sessionOf(rig);
    rig.listener.faults.add({
      on: "call",
      statement: /begin backup/i,
      fault: { kind: "drop", at: "after-run" },
    });
    const call = session.execute("alter tablespace users begin backup", { deadlineMs: 5_000 });
    await expect(call).rejects.toMatchObject({ code: "UMB-5202", context: { lost: true } });
  });

  test.each([
    ["a wrong password", { service: "ORCL", password: "wrong" }, "UMB-5104", 1017],
    ["a service nobody knows", { service: "NOWHERE", password: "tiger" }, "UMB-5102", 12_514],
  ])("%s is told as what it is", async (_name, { service, password }, code, ora) => {
    await using rig = await makeRig(driver, "19c");
    const connectString = `127.0.0.1:${rig.listener.port}/${service}`;
    const connect = { ...config.connect, connectString, user: "scott", privilege: "normal" as const };
    const connector = createOracledbConnector(
      { ...config, connect },
      { password: async () => password, clock: systemClock, driver: driver as unknown as Driver },
    );
    await expect(connector.connect({ deadlineMs: 5_000 })).rejects.toMatchObject({ code, context: { ora } });
  });

  test("a mounted instance behind a dynamic service tells that it needs a static one, and how", async () => {
    await using rig = await makeRig(driver, "19c");
    const connectString = `127.0.0.1:${rig.listener.port}/BLOCKED`;
    const connect = { ...config.connect, connectString, user: "scott", privilege: "normal" as const };
    const connector = createOracledbConnector(
      { ...config, connect },
      { password: async () => "tiger", clock: systemClock, driver: driver as unknown as Driver },
    );
    const connecting = connector.connect({ deadlineMs: 5_000 });
    await expect(connecting).rejects.toMatchObject({
      code: "UMB-5107",
      context: { ora: 12_528, lost: false },
      hint: expect.stringMatching(/statically registered.*SID_LIST.*UR=A/) as string,
    });
  });

  test("a listener that stays silent is left at the deadline", async () => {
    await using rig = await makeRig(driver, "19c", {
      faults: [{ on: "connect", fault: { kind: "silent" } }],
    });
    const connect = { ...config.connect, connectString: rig.connectString, user: "scott" };
    const connector = createOracledbConnector(
      { ...config, connect },
      { password: async () => "tiger", clock: systemClock, driver: driver as unknown as Driver },
    );
    await expect(connector.connect({ deadlineMs: 50 })).rejects.toMatchObject({ code: "UMB-5203" });
  });
});
