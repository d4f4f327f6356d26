import { describe, expect, test } from "vitest";

import { sqlplus } from "../../../../simulator/programs/sqlplus/sqlplus.ts";
import { programRig } from "./program-rig.ts";

const asSysdba = ["-S", "-L", "/ as sysdba"];
const SGA = `ORACLE instance started.

Total System Global Area 1484783616 bytes
Fixed Size                  9437184 bytes
Variable Size             419430400 bytes
Database Buffers         1048576000 bytes
Redo Buffers                7340032 bytes
`;

describe("the simulated sqlplus starts and stops the instance", () => {
  test("STARTUP says each state that it reaches", async () => {
    await using rig = await programRig();
    await rig.host.engine.shutdown("IMMEDIATE");
    const nomount = await rig.run(sqlplus, asSysdba, { input: ["startup nomount"] });
    expect(nomount).toEqual({ code: 0, output: SGA });
    await rig.host.engine.shutdown("IMMEDIATE");
    const open = await rig.run(sqlplus, asSysdba, { input: ["STARTUP RESTRICT;"] });
    expect(open.output).toBe(`${SGA}Database mounted.\nDatabase opened.\n`);
    expect(rig.instance.restricted).toBe(true);
  });

  test("SHUTDOWN says what it undoes, and what there was not to undo", async () => {
    await using rig = await programRig();
    const open = await rig.run(sqlplus, asSysdba, { input: ["shutdown immediate"] });
    expect(open.output).toBe("Database closed.\nDatabase dismounted.\nORACLE instance shut down.\n");
    const mounted = await rig.run(sqlplus, asSysdba, { input: ["startup mount", "shutdown immediate"] });
    expect(mounted.output.slice(SGA.length)).toBe(
      "Database mounted.\nORA-01109: database not open\n\n\nDatabase dismounted.\nORACLE instance shut down.\n",
    );
    const started = await rig.run(sqlplus, asSysdba, { input: ["startup nomount", "shut normal"] });
    expect(started.output.slice(SGA.length)).toBe(
      "ORA-01507: database not mounted\n\n\nORACLE instance shut down.\n",
    );
    const idle = await rig.run(sqlplus, asSysdba, { input: ["shutdown"] });
    expect(idle.output).toContain("ORA-01034: ORACLE not available\nORA-27101: shared memory realm");
  });

  test("what cannot be done is ORA-01081 and ORA-01149, and nothing changes", async () => {
    await using rig = await programRig();
    const again = await rig.run(sqlplus, asSysdba, { input: ["startup"] });
    expect(again.output).toBe("ORA-01081: cannot start already-running ORACLE - shut it down first\n");
    await rig.instance.beginBackup({ level: "database" });
    const refused = await rig.run(sqlplus, asSysdba, { input: ["shutdown immediate"] });
    expect(refused.output).toMatch(/^ORA-01149: cannot shutdown - file \d+ has online backup set\n/u);
    expect(rig.instance.state).toBe("OPEN");
  });

  test("WHENEVER SQLERROR counts an error of STARTUP only where the host says so", async () => {
    const input = ["whenever sqlerror exit sql.sqlcode", "startup", "prompt went on"];
    await using rig = await programRig();
    expect(await rig.run(sqlplus, asSysdba, { input })).toMatchObject({ code: 0 });
    await using other = await programRig({ covers: true });
    const ended = await other.run(sqlplus, asSysdba, { input });
    expect(ended.code).toBe(1081 % 256);
    expect(ended.output).not.toContain("went on");
  });

  test("STARTUP FORCE aborts first, and a mistake in STARTUP does nothing", async () => {
    await using rig = await programRig();
    const { startedAt } = rig.instance;
    expect((await rig.run(sqlplus, asSysdba, { input: ["startup sideways"] })).output).toContain("SP2-0714");
    expect(rig.instance.startedAt).toBe(startedAt);
    await rig.run(sqlplus, asSysdba, { input: ["startup force mount"] });
    expect(rig.instance.state).toBe("MOUNT");
  });

  test("an abort ends a shutdown that hangs, which then has nothing left to do", async () => {
    const rollback = Promise.withResolvers<void>();
    await using rig = await programRig({
      hold: (step) => (step === "shutdown" ? rollback.promise : Promise.resolve()),
    });
    const hanging = rig.run(sqlplus, asSysdba, { input: ["shutdown immediate"] });
    await expect.poll(() => rig.host.operations.refusal?.code).toBe(1089);
    const asked = await rig.run(sqlplus, asSysdba, { input: ["select 1 from dual;", "shutdown immediate"] });
    expect(asked.output).toContain("ORA-01089: immediate shutdown or close in progress");
    expect(asked.output).toContain("ORA-10997: another startup/shutdown operation");
    await rig.run(sqlplus, asSysdba, { input: ["shutdown abort", "startup"] });
    rollback.resolve();
    expect((await hanging).output).toContain("ORA-01034");
    expect(rig.instance.state).toBe("OPEN");
  });

  test("another SID or ORACLE_HOME, also by one slash, is another instance, which is idle", async () => {
    await using rig = await programRig();
    const input = ["select 1 from dual;", "startup"];
    for (const env of [{ ORACLE_SID: "OTHER" }, { ORACLE_HOME: `${rig.host.oracleHome}/` }]) {
      const { output } = await rig.run(sqlplus, asSysdba, { input, env });
      expect(output).toContain("ORA-01034: ORACLE not available\nProcess ID: 0\n");
      expect(output).toContain("ORA-01078: failure in processing system parameters");
    }
    expect(rig.instance.state).toBe("OPEN");
  });

  test("messages are in the language of NLS_LANG", async () => {
    await using rig = await programRig();
    const env = { NLS_LANG: "GERMAN_GERMANY.AL32UTF8" };
    const { output } = await rig.run(sqlplus, asSysdba, { input: ["shutdown immediate"], env });
    expect(output).toContain("ORACLE-Instanz heruntergefahren.");
  });
});
