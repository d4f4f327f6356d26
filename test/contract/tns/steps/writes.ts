/* oxlint-disable vitest/no-standalone-expect -- these steps run inside the tests of acceptance.ts */
import { expect } from "vitest";

import { connected, rowsOf } from "../rig.ts";
import type { Step } from "../rig.ts";

export const writeSteps: readonly Step[] = [
  connected("an insert tells its rows and its ROWID", async (connection) => {
    const result = await connection.execute("insert into t values (1)");
    expect(result.rowsAffected).toBe(1);
    expect(result.lastRowid).toMatch(/^[A-Za-z0-9+/]{18}$/);
  }),
  connected("a statement that touches no row says 0", async (connection) => {
    expect((await connection.execute("delete from t")).rowsAffected).toBe(0);
  }),
  connected("an open transaction is known until it is committed", async (connection, rig) => {
    await connection.execute("insert into t values (1)");
    expect(connection.transactionInProgress).toBe(true);
    await connection.commit();
    expect(connection.transactionInProgress).toBe(false);
    expect(rig.engine.sessions.at(-1)?.commits).toBe(1);
  }),
  connected("a rollback ends the transaction", async (connection) => {
    await connection.execute("insert into t values (1)");
    await connection.rollback();
    expect(connection.transactionInProgress).toBe(false);
  }),
  connected("autoCommit commits, also when the statement runs again", async (connection, rig) => {
    for (let i = 1; i <= 3; i += 1) {
      await connection.execute("insert into t values (:1)", [i], { autoCommit: true });
      expect(rig.engine.sessions.at(-1)?.commits).toBe(i);
    }
    expect(connection.transactionInProgress).toBe(false);
  }),
  connected("DDL runs again and again", async (connection, rig) => {
    for (let i = 0; i < 3; i += 1) await connection.execute("alter tablespace users begin backup");
    expect(rig.engine.sessions.at(-1)?.statements.filter((sql) => sql.startsWith("alter"))).toHaveLength(3);
  }),
  connected("executeMany runs once for each row", async (connection) => {
    const rows = Array.from({ length: 500 }, (_, i) => [i, `name ${i}`]);
    for (let i = 0; i < 2; i += 1) {
      const { rowsAffected } = await connection.executeMany("insert into t values (:1, :2)", rows);
      expect(rowsAffected).toBe(500);
    }
  }),
  connected("executeMany counts the rows of each execution", async (connection) => {
    const { dmlRowCounts } = await connection.executeMany("insert into t values (:1)", [[1], [2], [3]], {
      dmlRowCounts: true,
    });
    expect(dmlRowCounts).toEqual([1, 1, 1]);
  }),
  connected("with batchErrors the good rows stay and the bad ones are told", async (connection) => {
    const rows = [[1], [2], [3], [4]];
    const result = await connection.executeMany("insert into picky values (:1)", rows, { batchErrors: true });
    expect(result.batchErrors?.map((error) => error.offset)).toEqual([1, 3]);
    expect(result.batchErrors?.[0]?.message).toContain("ORA-00001");
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
  }),
  connected("executeMany gives the OUT value of every execution", async (connection, { driver }) => {
    const bindDefs = { o: { dir: driver.BIND_OUT, type: driver.STRING, maxSize: 10 } };
    const result = await connection.executeMany("begin :o := 'out'; end;", 3, { bindDefs });
    expect(result.outBinds).toEqual([{ o: "out" }, { o: "out" }, { o: "out" }]);
  }),
  connected("RETURNING INTO is refused and the connection lives", async (connection, { driver }) => {
    const binds = { v: 1, id: { dir: driver.BIND_OUT, type: driver.NUMBER } };
    const sql = "insert into t values (:v) returning id into :id";
    await expect(connection.execute(sql, binds)).rejects.toThrow("ORA-03115");
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
  }),
  connected("an array for a block is refused and the connection lives", async (connection, { driver }) => {
    const names = { dir: driver.BIND_IN, type: driver.STRING, val: ["a", "b"] };
    await expect(connection.execute("begin q(:names); end;", { names })).rejects.toThrow("ORA-03115");
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
  }),
];
