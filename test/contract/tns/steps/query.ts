/* oxlint-disable vitest/no-standalone-expect -- these steps run inside the tests of acceptance.ts */
import { expect } from "vitest";

import { connected, rowsOf } from "../rig.ts";
import type { Step } from "../rig.ts";

export const querySteps: readonly Step[] = [
  connected("one row comes back", async (connection) => {
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
  }),
  connected("a statement from the cache runs again", async (connection) => {
    for (let i = 0; i < 3; i += 1) expect(await rowsOf(connection, "select levels 5")).toHaveLength(5);
  }),
  connected("a query without rows is empty", async (connection) => {
    expect(await rowsOf(connection, "select levels 0")).toEqual([]);
  }),
  connected("every scalar type keeps its value", async (connection) => {
    const [row] = await rowsOf(connection, "select all types");
    const noon = (ms: number) => new Date(2024, 1, 29, 13, 5, 59, ms);
    const noonUtc = (ms: number) => new Date(Date.UTC(2024, 1, 29, 13, 5, 59, ms));
    expect(row).toEqual([
      1,
      "naïve → ✓",
      Number("12345678901234567890.5"),
      noon(0),
      noon(123),
      noonUtc(999),
      noonUtc(0),
      Buffer.from("00ff10", "hex"),
      -1.5e-9,
      0.5,
      "abc",
      "ünïcode",
      "AAASdqAAEAAAAInAAA",
      "long ".repeat(10_000),
    ]);
  }),
  connected("NULL of every type is null", async (connection) => {
    const rows = await rowsOf(connection, "select all types");
    expect(rows[1]).toEqual(Array.from({ length: 14 }, () => null));
  }),
  connected("no digit of a NUMBER is lost when it is fetched as text", async (connection, { driver }) => {
    const fetchTypeHandler = () => ({ type: driver.STRING });
    const [row] = await rowsOf(connection, "select all types", { fetchTypeHandler });
    expect(row?.[2]).toBe("12345678901234567890.5");
  }),
  connected("the columns are described", async (connection) => {
    const { metaData } = await connection.execute("select all types");
    expect(metaData?.map((column) => column.name)).toEqual([
      "ID",
      "NAME",
      "AMOUNT",
      "D",
      "TS",
      "TZ",
      "LTZ",
      "R",
      "BD",
      "BF",
      "C",
      "NV",
      "RID",
      "L",
    ]);
    expect(metaData?.[0]).toMatchObject({ dbTypeName: "NUMBER", precision: 10, scale: 0, nullable: true });
    expect(metaData?.[1]).toMatchObject({ dbTypeName: "VARCHAR2", byteSize: 40 });
    expect(metaData?.[4]).toMatchObject({ dbTypeName: "TIMESTAMP", precision: 6 });
  }),
  connected("a statement can be described without running", async (connection, rig) => {
    const info = await connection.getStatementInfo("select levels 3");
    expect(info.metaData?.map((column) => column.name)).toEqual(["N", "TXT", "SAME"]);
    expect(rig.engine.sessions.at(-1)?.described).toEqual(["select levels 3"]);
  }),
  ...[0, 1, 2, 7, 100].map((prefetchRows) =>
    connected(`no row is lost with prefetchRows ${prefetchRows}`, async (connection) => {
      const rows = await rowsOf(connection, "select levels 57", { prefetchRows, fetchArraySize: 10 });
      expect(rows.map((row) => row[0])).toEqual(Array.from({ length: 57 }, (_, i) => i + 1));
    }),
  ),
  ...[1, 10, 57, 58].map((fetchArraySize) =>
    connected(`no row is lost with fetchArraySize ${fetchArraySize}`, async (connection) => {
      const rows = await rowsOf(connection, "select levels 57", { fetchArraySize });
      expect(rows).toHaveLength(57);
    }),
  ),
  connected("values that repeat are the same in every row", async (connection) => {
    const rows = await rowsOf(connection, "select levels 30", { fetchArraySize: 7 });
    expect(rows.map((row) => row[2])).toEqual(
      Array.from({ length: 30 }, (_, i) => ((i + 1) % 3 === 0 ? null : "const")),
    );
  }),
  connected("maxRows ends a fetch early", async (connection) => {
    expect(await rowsOf(connection, "select levels 1000", { maxRows: 12 })).toHaveLength(12);
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
  }),
  connected("a result set is read in parts and closed early", async (connection) => {
    const { resultSet } = await connection.execute("select levels 500", [], { resultSet: true });
    expect(await resultSet?.getRow()).toEqual([1, "row 1", "const"]);
    expect(await resultSet?.getRows(20)).toHaveLength(20);
    await resultSet?.close();
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
  }),
  connected("two result sets of one connection do not mix", async (connection) => {
    const options = { resultSet: true, fetchArraySize: 2 };
    const first = await connection.execute("select levels 20", [], options);
    const second = await connection.execute("select levels 21", [], options);
    for (let n = 1; n <= 20; n += 1) {
      expect(await first.resultSet?.getRow()).toEqual(await second.resultSet?.getRow());
    }
    await first.resultSet?.close();
    await second.resultSet?.close();
  }),
  connected("values of 4000 bytes arrive whole", async (connection) => {
    expect(await rowsOf(connection, "select wide")).toEqual([["w".repeat(4000)], [null], ["x"]]);
  }),
  connected("50,000 rows arrive in order", async (connection) => {
    const rows = await rowsOf(connection, "select levels 50000", { fetchArraySize: 5000 });
    expect(rows.every((row, index) => row[0] === index + 1)).toBe(true);
    expect(rows).toHaveLength(50_000);
  }),
  connected("more statements than the driver caches come and go", async (connection) => {
    for (let i = 0; i < 40; i += 1) {
      expect(await rowsOf(connection, `select levels ${i % 10} -- ${i}`)).toHaveLength(i % 10);
    }
  }),
];
