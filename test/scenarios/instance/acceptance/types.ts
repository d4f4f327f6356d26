/* oxlint-disable vitest/no-standalone-expect -- these steps run inside the tests of acceptance.test.ts */
import { expect } from "vitest";

import { connected, rowsOf, type Step } from "./step.ts";

const COLUMNS = `id number(10), name varchar2(40), amount number, price number(9,2), d date, ts timestamp(6),
  tz timestamp(6) with time zone, ltz timestamp(3) with local time zone, r raw(16), bd binary_double, bf binary_float,
  c char(5), nv nvarchar2(40)`;
const when = new Date(2024, 1, 29, 13, 5, 59, 0);

export const typeSteps: readonly Step[] = [
  connected("every scalar type is stored in a table and read back", async (connection, { driver }, table) => {
    await connection.execute(`create table ${table} (${COLUMNS})`);
    const binds = [
      { val: 7 },
      { val: "naïve → ✓" },
      { val: "12345678901234567890.5" },
      { val: -12.75 },
      { val: when },
      { val: new Date(when.getTime() + 123), type: driver.DB_TYPE_TIMESTAMP },
      { val: new Date(when.getTime() + 999), type: driver.DB_TYPE_TIMESTAMP_TZ },
      { val: when, type: driver.DB_TYPE_TIMESTAMP_LTZ },
      { val: Buffer.from("00ff10", "hex") },
      { val: -1.5e-9, type: driver.DB_TYPE_BINARY_DOUBLE },
      { val: 0.5, type: driver.DB_TYPE_BINARY_FLOAT },
      { val: "abc" },
      { val: "ünïcode", type: driver.DB_TYPE_NVARCHAR },
    ];
    const places = binds.map((_, index) => `:${index + 1}`).join(", ");
    await connection.execute(`insert into ${table} values (${places})`, binds, { autoCommit: true });
    const reader = await connection.execute<unknown[]>(`select * from ${table}`);
    expect(reader.rows?.[0]).toEqual([
      7,
      "naïve → ✓",
      Number("12345678901234567890.5"),
      -12.75,
      when,
      new Date(when.getTime() + 123),
      new Date(when.getTime() + 999),
      when,
      Buffer.from("00ff10", "hex"),
      -1.5e-9,
      0.5,
      "abc  ",
      "ünïcode",
    ]);
    expect(reader.metaData?.map((column) => column.dbTypeName)).toEqual([
      "NUMBER",
      "VARCHAR2",
      "NUMBER",
      "NUMBER",
      "DATE",
      "TIMESTAMP",
      "TIMESTAMP WITH TIME ZONE",
      "TIMESTAMP WITH LOCAL TIME ZONE",
      "RAW",
      "BINARY_DOUBLE",
      "BINARY_FLOAT",
      "CHAR",
      "NVARCHAR2",
    ]);
    expect(reader.metaData?.[3]).toMatchObject({ precision: 9, scale: 2, nullable: true });
  }),
  connected("NULL of every type is stored and read back", async (connection, _rig, table) => {
    await connection.execute(`create table ${table} (${COLUMNS})`);
    const nulls = Array.from({ length: 13 }, () => null);
    const places = nulls.map((_, index) => `:${index + 1}`).join(", ");
    await connection.execute(`insert into ${table} values (${places})`, nulls);
    expect(await rowsOf(connection, `select * from ${table}`)).toEqual([nulls]);
    expect(await rowsOf(connection, `select count(*), count(name) from ${table} where d is null`)).toEqual([
      [1, 0],
    ]);
  }),
  connected("an empty text is NULL", async (connection, _rig, table) => {
    await connection.execute(`create table ${table} (name varchar2(5))`);
    await connection.execute(`insert into ${table} values (:1)`, [""]);
    expect(await rowsOf(connection, `select name from ${table} where name is null`)).toEqual([[null]]);
  }),
  connected(
    "no digit of a NUMBER is lost when it is fetched as text",
    async (connection, { driver }, table) => {
      await connection.execute(`create table ${table} (n number)`);
      await connection.execute(`insert into ${table} values (9223372036854775807)`);
      const fetchTypeHandler = () => ({ type: driver.STRING });
      expect(await rowsOf(connection, `select n from ${table}`, { fetchTypeHandler })).toEqual([
        ["9223372036854775807"],
      ]);
    },
  ),
  connected("a CLOB is stored and read back as text", async (connection, { driver }, table) => {
    const text = "hello clob é ".repeat(200);
    await connection.execute(`create table ${table} (id number, c clob, b blob)`);
    await connection.execute(`insert into ${table} values (1, :1, :2)`, [text, Buffer.alloc(2000, 0xab)]);
    await connection.execute(`insert into ${table} values (2, null, null)`);
    const fetchInfo = { C: { type: driver.STRING }, B: { type: driver.BUFFER } };
    expect(await rowsOf(connection, `select * from ${table} order by id`, { fetchInfo })).toEqual([
      [1, text, Buffer.alloc(2000, 0xab)],
      [2, null, null],
    ]);
  }),
  connected(
    "a value that is too long or too large for its column is refused",
    async (connection, _rig, table) => {
      await connection.execute(
        `create table ${table} (name varchar2(5), n number(3), needed number not null)`,
      );
      const insert = (values: string) => connection.execute(`insert into ${table} values (${values})`);
      await expect(insert("'toolong', 1, 1")).rejects.toThrow("ORA-12899");
      await expect(insert("'ok', 1000, 1")).rejects.toThrow("ORA-01438");
      await expect(insert("'ok', 1, null")).rejects.toThrow("ORA-01400");
      await expect(insert("'ok', 'x', 1")).rejects.toThrow("ORA-01722");
      await expect(insert("'ok', 1")).rejects.toThrow("ORA-00947");
      expect(await rowsOf(connection, `select * from ${table}`)).toEqual([]);
    },
  ),
];
