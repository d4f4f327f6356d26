/* oxlint-disable vitest/no-standalone-expect -- these steps run inside the tests of acceptance.ts */
import type { Lob } from "oracledb";
import { expect } from "vitest";

import { clobText } from "../../../unit/simulator/tns/fake-statements.ts";
import { connected, rowsOf } from "../rig.ts";
import type { Step } from "../rig.ts";

export const lobSteps: readonly Step[] = [
  connected("CLOB and BLOB come as text and bytes", async (connection, { driver }) => {
    const fetchInfo = { C: { type: driver.STRING }, B: { type: driver.BUFFER } };
    for (let i = 0; i < 2; i += 1) {
      const rows = await rowsOf(connection, "select lobs", { fetchInfo });
      expect(rows).toEqual([
        [1, clobText, Buffer.alloc(100_000, 0xab)],
        [2, null, null],
      ]);
    }
  }),
  connected("a CLOB is read by its locator", async (connection) => {
    const [row, empty] = await rowsOf(connection, "select lobs");
    const lob = row?.[1] as Lob;
    expect(lob.length).toBe(clobText.length);
    expect(await lob.getData()).toBe(clobText);
    expect(empty?.[1]).toBeNull();
  }),
  connected("a BLOB is read in pieces", async (connection) => {
    const [row] = await rowsOf(connection, "select lobs");
    const chunks: Buffer[] = [];
    const lob = row?.[2] as Lob;
    for await (const chunk of lob) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks)).toEqual(Buffer.alloc(100_000, 0xab));
  }),
  connected("a temporary CLOB is made, written, bound and freed", async (connection, { driver }) => {
    const lob = await connection.createLob(driver.CLOB);
    const finished = new Promise((resolve, reject) => lob.on("finish", resolve).on("error", reject));
    lob.end("ä".repeat(50_000));
    await finished;
    const n = { dir: driver.BIND_OUT, type: driver.NUMBER };
    const { outBinds } = await connection.execute("begin clob(:c, :n); end;", { c: lob, n });
    expect(outBinds).toEqual({ n: 50_000 });
    lob.destroy();
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
  }),
  connected("a text longer than a VARCHAR2 is bound to a block", async (connection, { driver }) => {
    const n = { dir: driver.BIND_OUT, type: driver.NUMBER };
    const { outBinds } = await connection.execute("begin clob(:c, :n); end;", { c: "z".repeat(40_000), n });
    expect(outBinds).toEqual({ n: 40_000 });
  }),
  connected("a text longer than a VARCHAR2 is bound to a statement", async (connection) => {
    const { rows } = await connection.execute("select pair :a, :b from dual", ["y".repeat(5000), 7]);
    expect(rows).toEqual([[`${"y".repeat(5000)}/7`]]);
  }),
];
