/* oxlint-disable vitest/no-standalone-expect -- these steps run inside the tests of acceptance.test.ts */
import type { BindParameters, ResultSet } from "oracledb";
import { expect } from "vitest";

import { codesOf } from "../served.ts";
import { connected, rowsOf, type Step } from "./step.ts";

export const callSteps: readonly Step[] = [
  connected("binds come by name and by position, NULL among them", async (connection) => {
    const byName = await connection.execute("select :a || '/' || :b from dual", { a: "grüße", b: 3 });
    expect(byName.rows).toEqual([["grüße/3"]]);
    const byPosition = await connection.execute("select :1 + :2, nvl(:3, 'none') from dual", [
      -12.75,
      1,
      null,
    ]);
    expect(byPosition.rows).toEqual([[-11.75, "none"]]);
    const when = new Date(2024, 1, 29, 13, 5, 59, 0);
    expect((await connection.execute("select :d from dual", [when])).rows).toEqual([[when]]);
    expect(
      (await connection.execute("select to_char(:d, 'YYYY-MM-DD HH24:MI:SS') from dual", [when])).rows,
    ).toEqual([["2024-02-29 13:05:59"]]);
  }),
  connected("IN, OUT and IN OUT binds keep their directions", async (connection, { driver }) => {
    const block = "begin :o := 'got ' || :i; :io := :io * 2; :d := date '2025-06-01'; end;";
    const binds = (value: number): BindParameters => ({
      i: "in",
      o: { dir: driver.BIND_OUT, type: driver.STRING, maxSize: 40 },
      io: { dir: driver.BIND_INOUT, val: value },
      d: { dir: driver.BIND_OUT, type: driver.DATE },
    });
    for (const value of [1, 5]) {
      const { outBinds } = await connection.execute(block, binds(value));
      expect(outBinds).toEqual({ o: "got in", io: value * 2, d: new Date(2025, 5, 1) });
    }
  }),
  connected("an OUT value that is too long for its bind is an error", async (connection, { driver }) => {
    const o = { dir: driver.BIND_OUT, type: driver.STRING, maxSize: 5 };
    await expect(connection.execute("begin :o := 'much too long'; end;", { o })).rejects.toThrow("ORA-06502");
  }),
  connected("a block selects into its variables", async (connection, { driver }, table) => {
    await connection.execute(`create table ${table} (id number, name varchar2(20))`);
    const block = `declare v varchar2(20); begin insert into ${table} values (1, 'one');
      select name into v from ${table} where id = 1; :o := v; commit; end;`;
    const o = { dir: driver.BIND_OUT, type: driver.STRING, maxSize: 40 };
    expect((await connection.execute(block, { o })).outBinds).toEqual({ o: "one" });
    const missing = `declare v varchar2(20); begin select name into v from ${table} where id = 2; end;`;
    expect((await codesOf(connection.execute(missing)))[0]).toBe(1403);
  }),
  connected("a ref cursor is fetched to its end", async (connection, { driver }, table) => {
    await connection.execute(`create table ${table} (id number)`);
    await connection.executeMany(
      `insert into ${table} values (:1)`,
      Array.from({ length: 250 }, (_, id) => [id]),
    );
    const rc = { dir: driver.BIND_OUT, type: driver.CURSOR };
    for (let i = 0; i < 2; i += 1) {
      const { outBinds } = await connection.execute<{ rc: ResultSet<unknown[]> }>(
        `begin open :rc for select id from ${table} order by id; end;`,
        { rc },
      );
      const rows = await outBinds?.rc.getRows(0);
      await outBinds?.rc.close();
      expect([rows?.length, rows?.at(-1)]).toEqual([250, [249]]);
    }
  }),
  connected("20,000 rows arrive in order", async (connection, _rig, table) => {
    await connection.execute(`create table ${table} (id number, name varchar2(20))`);
    const rows = Array.from({ length: 2000 }, (_, id) => [id, `row ${id}`]);
    await connection.executeMany(`insert into ${table} values (:1, :2)`, rows);
    const sql = `select b.id * 2000 + a.id n, a.name from ${table} a, ${table} b where b.id < 10 order by n`;
    const found = await rowsOf(connection, sql, { fetchArraySize: 1500, prefetchRows: 7 });
    expect(found).toHaveLength(20_000);
    expect(found.every((row, index) => row[0] === index && row[1] === `row ${index % 2000}`)).toBe(true);
  }),
  connected(
    "an unknown table, a wrong statement and a wrong column say what and where",
    async (connection) => {
      await expect(connection.execute("select * from nowhere")).rejects.toMatchObject({
        errorNum: 942,
        offset: 14,
      });
      await expect(connection.execute("nonsense is this")).rejects.toMatchObject({ errorNum: 900 });
      await expect(connection.execute("select nothing from dual")).rejects.toMatchObject({ errorNum: 904 });
      await expect(connection.execute("select * from v$database")).rejects.toMatchObject({ errorNum: 942 });
      await expect(connection.execute("alter system switch logfile")).rejects.toMatchObject({
        errorNum: 1031,
      });
      expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
    },
  ),
  connected("a break ends a sleeping block, and the session goes on", async (connection, { engine }) => {
    const block = "begin dbms_session.sleep(600); end;";
    const call = connection.execute(block).catch((error: Error) => error.message);
    const sleeping = () => engine.sessions.some((session) => "busy" in session && session.busy === true);
    await expect.poll(sleeping, { interval: 2 }).toBe(true);
    await connection.break();
    expect(await call).toContain("ORA-01013");
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
  }),
  connected("a call timeout ends a sleeping block, and the session goes on", async (connection) => {
    connection.callTimeout = 30;
    await expect(connection.execute("begin dbms_session.sleep(600); end;")).rejects.toThrow("NJS-123");
    connection.callTimeout = 0;
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
  }),
];
