import { describe, expect, test } from "vitest";

import type { SqlValue } from "../../../../simulator/engine/values.ts";
import { BIG_SCN } from "./fake-control-file.ts";
import { errorOf, makeRig, rows, run, value } from "./rig.ts";

const dual: readonly (readonly [string, SqlValue])[] = [
  ["1+2", "3"],
  ["7/2", "3.5"],
  ["'a'||null||'b'", "ab"],
  ["nvl('', 'x')", "x"],
  ["decode(2, 1, 'a', 2, 'b', 'c')", "b"],
  ["decode(null, null, 'same', 'other')", "same"],
  ["case when 1 = 2 then 'a' else 'b' end", "b"],
  ["to_char(sysdate, 'YYYY-MM-DD\"T\"HH24:MI:SS')", "2026-11-21T09:33:00"],
  ["to_char(systimestamp, 'FF3')", "125"],
  ["to_char(systimestamp, 'TZH:TZM')", "+00:00"],
  ["to_char(to_date('2026-02-28', 'YYYY-MM-DD') + 1.5, 'DD.MM.YYYY HH24')", "01.03.2026 12"],
  ["to_char(add_months(date '2026-01-31', 1), 'YYYY-MM-DD')", "2026-02-28"],
  ["to_char(sysdate)", "21-NOV-26"],
  ["to_char(date '2026-11-01', 'Mon')", "Nov"],
  ["to_char(0.5)", ".5"],
  ["to_char(1234.5, 'FM9,999.00')", "1,234.50"],
  ["to_char(255, 'FMXX')", "FF"],
  ["date '2026-11-21' - date '2026-11-20'", "1"],
  ["to_number('12.50')", "12.5"],
  ["substr('abcdef', -3, 2)", "de"],
  ["instr('a.b.c', '.', 1, 2)", "4"],
  ["round(2.345, 2)", "2.35"],
  ["trunc(-2.7)", "-2"],
  ["mod(10, 3)", "1"],
  ["greatest(1, 10, 9)", "10"],
  ["q'[it's]'", "it's"],
  ["length('')", null],
  ["sys_context('userenv', 'con_name')", "CDB$ROOT"],
  ["dbtimezone", "+00:00"],
  ["user", "SYS"],
  ["(select count(*) from v$datafile)", "4"],
  ["dbms_flashback.get_system_change_number", BIG_SCN.toString()],
  ["extract(year from sysdate)", "2026"],
  [
    "sys_extract_utc(timestamp '2026-11-21 10:00:00 +01:00') - timestamp '2026-11-21 08:00:00'",
    "0.041666666666666664",
  ],
];

test.each(dual)("select %s from dual gives %s", async (expression, expected) => {
  expect(await value(makeRig().open(), `select ${expression} from dual`)).toEqual(expected);
});

