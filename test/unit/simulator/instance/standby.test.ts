import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { EngineSession } from "../../../../simulator/engine/engine.ts";
import { createStandbyPair, type StandbyPairOptions } from "../../../../simulator/instance/create-standby.ts";
import { instanceFaults } from "../../../../simulator/instance/instance-faults.ts";
import type { OpenInstance } from "../../../../simulator/instance/open-instance.ts";
import { createEngine } from "../../../../simulator/sql/engine.ts";
import { execute, sessionOf } from "./engine-rig.ts";
import { disposableFolder } from "./rig.ts";

const START = "alter database recover managed standby database disconnect from session";
const CANCEL = "alter database recover managed standby database cancel";
const MODE = "select database_role, open_mode, controlfile_type from v$database";
const MRP = "select process, status from v$managed_standby where process like 'MRP%'";

interface Side {
  readonly instance: OpenInstance;
  sql(text: string): Promise<string[][]>;
}

function sideOf(instance: OpenInstance): Side {
  const engine = createEngine(instance, { staticServices: ["ADMIN"] });
  return {
    instance,
    sql: async (text) => {
      const session: EngineSession = sessionOf(engine, "SYS", "ADMIN");
      try {
        return await execute(session, text);
      } finally {
        await session.close();
      }
    },
  };
}

/** An open primary with a table, and its standby in MOUNT. */
async function pair(options: Partial<StandbyPairOptions> = {}) {
  const folder = disposableFolder();
  const faults = instanceFaults();
  const { primary, standby } = await createStandbyPair({
    base: join(folder.path, "prod"),
    standbyBase: join(folder.path, "stby"),
    name: "ORCL",
    totalBytes: 3_000_000,
    logBytes: 262_144,
    now: () => new Date(),
    idle: () => new Promise((resolve) => setImmediate(resolve)),
    standbyFaults: faults,
    ...options,
  });
  await primary.startup({ to: "OPEN" });
  await standby.startup({ to: "MOUNT" });
  const first = sideOf(primary);
  await first.sql("create table sys.t (id number)");
  return {
    primary: first,
    standby: sideOf(standby),
    faults,
    [Symbol.asyncDispose]: async () => {
      faults.lift();
      for (const instance of [primary, standby])
        if (instance.state !== "IDLE") await instance.shutdown("ABORT");
      folder[Symbol.dispose]();
    },
  };
}

