import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { EngineSession } from "../../../../simulator/engine/engine.ts";
import { createDatabase } from "../../../../simulator/instance/create-database.ts";
import { createInstance } from "../../../../simulator/instance/instance.ts";
import { createEngine } from "../../../../simulator/sql/engine.ts";
import { guideQueries } from "./guide-statements.ts";
import { errorOf, rows, run, value } from "./rig.ts";

/** A database on disk with its real instance, opened and handed to the test. */
async function withDatabase(
  use: (open: (user: string, service: string) => EngineSession) => Promise<void>,
): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), "umbra-sql-"));
  const instance = createInstance({ home: base, sid: "PROD1" });
  try {
    await createDatabase({
      base,
      name: "PROD1",
      cdb: true,
      pdbs: ["PDB1"],
      now: () => new Date(),
      seed: "sql",
    });
    await instance.startup({ to: "OPEN" });
    const engine = createEngine(instance);
    const login = { program: "test", machine: "m", osUser: "o", terminal: "t" };
    await use((user, service) =>
      engine.openSession({ ...login, user, service, privilege: user === "SYS" ? "SYSDBA" : "NORMAL" }),
    );
    await engine.shutdown("IMMEDIATE");
  } finally {
    if (instance.state !== "IDLE") await instance.shutdown("ABORT");
    rmSync(base, { recursive: true, force: true });
  }
}

test("the real instance answers every query of the agent and takes a tablespace through backup mode", async () => {
  await withDatabase(async (open) => {
    const session = open("SYS", "PROD1");
    for (const sql of guideQueries("19c")) expect([sql, await errorOf(session, sql)]).toEqual([sql, 0]);
    await run(session, 'alter tablespace "USERS" begin backup');
    expect(
      await rows(
        session,
        "select t.name from v$backup b join v$datafile d on d.file# = b.file# join v$tablespace t on t.ts# = d.ts# and t.con_id = d.con_id where b.status = 'ACTIVE'",
      ),
    ).toEqual([["USERS"]]);
    expect(await errorOf(session, "alter tablespace users begin backup")).toBe(1146);
    await run(session, "alter tablespace users end backup");
    await run(session, "alter system archive log current");
    expect(
      await value(session, "select count(*) from v$archived_log where archived = 'YES' and status = 'A'"),
    ).not.toBe("0");
  });
});

test("rows of a table in a PDB are read as they were at an SCN", async () => {
  await withDatabase(async (open) => {
    const app = open("APP", "PDB1");
    await run(
      app,
      "create table t (id number(10) not null, name varchar2(20), at timestamp(6)) tablespace users",
    );
    await run(app, "insert into t select level, 'n' || level, systimestamp from dual connect by level <= 50");
    await run(app, "commit");
    const scn = await value(open("SYS", "PROD1"), "select to_char(current_scn) from v$database");
    await run(app, "update t set name = 'x' where id <= 10");
    await run(app, "delete from t where id > 40");
    await run(app, "commit");
    const sql = "select count(*), sum(case when name = 'x' then 1 else 0 end) from t";
    expect(await rows(app, sql)).toEqual([["40", "10"]]);
    expect(await rows(app, `${sql} as of scn :s`, [scn ?? null])).toEqual([["50", "0"]]);
  });
});
