/* oxlint-disable vitest/no-standalone-expect -- these steps run inside the tests of acceptance.test.ts */
import { expect } from "vitest";

import { codesOf } from "../served.ts";
import { connected, rowsOf, type Step } from "./step.ts";

export const writeSteps: readonly Step[] = [
  connected("others see a change when it is committed, and not before", async (connection, rig, table) => {
    await connection.execute(`create table ${table} (id number, name varchar2(20))`);
    const other = await rig.connect();
    const inserted = await connection.execute(`insert into ${table} values (1, 'one')`);
    expect(inserted.rowsAffected).toBe(1);
    expect(inserted.lastRowid).toMatch(/^[A-Za-z0-9+/]{18}$/u);
    expect(connection.transactionInProgress).toBe(true);
    expect(await rowsOf(connection, `select * from ${table}`)).toEqual([[1, "one"]]);
    expect(await rowsOf(other, `select * from ${table}`)).toEqual([]);
    await connection.commit();
    expect(connection.transactionInProgress).toBe(false);
    expect(await rowsOf(other, `select * from ${table}`)).toEqual([[1, "one"]]);
    await other.close();
  }),
  connected("a rollback takes inserts, updates and deletes back", async (connection, _rig, table) => {
    await connection.execute(`create table ${table} (id number, name varchar2(20))`);
    await connection.executeMany(`insert into ${table} values (:1, :2)`, [
      [1, "one"],
      [2, "two"],
      [3, "three"],
    ]);
    await connection.commit();
    await connection.execute(`update ${table} set name = name || '!' where id < 3`);
    await connection.execute(`delete from ${table} where id = 3`);
    await connection.execute(`insert into ${table} values (4, 'four')`);
    expect(await rowsOf(connection, `select * from ${table} order by id`)).toEqual([
      [1, "one!"],
      [2, "two!"],
      [4, "four"],
    ]);
    await connection.rollback();
    expect(await rowsOf(connection, `select * from ${table} order by id`)).toEqual([
      [1, "one"],
      [2, "two"],
      [3, "three"],
    ]);
  }),
  connected("work left open by a closed connection is rolled back", async (connection, rig, table) => {
    await connection.execute(`create table ${table} (id number)`);
    const other = await rig.connect();
    await other.execute(`insert into ${table} values (1)`);
    await other.close();
    expect(await rowsOf(connection, `select * from ${table}`)).toEqual([]);
  }),
  connected("DDL commits open work; a dropped table is unknown", async (connection, rig, table) => {
    await connection.execute(`create table ${table} (id number)`);
    await connection.execute(`insert into ${table} values (1)`);
    await connection.execute(`create table ${table}b as select id + 1 as id from ${table}`);
    await connection.rollback();
    expect(await rowsOf(connection, `select id from ${table} union all select id from ${table}b`)).toEqual([
      [1],
      [2],
    ]);
    expect(await codesOf(connection.execute(`create table ${table} (id number)`))).toEqual([955]);
    await connection.execute(`truncate table ${table}`);
    expect(await rowsOf(connection, `select count(*) from ${table}`)).toEqual([[0]]);
    await connection.execute(`drop table ${table} purge`);
    expect(await codesOf(connection.execute(`select * from ${table}`))).toEqual([942]);
    const other = await rig.connect();
    expect(await codesOf(other.execute(`select * from ${table}`))).toEqual([942]);
    await other.close();
  }),
  connected("a row that another session has changed is waited for", async (connection, rig, table) => {
    await connection.execute(`create table ${table} (id number, n number)`);
    await connection.execute(`insert into ${table} values (1, 10)`, [], { autoCommit: true });
    const other = await rig.connect();
    await connection.execute(`update ${table} set n = n + 1`);
    const waiting = other.execute(`update ${table} set n = n + 5`, [], { autoCommit: true });
    expect(await rowsOf(connection, `select n from ${table}`)).toEqual([[11]]);
    await connection.commit();
    expect((await waiting).rowsAffected).toBe(1);
    expect(await rowsOf(connection, `select n from ${table}`)).toEqual([[16]]);
    await other.close();
  }),
  connected(
    "SELECT FOR UPDATE holds its rows, and a circle of waits is broken",
    async (connection, rig, table) => {
      await connection.execute(`create table ${table} (id number, n number)`);
      await connection.executeMany(`insert into ${table} values (:1, 0)`, [[1], [2]], { autoCommit: true });
      const other = await rig.connect();
      const held = await connection.execute(`select n from ${table} where id = :1 for update`, [1]);
      expect(held.rows).toEqual([[0]]);
      await other.execute(`update ${table} set n = 5 where id = 2`);
      const waiting = other.execute(`update ${table} set n = n + 1 where id = 1`);
      const circle = connection.execute(`update ${table} set n = 7 where id = 2`);
      const ended = await Promise.race([codesOf(waiting), codesOf(circle)]);
      expect(ended).toEqual([60]);
      await Promise.all([connection.rollback(), other.rollback()]);
      await Promise.allSettled([waiting, circle]);
      await other.close();
    },
  ),
  connected("what a table held at an SCN can be read later", async (connection, rig, table) => {
    await connection.execute(`create table ${table} (id number, name varchar2(20))`);
    await connection.execute(`insert into ${table} values (1, 'old')`, [], { autoCommit: true });
    const scn = await rig.dba.value("select to_char(current_scn) from v$database");
    await connection.execute(`update ${table} set name = 'new'`, [], { autoCommit: true });
    await connection.execute(`insert into ${table} values (2, 'later')`, [], { autoCommit: true });
    expect(await rowsOf(connection, `select name from ${table} as of scn ${String(scn)}`)).toEqual([["old"]]);
    const bound = await connection.execute(`select name from ${table} as of scn :scn`, [Number(scn)]);
    expect(bound.rows).toEqual([["old"]]);
    expect(await rowsOf(connection, `select name from ${table} order by id`)).toEqual([["new"], ["later"]]);
    expect(await codesOf(connection.execute(`select * from ${table} as of scn 99999999999`))).toEqual([8181]);
  }),
  connected("executeMany tells bad rows and keeps the good ones", async (connection, _rig, table) => {
    await connection.execute(`create table ${table} (id number(2))`);
    const rows = [[1], [100], [3], [400]];
    const result = await connection.executeMany(`insert into ${table} values (:1)`, rows, {
      batchErrors: true,
    });
    expect(result.batchErrors?.map((error) => error.offset)).toEqual([1, 3]);
    expect(await rowsOf(connection, `select id from ${table} order by id`)).toEqual([[1], [3]]);
  }),
];