describe("a physical standby", () => {
  test("applies what its primary archives, and is read when it is opened", async () => {
    await using rig = await pair();
    expect(await rig.standby.sql(MODE)).toEqual([["PHYSICAL STANDBY", "MOUNTED", "STANDBY"]]);
    expect(await rig.standby.sql(MRP)).toEqual([]);
    await rig.standby.sql(START);
    expect((await rig.standby.sql(MRP))[0]?.[0]).toBe("MRP0");
    await rig.primary.sql("insert into sys.t values (7)");
    await rig.primary.sql("begin insert into sys.t values (8); commit; end;");
    await rig.primary.sql("alter system archive log current");
    const target = rig.primary.instance.controlFile?.archivedLogs.at(-1)?.nextScn ?? 0n;
    const reached = () => rig.standby.instance.controlFile?.checkpointScn ?? 0n;
    await expect.poll(reached).toBeGreaterThanOrEqual(target);
    await rig.standby.sql(CANCEL);
    await rig.standby.sql("alter database open");
    expect(await rig.standby.sql(MODE)).toEqual([["PHYSICAL STANDBY", "READ ONLY", "STANDBY"]]);
    expect(await rig.standby.sql("select id from sys.t")).toEqual([["8"]]);
    await rig.standby.sql(START);
    expect(await rig.standby.sql("select open_mode from v$database")).toEqual([["READ ONLY WITH APPLY"]]);
  });

  test("goes down with its apply, and comes up without it", async () => {
    await using rig = await pair();
    await rig.standby.sql(
      "alter database recover managed standby database using archived logfile disconnect",
    );
    expect(
      await rig.standby.sql("select recovery_mode from v$archive_dest_status where dest_id = 1"),
    ).toEqual([["MANAGED"]]);
    await rig.primary.sql("alter system archive log current");
    await expect.poll(() => rig.standby.instance.standbyApply?.sequence).toBeGreaterThan(1);
    await rig.standby.instance.shutdown("IMMEDIATE");
    await rig.standby.instance.startup({ to: "MOUNT" });
    expect(await rig.standby.sql(MRP)).toEqual([]);
    expect(
      await rig.standby.sql(
        "select distinct h.fuzzy, count(distinct h.checkpoint_change#) from v$datafile_header h group by h.fuzzy",
      ),
    ).toEqual([["NO", "1"]]);
    expect(
      await rig.standby.sql("select name, action from v$dataguard_process where name like 'MRP%'"),
    ).toEqual([]);
    await rig.standby.sql(START);
    expect(
      await rig.standby.sql("select recovery_mode from v$archive_dest_status where dest_id = 1"),
    ).toEqual([["MANAGED REAL TIME APPLY"]]);
    expect(await rig.standby.sql("select value from v$dataguard_stats where name = 'apply lag'")).toEqual([
      ["+00 00:00:00"],
    ]);
    rig.standby.instance.extraLagSeconds = 3725;
    expect(await rig.standby.sql("select value from v$dataguard_stats where name = 'apply lag'")).toEqual([
      ["+00 01:02:05"],
    ]);
  });

  test("refuses what does not fit its state", async () => {
    await using rig = await pair();
    await expect(rig.standby.sql(CANCEL)).rejects.toThrow("ORA-16136");
    await expect(rig.primary.sql(START)).rejects.toThrow("ORA-01665");
    await rig.standby.sql(START);
    await expect(rig.standby.sql(START)).rejects.toThrow("ORA-01153");
    await expect(rig.standby.sql("alter database open read only")).rejects.toThrow("ORA-10456");
    await rig.standby.sql(CANCEL);
    await expect(rig.standby.sql("alter database open resetlogs")).rejects.toThrow("ORA-01666");
  });

  test("an apply that fails ends MRP0; one that hangs does not progress", async () => {
    await using rig = await pair();
    rig.faults.plant({ kind: "fail", at: "apply", code: 313, times: 1 });
    await rig.standby.sql(START);
    await expect.poll(() => rig.standby.instance.standbyApply).toBeUndefined();
    rig.faults.plant({ kind: "hang", at: "apply" });
    await rig.standby.sql(START);
    await expect.poll(() => rig.faults.hanging).toEqual(["apply"]);
    const before = rig.standby.instance.controlFile?.checkpointScn;
    await rig.primary.sql("alter system archive log current");
    expect(rig.standby.instance.controlFile?.checkpointScn).toBe(before);
  });

  test("with logs of its own knows and applies what was shipped to it, also what came while it was down", async () => {
    await using rig = await pair({ ownLogs: true });
    const known =
      "select sequence#, name, applied, standby_dest from v$archived_log where dest_id = 1 order by sequence#";
    await rig.primary.sql("alter system archive log current");
    await rig.standby.instance.shutdown("IMMEDIATE");
    await rig.primary.sql("alter system archive log current");
    await rig.standby.instance.startup({ to: "MOUNT" });
    await rig.primary.sql("alter system archive log current");
    const there = await rig.primary.sql(known);
    const rows = (await rig.standby.sql(known)).slice(0, there.length);
    expect(rows.map(([sequence]) => sequence)).toEqual(there.map(([sequence]) => sequence));
    expect(there.length).toBeGreaterThanOrEqual(3);
    for (const [index, [, name = ""]] of rows.entries()) {
      expect(name).toContain("/stby/arch/");
      expect(readFileSync(name)).toEqual(readFileSync(there[index]?.[1] ?? ""));
    }
    await rig.standby.sql(START);
    const target = rig.primary.instance.controlFile?.archivedLogs.at(-1)?.nextScn ?? 0n;
    await expect
      .poll(() => rig.standby.instance.controlFile?.checkpointScn ?? 0n)
      .toBeGreaterThanOrEqual(target);
    await rig.standby.instance.shutdown("IMMEDIATE");
    await rig.standby.instance.startup({ to: "MOUNT" });
    expect((await rig.standby.sql(known)).slice(0, there.length)).toEqual(rows);
  });

  test("with containers opens its PDBs read only", async () => {
    await using rig = await pair({ cdb: true, pdbs: ["PDB1"], totalBytes: 8_000_000 });
    await rig.standby.sql(START);
    await rig.primary.sql("alter system archive log current");
    await expect.poll(() => rig.standby.instance.standbyApply?.sequence).toBeGreaterThan(1);
    await rig.standby.sql(CANCEL);
    await rig.standby.sql("alter database open");
    expect(await rig.standby.sql("select name, open_mode from v$pdbs order by con_id")).toEqual([
      ["PDB$SEED", "READ ONLY"],
      ["PDB1", "READ ONLY"],
    ]);
  });
});
