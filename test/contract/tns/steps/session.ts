/* oxlint-disable vitest/no-standalone-expect -- these steps run inside the tests of acceptance.ts */
import { expect } from "vitest";

import { connected, rowsOf } from "../rig.ts";
import type { Step } from "../rig.ts";

export const sessionSteps: readonly Step[] = [
  connected("a ping is answered", async (connection) => {
    expect(await connection.ping()).toBeUndefined();
    expect(connection.isHealthy()).toBe(true);
  }),
  connected("the current schema is set and confirmed", async (connection) => {
    connection.currentSchema = "HR";
    expect(await rowsOf(connection, "select schema from dual")).toEqual([["HR"]]);
    expect(connection.currentSchema).toBe("HR");
  }),
  connected("module, action and client id reach the session", async (connection, rig) => {
    connection.module = "umbra";
    connection.action = "backup";
    connection.clientId = "agent-1";
    expect(await rowsOf(connection, "select module from dual")).toEqual([["umbra"]]);
    expect(rig.engine.sessions.at(-1)?.clientInfo).toEqual({
      MODULE: "umbra",
      ACTION: "backup",
      CLIENT_ID: "agent-1",
    });
  }),
  connected("a failing statement tells code, text and position", async (connection) => {
    const failure = connection.execute("select * from nowhere");
    await expect(failure).rejects.toMatchObject({ errorNum: 942, offset: 14, code: "ORA-00942" });
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
  }),
  connected("the whole error stack arrives", async (connection) => {
    const failure = connection.execute("begin raise; end;");
    await expect(failure).rejects.toThrow(/ORA-20001: custom failure\nORA-06512: at line 1/);
  }),
  connected("a fetch that fails on its way is an error and the connection lives", async (connection) => {
    await expect(rowsOf(connection, "select failing 250")).rejects.toThrow("ORA-01555");
    expect(await rowsOf(connection, "select levels 3")).toHaveLength(3);
  }),
  connected("twenty failures in a row leave the connection in step", async (connection) => {
    for (let i = 0; i < 20; i += 1) {
      await expect(connection.execute(`select * from nowhere${i}`)).rejects.toThrow("ORA-00942");
      expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
    }
  }),
  connected("a killed session is told so with its next call", async (connection) => {
    await expect(connection.execute("begin kill_me; end;")).rejects.toThrow("ORA-00028");
    await expect(connection.ping()).rejects.toThrow("NJS-");
  }),
  connected("a session that is killed at once loses its connection", async (connection) => {
    await expect(connection.execute("begin drop_me; end;")).rejects.toThrow("NJS-500");
    expect(connection.isHealthy()).toBe(false);
  }),
  connected("a break ends the running call", async (connection, rig) => {
    const call = connection.execute("begin sleep(3600000); end;").catch((error: Error) => error.message);
    await expect.poll(() => rig.engine.sessions.at(-1)?.statements.at(-1)).toContain("sleep");
    await connection.break();
    expect(await call).toContain("ORA-01013");
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
  }),
  connected("a break reaches a call that the server has not read yet", async (connection) => {
    const call = connection.execute("begin sleep(3600000); end;");
    await Promise.all([expect(call).rejects.toThrow("ORA-01013"), connection.break()]);
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
  }),
  connected("a call timeout ends the running call", async (connection) => {
    connection.callTimeout = 30;
    await expect(connection.execute("begin sleep(3600000); end;")).rejects.toThrow("NJS-123");
    connection.callTimeout = 0;
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
  }),
  connected("a call that is quicker than its timeout succeeds", async (connection) => {
    connection.callTimeout = 20_000;
    expect(await rowsOf(connection, "select levels 300")).toHaveLength(300);
  }),
  [
    "a pool serves more work than it has connections",
    async (rig) => {
      const { driver, connectString } = rig;
      const pool = await driver.createPool({
        user: "scott",
        password: "tiger",
        connectString,
        poolMin: 1,
        poolMax: 3,
        poolIncrement: 1,
      });
      const work = Array.from({ length: 20 }, async (_, i) => {
        const connection = await pool.getConnection();
        const rows = await rowsOf(connection, `select levels ${i + 1}`);
        await connection.close();
        return rows.length;
      });
      expect(await Promise.all(work)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
      await pool.close(0);
    },
  ],
  [
    "a pool may log in with a privilege",
    async ({ driver, connectString }) => {
      const pool = await driver.createPool({
        user: "sys",
        password: "change_on_install",
        privilege: driver.SYSDBA,
        connectString,
      });
      const connection = await pool.getConnection();
      expect(await rowsOf(connection, "select user from dual")).toEqual([["SYS"]]);
      await connection.close();
      await pool.close(0);
    },
  ],
];
