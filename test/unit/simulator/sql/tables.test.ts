import { describe, expect, test } from "vitest";

import type { EngineSession } from "../../../../simulator/engine/engine.ts";
import { errorOf, makeRig, rows, run, value, type Rig } from "./rig.ts";

async function withTable(): Promise<{ rig: Rig; session: EngineSession }> {
  const rig = makeRig();
  const session = rig.open({ user: "APP", privilege: "NORMAL", service: "PDB1" });
  await run(
    session,
    "create table t (id number(10) not null, name varchar2(10), at date, amount number(8,2)) tablespace data",
  );
  await run(session, "insert into t (id, name, at, amount) values (1, 'one', date '2026-01-02', 1.005)");
  await run(
    session,
    "insert into t select level + 1, 'n' || level, null, level / 4 from dual connect by level <= 3",
  );
  return { rig, session };
}

test("inserted rows are read back by the session, and by others after commit", async () => {
  const { rig, session } = await withTable();
  const other = rig.open({ service: "PDB1" });
  expect([
    await value(session, "select count(*) from t"),
    await value(other, "select count(*) from app.t"),
  ]).toEqual(["4", "0"]);
  expect(session.inTransaction).toBe(true);
  await session.commit();
  expect([session.inTransaction, await value(other, "select count(*) from app.t")]).toEqual([false, "4"]);
});

test("rollback forgets what was not committed", async () => {
  const { session } = await withTable();
  await run(session, "rollback");
  expect(await value(session, "select count(*) from t")).toBe("0");
});

test("update and delete count their rows and change no others", async () => {
  const { session } = await withTable();
  expect(
    await run(session, "update t x set name = upper(name) || :s, amount = amount + 1 where x.id > :i", [
      "!",
      2,
    ]),
  ).toMatchObject({ kind: "dml", rowsAffected: 2 });
  expect(await run(session, "delete from t where id = 1")).toMatchObject({ rowsAffected: 1 });
  expect(await rows(session, "select id, name, amount from t order by id")).toEqual([
    ["2", "n1", "0.25"],
    ["3", "N2!", "1.5"],
    ["4", "N3!", "1.75"],
  ]);
});

test("numbers are rounded to the scale of the column and dates come back as dates", async () => {
  const { session } = await withTable();
  const [row] = await rows(session, "select at, amount, to_char(at, 'YYYY') from t where id = 1");
  expect(row?.[0]).toMatchObject({ kind: "date", year: 2026, month: 1, day: 2 });
  expect(row?.slice(1)).toEqual(["1", "2026"]);
});

test("rows are read as of an SCN", async () => {
  const { rig, session } = await withTable();
  await session.commit();
  const scn = rig.state.scn;
  rig.state.history.set(scn, [...(rig.state.stored[0]?.rows ?? [])]);
  rig.state.scn += 5n;
  await run(session, "delete from t");
  await session.commit();
  expect(await value(session, "select count(*) from t as of scn :s where id > 1", [scn.toString()])).toBe(
    "3",
  );
  expect(await value(session, "select count(*) from t")).toBe("0");
  expect(await errorOf(session, "select * from t as of scn 99999999999999999")).toBe(8181);
});

test("CREATE TABLE AS SELECT copies rows and DROP TABLE removes the table", async () => {
  const { session } = await withTable();
  await run(session, "create table u as select id, name from t where id < 3");
  expect(await rows(session, "select * from u order by 1")).toEqual([
    ["1", "one"],
    ["2", "n1"],
  ]);
  await run(session, "drop table u purge");
  expect(await errorOf(session, "select * from u")).toBe(942);
});

test("a statement that fails at one row leaves none of its rows", async () => {
  const { session } = await withTable();
  expect(
    await errorOf(
      session,
      "insert into t (id, name) select 10 - level, rpad('x', level * 4) from dual connect by level <= 5",
    ),
  ).toBe(12_899);
  expect(await value(session, "select count(*) from t")).toBe("4");
});

describe("refusals", () => {
  test.each([
    ["insert into t (name) values ('x')", 1400],
    ["insert into t (id) values (1, 2)", 913],
    ["insert into t (id, name) values (1)", 947],
    ["insert into t (nothing) values (1)", 904],
    ["insert into t (id) values ('x')", 1722],
    ["insert into t (id, name) values (1, 'longer than ten')", 12_899],
    ["insert into t (id) values (12345678901)", 1438],
    ["update t set id = null", 1407],
    ["update nothing set id = 1", 942],
    ["create table t (id number)", 955],
    ["create table v (id nonsense)", 902],
    ["create table v (id number) tablespace nothing", 959],
  ])("%s ends with ORA-%i", async (sql, code) => {
    const { session } = await withTable();
    expect(await errorOf(session, sql)).toBe(code);
  });

  test("SYSBACKUP and other users do not see the table", async () => {
    const { rig } = await withTable();
    expect(
      await errorOf(
        rig.open({ user: "C##UMBRA", privilege: "SYSBACKUP", service: "PDB1" }),
        "select * from app.t",
      ),
    ).toBe(942);
  });

  test("a read-only PDB takes no changes", async () => {
    const { rig, session } = await withTable();
    rig.state.pdbModes.set(3, "READ ONLY");
    expect(await errorOf(session, "delete from t")).toBe(16_000);
  });
});
