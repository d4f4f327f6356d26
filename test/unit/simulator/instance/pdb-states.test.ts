import { describe, expect, test } from "vitest";

import { engineRig, execute, sessionOf } from "./engine-rig.ts";

const cdb = { cdb: true, pdbs: ["PDB1", "PDB2", "PDB3"], totalBytes: 14_000_000 };
const MODES = "select name, open_mode, restricted from v$pdbs where con_id > 2 order by con_id";
const SAVED = "select con_name, state, restricted from dba_pdb_saved_states order by con_id";
const RUNNING =
  "select name, con_id from v$active_services where name not like 'SYS$%' order by con_id, name";

describe("states of pluggable databases", () => {
  test("each opens as it was saved: mode, restriction and services; the others stay closed", async () => {
    await using rig = await engineRig(cdb);
    expect(await rig.sql(SAVED)).toHaveLength(3);
    await rig.sql("alter pluggable database pdb1 close immediate");
    await rig.sql("alter pluggable database pdb1 open read only restricted");
    await rig.sql(
      "begin dbms_service.create_service('sales', 'sales.net'); dbms_service.start_service('sales'); end;",
      "PDB2",
    );
    await rig.sql("alter pluggable database pdb1, pdb2 save state");
    await rig.sql("alter pluggable database pdb3 discard state");
    expect(await rig.sql(SAVED)).toEqual([
      ["PDB1", "OPEN READ ONLY", "YES"],
      ["PDB2", "OPEN", "NO"],
    ]);
    expect(await rig.sql(MODES)).toContainEqual(["PDB3", "READ WRITE", "NO"]);
    await rig.engine.shutdown("IMMEDIATE");
    await rig.instance.startup({ to: "OPEN" });
    expect(await rig.sql(MODES)).toEqual([
      ["PDB1", "READ ONLY", "YES"],
      ["PDB2", "READ WRITE", "NO"],
      ["PDB3", "MOUNTED", "-"],
    ]);
    expect(await rig.sql(RUNNING)).toEqual([
      ["ORCL", "1"],
      ["pdb1", "3"],
      ["pdb2", "4"],
      ["sales", "4"],
    ]);
  });

  test("a restricted PDB keeps ordinary users out until it is opened for all", async () => {
    await using rig = await engineRig(cdb);
    await rig.sql("alter pluggable database pdb1 open restricted force");
    expect(await rig.sql(MODES)).toContainEqual(["PDB1", "READ WRITE", "YES"]);
    expect(() => sessionOf(rig.engine, "APP", "PDB1")).toThrow("ORA-01035");
    await rig.sql("alter system disable restricted session", "PDB1");
    await sessionOf(rig.engine, "APP", "PDB1").close();
  });

  test("CLOSE IMMEDIATE ends the sessions inside, and a later open has a later time", async () => {
    await using rig = await engineRig(cdb);
    const app = sessionOf(rig.engine, "APP", "PDB1");
    await rig.sql("alter pluggable database pdb1 close immediate");
    await expect(execute(app, "select 1 from dual")).rejects.toThrow("ORA-03113");
    expect(rig.engine.service("PDB1")).toBe("unknown");
    await rig.sql("alter pluggable database all open");
    const [[late] = []] = await rig.sql(
      "select count(*) from v$pdbs where name = 'PDB1' and open_time >= (select open_time from v$pdbs where name = 'PDB2')",
    );
    expect(late).toBe("1");
  });

  test("a CDB that is opened read only opens its saved PDBs read only", async () => {
    await using rig = await engineRig(cdb);
    await rig.engine.shutdown("IMMEDIATE");
    await rig.instance.startup({ to: "MOUNT" });
    await rig.instance.open("READ ONLY");
    expect((await rig.sql(MODES)).map(([, mode]) => mode)).toEqual(["READ ONLY", "READ ONLY", "READ ONLY"]);
  });
});

describe("services", () => {
  test("one that was made is known to the dictionary, to the listener only while it runs, and gone after a restart", async () => {
    await using rig = await engineRig();
    await rig.sql(
      "begin sys.dbms_service.create_service(service_name => 'report', network_name => 'report'); end;",
    );
    expect(rig.engine.service("REPORT")).toBe("unknown");
    await rig.sql("begin dbms_service.start_service('report'); end;");
    expect(rig.engine.service("REPORT")).toBe("ready");
    await expect(rig.sql("begin dbms_service.start_service('report'); end;")).rejects.toThrow("ORA-44305");
    await expect(rig.sql("begin dbms_service.start_service('other'); end;")).rejects.toThrow("ORA-44304");
    await rig.engine.shutdown("IMMEDIATE");
    await rig.instance.startup({ to: "OPEN" });
    expect(await rig.sql("select name from dba_services where name = 'report'")).toEqual([["report"]]);
    expect(await rig.sql(RUNNING)).toEqual([["ORCL", "0"]]);
    await rig.sql("begin dbms_service.start_service('report'); dbms_service.stop_service('report'); end;");
    await rig.sql("begin dbms_service.delete_service('report'); end;");
    expect(await rig.sql("select count(*) from v$services where name = 'report'")).toEqual([["0"]]);
  });
});
