import { describe, expect, test } from "vitest";

import type { SqlValue } from "../../../../simulator/engine/values.ts";
import { errorOf, makeRig, run } from "./rig.ts";

async function out(sql: string, binds: readonly SqlValue[]): Promise<unknown[]> {
  const result = await run(makeRig().open(), sql, binds);
  if (result.kind !== "plsql") throw new Error(result.kind);
  return [...result.out].map(([position, bind]) => [position, bind.direction, bind.value]);
}

describe("binds of a block", () => {
  test("one that is only assigned is OUT, one that is read as well is IN OUT", async () => {
    expect(await out("begin :o := 6 * :i; :io := :io || '!'; end;", [null, 7, "a"])).toEqual([
      [0, "out", "42"],
      [2, "in-out", "a!"],
    ]);
  });

  test("the direction does not depend on the branch that runs", async () => {
    expect(await out("begin if 1 = 2 then :o := 1; end if; end;", [null])).toEqual([[0, "out", null]]);
  });

  test("SELECT INTO fills binds and variables", async () => {
    expect(
      await out(
        "declare n number := 2; begin select count(*) + n into :o from v$datafile where file# > :f; end;",
        [null, 1],
      ),
    ).toEqual([[0, "out", "5"]]);
  });

  test("a ref cursor carries columns and rows", async () => {
    const result = await run(
      makeRig().open(),
      "begin open :rc for select file#, name from v$datafile where file# <= 7; end;",
      [null],
    );
    const cursor = result.kind === "plsql" ? result.out.get(0)?.value : undefined;
    expect(cursor).toMatchObject({
      kind: "cursor",
      rows: [
        ["1", "/u/system01.dbf"],
        ["7", "/u/users01.dbf"],
      ],
    });
  });
});

test("loops, conditions and handlers run", async () => {
  const sql = `declare
    s number := 0;
    x varchar2(10);
  begin
    for i in 1..4 loop
      if mod(i, 2) = 0 then s := s + i; elsif i = 3 then null; else s := s + 100; end if;
    end loop;
    for r in (select file# f from v$datafile where con_id = 3) loop s := s + r.f; end loop;
    while s < 200 loop s := s + 50; exit when s > 170; end loop;
    begin
      select dummy into x from dual where 1 = 2;
    exception when no_data_found then x := 'none';
    end;
    :o := s || x;
  end;`;
  expect(await out(sql, [null])).toEqual([[0, "out", "175none"]]);
});

test("DML and EXECUTE IMMEDIATE work in a block", async () => {
  const session = makeRig().open({ service: "PDB1" });
  await run(session, "begin execute immediate 'create table t (id number) tablespace data'; end;");
  const result = await run(
    session,
    "declare n number; begin for i in 1..3 loop insert into t values (i); end loop; update t set id = id + 1; n := sql%rowcount; commit; execute immediate 'select max(id) from t' into :m; :n := n; end;",
    [null, null],
  );
  expect(result.kind === "plsql" && [...result.out.values()].map((bind) => bind.value)).toEqual(["4", "3"]);
});

test.each([
  ["begin nothing; end;", 6550],
  ["begin :o := nothing; end;", 6550],
  ["begin null end;", 6550],
  ["begin raise_application_error(-20001, 'no'); end;", 20_001],
  ["declare x varchar2(1); begin select dummy into x from dual where 1 = 2; end;", 1403],
  ["declare x number; begin select file# into x from v$datafile; end;", 1422],
  ["declare x number; begin x := 'a'; end;", 6502],
  ["begin :o := 1/0; end;", 1476],
  ["begin execute immediate 'nonsense'; end;", 900],
])("%s ends with ORA-%i", async (sql, code) => {
  expect(await errorOf(makeRig().open(), sql, sql.includes(":o") ? [null] : [])).toBe(code);
});

test("an error names its line, an unknown name the identifier", async () => {
  const session = makeRig().open();
  await expect(run(session, "begin\n  raise_application_error(-20001, 'no');\nend;")).rejects.toThrow(
    "ORA-20001: no\nORA-06512: at line 2",
  );
  await expect(run(session, "begin foo(1); end;")).rejects.toThrow(
    "PLS-00201: identifier 'FOO' must be declared",
  );
});
