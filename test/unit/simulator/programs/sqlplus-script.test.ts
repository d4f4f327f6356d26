import { describe, expect, test } from "vitest";

import { sqlplus } from "../../../../simulator/programs/sqlplus/sqlplus.ts";
import { programRig } from "./program-rig.ts";

const asSysdba = ["-S", "-L", "/ as sysdba"];
const bare = "set heading off feedback off pagesize 0 linesize 200";

describe("the simulated sqlplus runs a script", () => {
  test("a query has headings as wide as its columns, and feedback from six rows on", async () => {
    await using rig = await programRig();
    const input = ["select name, log_mode from v$database;"];
    const { output } = await rig.run(sqlplus, asSysdba, { input });
    expect(output).toBe(`\nNAME      LOG_MODE\n--------- ------------\nORCL      ARCHIVELOG\n\n`);
    const none = await rig.run(sqlplus, asSysdba, { input: ["select 1 from dual where 1 = 0;"] });
    expect(none.output).toBe("\nno rows selected\n\n");
  });

  test("SET takes headings, pages and feedback away", async () => {
    await using rig = await programRig();
    const input = [bare, "select 'a|' || status", "from v$instance", "/", "alter system checkpoint;"];
    expect(await rig.run(sqlplus, asSysdba, { input })).toEqual({ code: 0, output: "a|OPEN\n" });
  });

  test("a number too wide for its column is shown as hashes", async () => {
    await using rig = await programRig();
    const input = [bare, "set numwidth 3", "select 12345 as n from dual;"];
    expect((await rig.run(sqlplus, asSysdba, { input })).output).toBe("###\n");
  });

  test("a line longer than LINESIZE goes on below", async () => {
    await using rig = await programRig();
    const input = [bare, "set linesize 10", "select 'abcdefghijklmno' as t from dual;"];
    expect((await rig.run(sqlplus, asSysdba, { input })).output).toBe("abcdefghij\nklmno\n");
  });

  test("an error shows its line and place, and the script goes on", async () => {
    await using rig = await programRig();
    const input = ["select 1", "from nowhere;", "prompt after"];
    const { code, output } = await rig.run(sqlplus, asSysdba, { input });
    expect(output).toBe(
      "from nowhere\n     *\nERROR at line 2:\nORA-00942: table or view does not exist\n\n\nafter\n",
    );
    expect(code).toBe(0);
  });

  test.each([
    ["exit sql.sqlcode", 942 % 256],
    ["exit failure", 1],
    ["exit 7 rollback", 7],
    ["exit 300", 44],
    ["continue", 0],
  ])("WHENEVER SQLERROR %s gives %i", async (action, code) => {
    await using rig = await programRig();
    const input = [`whenever sqlerror ${action}`, "select 1 from nowhere;"];
    expect((await rig.run(sqlplus, asSysdba, { input })).code).toBe(code);
  });

  test("WHENEVER OSERROR ends a script that cannot write its file", async () => {
    await using rig = await programRig();
    const input = ["whenever oserror exit 68", "spool /nowhere/file", "prompt went on"];
    expect(await rig.run(sqlplus, asSysdba, { input })).toEqual({
      code: 68,
      output: 'SP2-0606: Cannot create SPOOL file "/nowhere/file"\n',
    });
  });

  test("a blank line and the end of the input give a statement up without running it", async () => {
    await using rig = await programRig();
    for (const input of [["alter database close", ""], ["alter database close"]])
      expect(await rig.run(sqlplus, asSysdba, { input })).toEqual({ code: 0, output: "" });
    expect(rig.instance.state).toBe("OPEN");
  });

  test("what is no command is told and left out", async () => {
    await using rig = await programRig();
    const input = ["frobnicate now", "set nonsense on", "-- a comment", "prompt done"];
    expect((await rig.run(sqlplus, asSysdba, { input })).output).toBe(
      'SP2-0734: unknown command beginning "frobnicate..." - rest of line ignored.\nSP2-0158: unknown SET option "nonsense"\ndone\n',
    );
  });

  test("RECOVER is ALTER DATABASE RECOVER", async () => {
    await using rig = await programRig();
    const { output } = await rig.run(sqlplus, asSysdba, { input: ["recover database"] });
    expect(output).toContain("ORA-");
    const mounted = ["shutdown immediate", "startup mount", "recover database"];
    expect((await rig.run(sqlplus, asSysdba, { input: mounted })).output).toMatch(
      /Media recovery complete\.|ORA-00264/u,
    );
  });

  test("a block ends with a slash, and feedback says what was done", async () => {
    await using rig = await programRig();
    const input = ["begin", "  null;", "end;", "/", "alter tablespace users begin backup;", "commit;"];
    expect((await rig.run(sqlplus, asSysdba, { input })).output).toBe(
      "\nPL/SQL procedure successfully completed.\n\n\nTablespace altered.\n\n\nCommit complete.\n\n",
    );
  });
});