describe("queries", () => {
  test("an SCN above 2^53 keeps its last digit", async () => {
    expect(await rows(makeRig().open(), "select current_scn, to_char(current_scn) from v$database")).toEqual([
      [BIG_SCN.toString(), BIG_SCN.toString()],
    ]);
  });

  test("a column without an alias is named by its text", async () => {
    const result = await run(
      makeRig().open(),
      'select to_char( resetlogs_change# ), dbid "id", cdb from v$database',
    );
    expect(result.kind === "query" && result.columns.map((column) => [column.name, column.type])).toEqual([
      ["TO_CHAR(RESETLOGS_CHANGE#)", "VARCHAR2"],
      ["id", "NUMBER"],
      ["CDB", "VARCHAR2"],
    ]);
  });

  test("connect by level makes rows", async () => {
    expect(
      await rows(
        makeRig().open(),
        "select level n, level * 2 from dual connect by level <= 3 order by n desc",
      ),
    ).toEqual([
      ["3", "6"],
      ["2", "4"],
      ["1", "2"],
    ]);
  });

  test("rownum limits before a count and after a sorted subquery", async () => {
    const session = makeRig().open();
    expect(await value(session, "select count(*) from v$datafile where rownum <= 2")).toBe("2");
    expect(
      await rows(
        session,
        "select * from (select file# from v$datafile order by file# desc) where rownum < 3",
      ),
    ).toEqual([["10"], ["9"]]);
    expect(
      await rows(
        session,
        "select file# from v$datafile order by file# offset 1 rows fetch first 1 rows only",
      ),
    ).toEqual([["7"]]);
  });

  test("minus, with, group by, having, analytic functions and listagg work together", async () => {
    const session = makeRig().open();
    expect(
      await rows(
        session,
        "with f as (select con_id, file# from v$datafile) select con_id, count(*), listagg(file#, ',') within group (order by file# desc) from f group by con_id having count(*) > 1 order by 1",
      ),
    ).toEqual([
      ["1", "2", "7,1"],
      ["3", "2", "10,9"],
    ]);
    expect(
      await rows(
        session,
        "select file# from v$datafile minus select file# from v$datafile where con_id = 3 order by 1 desc",
      ),
    ).toEqual([["7"], ["1"]]);
    expect(
      await rows(
        session,
        "select sequence#, lead(first_change#) over (order by sequence#) from v$archived_log",
      ),
    ).toEqual([
      ["9", "10000"],
      ["10", "11000"],
      ["11", null],
    ]);
  });

  test("NULL sorts last, and first when descending", async () => {
    const sql = "select * from (select null x from dual union all select 1 from dual) order by x";
    expect(await rows(makeRig().open(), sql)).toEqual([["1"], [null]]);
    expect(await rows(makeRig().open(), `${sql} desc`)).toEqual([[null], ["1"]]);
  });

  test("a bind is found by name, by place and where the driver repeats it", async () => {
    const session = makeRig().open();
    expect(
      await value(session, "select :a || :b || :a from dual", [
        { name: "B", value: "2" },
        { name: "A", value: "1" },
      ]),
    ).toBe("121");
    expect(await value(session, "select :a || :b || :a from dual", ["1", "2"])).toBe("121");
    expect(await value(session, "select :a || :b || :a from dual", ["1", "2", "1"])).toBe("121");
  });

  test("a text bind is compared with a number as a number", async () => {
    expect(await value(makeRig().open(), "select name from v$datafile where file# = :f", ["7"])).toBe(
      "/u/users01.dbf",
    );
  });

  test("from inside a PDB only its own rows are seen", async () => {
    const rig = makeRig();
    expect(await rows(rig.open({ service: "PDB1" }), "select file# from v$datafile order by 1")).toEqual([
      ["9"],
      ["10"],
    ]);
    expect(
      await rows(rig.open({ service: "PDB1" }), "select tablespace_name from dba_tablespaces order by 1"),
    ).toEqual([["DATA"], ["SYSTEM"]]);
  });
});

test.each([
  ["selec 1 from dual", 900],
  ["select 1 fro dual", 923],
  ["select from dual", 936],
  ["select 1 from dual garbage here", 933],
  ["select (1 from dual", 907],
  ["select 'a from dual", 1756],
  ["select * from nothing", 942],
  ["select * from v$nothing", 942],
  ["select nothing from v$database", 904],
  ["select d.nothing from v$database d", 904],
  ["select nothing(1) from dual", 904],
  ["select name from v$datafile, v$tablespace", 918],
  ["select 1/0 from dual", 1476],
  ["select to_number('x') from dual", 1722],
  ["select * from dual where dummy = 1", 1722],
  ["select :x from dual", 1008],
  ["select con_id, count(*) from v$datafile", 937],
  ["select name, count(*) from v$datafile group by con_id", 979],
  ["select (select file# from v$datafile) from dual", 1427],
  ["select to_date('13', 'MM') from dual", 1843],
  ["select to_date('2026-02-30', 'YYYY-MM-DD') from dual", 1839],
  ["select to_char(sysdate, 'QQQX!') from dual", 1821],
  ["select sys_context('userenv', 'nonsense') from dual", 2003],
  ["startup", 900],
  ["shutdown immediate", 900],
])("%s ends with ORA-%i", async (sql, code) => {
  expect(await errorOf(makeRig().open(), sql)).toBe(code);
});

test("an unknown column is named in the message", async () => {
  await expect(run(makeRig().open(), "select d.nothing from v$database d")).rejects.toThrow(
    'ORA-00904: "D"."NOTHING": invalid identifier',
  );
});
