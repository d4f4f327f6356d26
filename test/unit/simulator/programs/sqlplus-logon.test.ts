import { describe, expect, test } from "vitest";

import { sqlplus } from "../../../../simulator/programs/sqlplus/sqlplus.ts";
import { programRig } from "./program-rig.ts";

describe("the simulated sqlplus logs in", () => {
  test("SYSBACKUP is by its own group of the operating system", async () => {
    await using rig = await programRig({ groups: ["backupdba"] });
    const input = ["set heading off feedback off pagesize 0", "select user from dual;"];
    const backup = await rig.run(sqlplus, ["-s", "-l", "/", "as", "sysbackup"], { input });
    expect(backup).toEqual({ code: 0, output: "SYSBACKUP\n" });
    expect(await rig.run(sqlplus, ["-S", "-L", "/ as sysdba"], { input })).toEqual({
      code: 1,
      output:
        "ERROR:\nORA-01017: invalid username/password; logon denied\n\n\nSP2-0751: Unable to connect to Oracle.  Exiting SQL*Plus\n",
    });
  });

  test("without -S it greets, prompts, and says that an instance is idle", async () => {
    await using rig = await programRig();
    await rig.host.engine.shutdown("IMMEDIATE");
    const { output } = await rig.run(sqlplus, ["/ as sysdba"], { input: ["exit"] });
    expect(output).toContain("SQL*Plus: Release");
    expect(output).toContain("Connected to an idle instance.\n\nSQL> ");
    expect(output.endsWith("Disconnected\n")).toBe(true);
  });

  test("the ORACLE_HOME and the SID have to be in the environment", async () => {
    await using rig = await programRig();
    const { ORACLE_HOME: _, ...noHome } = { ORACLE_HOME: "", ORACLE_SID: "ORCL" };
    const process = { argv: ["/ as sysdba"], alive: true, input: nothing() };
    let output = "";
    const say = (text: string) => void (output += text);
    expect(await sqlplus(rig.host, { ...process, env: noHome, say })).toBe(1);
    expect(output).toContain("SP2-0750: You may need to set ORACLE_HOME");
    output = "";
    const env = { ORACLE_HOME: rig.host.oracleHome };
    expect(await sqlplus(rig.host, { ...process, argv: ["-S", "/ as sysdba"], env, say })).toBe(1);
    expect(output).toContain("ORA-12162");
  });

  test("/nolog does nothing before CONNECT, and a password leads nowhere", async () => {
    await using rig = await programRig();
    const input = ["startup", "select 1 from dual;", "connect sys/oracle as sysdba", "connect / as sysoper"];
    const { output } = await rig.run(sqlplus, ["-S", "/nolog"], { input });
    expect(output).toBe(
      "SP2-0640: Not connected\nSP2-0640: Not connected\nERROR:\nORA-01017: invalid username/password; logon denied\n\n\nConnected.\n",
    );
  });

  test("-V tells the version and needs no database", async () => {
    await using rig = await programRig();
    const { code, output } = await rig.run(sqlplus, ["-V"]);
    expect(code).toBe(0);
    expect(output).toContain("Version 19.");
  });
});

function nothing(): AsyncIterator<string, undefined> {
  return { next: () => Promise.resolve({ done: true, value: undefined }) };
}
