import { expect, test } from "vitest";

import type { EngineSession, Login } from "../../../../simulator/engine/engine.ts";
import { startListener } from "../../../../simulator/tns/listener.ts";
import { FakeEngine } from "./fake-engine.ts";
import { oracledb } from "../../../rigs/drivers.ts";

const login = (port: number) => ({
  user: "scott",
  password: "tiger",
  connectString: `127.0.0.1:${port}/ORCL`,
});

/** An engine whose statements end when they like, whatever their signal says. */
class DeafEngine extends FakeEngine {
  override openSession(asked: Login): EngineSession {
    const session = super.openSession(asked);
    session.execute = () => new Promise(() => {});
    return session;
  }
}

/** An engine with a mistake in it. */
class BrokenEngine extends FakeEngine {
  override openSession(asked: Login): EngineSession {
    const session = super.openSession(asked);
    session.execute = () => Promise.reject(new TypeError("undefined is not a tablespace"));
    return session;
  }
}

test("a listener closes though a statement never ends", async () => {
  const listener = await startListener({ engine: new DeafEngine() });
  const connection = await oracledb.getConnection(login(listener.port));
  const call = connection.execute("select 1 from dual").catch((error: Error) => error.message);
  await expect.poll(() => listener.connections).toBe(1);
  await listener.close();
  expect(await call).toContain("NJS-500");
});

test("a mistake of the engine is ORA-00600 with its text", async () => {
  const listener = await startListener({ engine: new BrokenEngine() });
  const connection = await oracledb.getConnection(login(listener.port));
  const call = connection.execute("select 1 from dual");
  await expect(call).rejects.toThrow(/ORA-00600.*undefined is not a tablespace/s);
  await listener.close();
});

test("connections are counted while they are open", async () => {
  const listener = await startListener({ engine: new FakeEngine() });
  const first = await oracledb.getConnection(login(listener.port));
  const second = await oracledb.getConnection(login(listener.port));
  expect([listener.connections, listener.accepted]).toEqual([2, 2]);
  await first.close();
  await expect.poll(() => listener.connections).toBe(1);
  listener.dropAll();
  await expect(second.execute("select 1 from dual")).rejects.toThrow("NJS-");
  await listener.close();
  expect([listener.connections, listener.accepted]).toEqual([0, 2]);
});

test("a port that is taken is an error", async () => {
  const listener = await startListener({ engine: new FakeEngine() });
  const again = startListener({ engine: new FakeEngine(), port: listener.port });
  await expect(again).rejects.toThrow("EADDRINUSE");
  await listener.close();
});

test("a lost connection ends its transaction and its session", async () => {
  const engine = new FakeEngine();
  const listener = await startListener({ engine });
  const connection = await oracledb.getConnection(login(listener.port));
  await connection.execute("insert into t values (1)");
  const session = engine.sessions.at(0);
  expect(session?.inTransaction).toBe(true);
  listener.dropAll();
  await expect.poll(() => session?.closed).toBe(true);
  await listener.close();
});
