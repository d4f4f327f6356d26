/* oxlint-disable vitest/no-standalone-expect -- these steps run inside the tests of acceptance.ts */
import type { BindParameters, ResultSet } from "oracledb";
import { expect } from "vitest";

import { connected } from "../rig.ts";
import type { Step } from "../rig.ts";

export const bindSteps: readonly Step[] = [
  connected("a text is bound by name", async (connection) => {
    const { rows } = await connection.execute("select echo :v from dual", { v: "grüße" });
    expect(rows).toEqual([["grüße"]]);
  }),
  connected("a number is bound by position", async (connection) => {
    const { rows } = await connection.execute("select echo :1 from dual", [-12.75]);
    expect(rows).toEqual([["-12.75"]]);
  }),
  connected("NULL is bound", async (connection) => {
    const { rows } = await connection.execute("select echo :v from dual", { v: null });
    expect(rows).toEqual([["null"]]);
  }),
  connected("a date is bound", async (connection) => {
    const when = new Date(2024, 1, 29, 13, 5, 59, 250);
    const { rows } = await connection.execute("select date :v from dual", [when]);
    expect(rows).toEqual([[when]]);
  }),
  connected("two binds keep their order, whatever their type was before", async (connection) => {
    const sql = "select pair :a, :b from dual";
    expect((await connection.execute(sql, ["x", 2])).rows).toEqual([["x/2"]]);
    expect((await connection.execute(sql, ["y", 3])).rows).toEqual([["y/3"]]);
    expect((await connection.execute(sql, [4, "z"])).rows).toEqual([["4/z"]]);
  }),
  connected("an OUT bind brings a value", async (connection, { driver }) => {
    const out = { dir: driver.BIND_OUT, type: driver.STRING, maxSize: 40 };
    const { outBinds } = await connection.execute("begin :o := 'out'; end;", { o: out });
    expect(outBinds).toEqual({ o: "out" });
  }),
  connected(
    "IN, OUT and IN OUT binds keep their directions when the block runs again",
    async (connection, { driver }) => {
      const binds = (value: number): BindParameters => ({
        a: "in",
        b: { dir: driver.BIND_OUT, type: driver.STRING, maxSize: 40 },
        io: { dir: driver.BIND_INOUT, val: value },
        d: { dir: driver.BIND_OUT, type: driver.DATE },
      });
      for (const value of [1, 5, 9]) {
        const { outBinds } = await connection.execute("begin p(:a, :b, :io, :d); end;", binds(value));
        expect(outBinds).toEqual({ b: "got in", io: value + 1, d: new Date(2025, 5, 1, 2) });
      }
    },
  ),
  connected("an OUT value that is too long for its bind is an error", async (connection, { driver }) => {
    const out = { dir: driver.BIND_OUT, type: driver.STRING, maxSize: 20 };
    await expect(connection.execute("begin :o := long; end;", { o: out })).rejects.toThrow("ORA-06502");
  }),
  connected("a ref cursor is fetched to its end", async (connection, { driver }) => {
    const rc = { dir: driver.BIND_OUT, type: driver.CURSOR };
    for (let i = 0; i < 2; i += 1) {
      const { outBinds } = await connection.execute<{ rc: ResultSet<unknown[]> }>(
        "begin open :rc for x; end;",
        { rc },
      );
      const rows = await outBinds?.rc.getRows(0);
      await outBinds?.rc.close();
      expect(rows).toHaveLength(250);
    }
  }),
  connected("a block without binds runs", async (connection) => {
    expect(await connection.execute("begin null; end;")).toBeDefined();
  }),
];
