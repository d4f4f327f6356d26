import { readFileSync, readdirSync, statSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { guideQueries, guideQueriesWithBinds } from "../../unit/simulator/sql/guide-statements.ts";
import { served, type Served } from "./served.ts";

type Release = "12.2" | "19c" | "23ai";

/** The agent's own statements, with the binds that their headers name. Those that change nothing. */
const agentStatements = readdirSync("sql")
  .filter((name) => name.endsWith(".sql") && name !== "switch-logfile.sql")
  .map((name) => {
    const text = readFileSync(`sql/${name}`, "utf8");
    const sql = text
      .replaceAll(/^--.*$/gmu, "")
      .trim()
      .replace(/;$/u, "");
    return [name, sql] as const;
  });
const bindsOf = (sql: string) =>
  Object.fromEntries(
    [...sql.replaceAll(/'[^']*'/gu, "").matchAll(/:([a-z_]\w*)/giu)].map(([, name = ""]) => [name, "1"]),
  );

const databases = (["12.2", "19c", "23ai"] as const).flatMap((release) =>
  [false, true].map((cdb): [Release, boolean] => [release, cdb]),
);

describe.each(databases)("on %s, with containers: %s", (profile, cdb) => {
  let rig: Served;
  const places: readonly (string | undefined)[] = cdb ? [undefined, "PDB1"] : [undefined];
  beforeAll(async () => {
    rig = await served({
      database: { profile, cdb, pdbs: cdb ? ["PDB1"] : [], totalBytes: cdb ? 12_000_000 : 3_000_000 },
    });
    await rig.dba.run("alter system archive log current");
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test("every query of the agent's guide is answered, in the root and in a PDB", async () => {
    const failed: string[] = [];
    for (const place of places)
      for (const sql of guideQueries(profile))
        await rig.dba
          .rows(sql, place)
          .catch((error: unknown) => failed.push(`${place}: ${sql}: ${String(error)}`));
    expect(failed).toEqual([]);
  });

  test("every query with binds gives rows", async () => {
    const rl = await rig.dba.value("select to_char(resetlogs_change#) from v$database");
    for (const place of places)
      for (const [sql, values] of guideQueriesWithBinds) {
        const binds = "RL" in values ? { ...values, RL: String(rl) } : values;
        expect((await rig.dba.rows(sql, place, binds)).length).toBeGreaterThan(0);
      }
  });

  test("every statement of the project's sql folder is answered", async () => {
    const failed: string[] = [];
    for (const place of places)
      for (const [name, sql] of agentStatements)
        await rig.dba
          .rows(sql, place, bindsOf(sql))
          .catch((error: unknown) => failed.push(`${name} in ${place}: ${String(error)}`));
    expect(agentStatements.length).toBeGreaterThan(20);
    // Each release says which of them are for later ones.
    expect(failed).toEqual([]);
  });

  test("views show what is true of this database", async () => {
    const { dba } = rig;
    const [row] = await dba.rows(
      "select name, log_mode, open_mode, cdb, database_role, controlfile_type from v$database",
    );
    expect(row).toEqual(["ORCL", "ARCHIVELOG", "READ WRITE", cdb ? "YES" : "NO", "PRIMARY", "CURRENT"]);
    const files = await dba.rows(
      "select d.name, d.bytes, d.blocks * d.block_size, d.status, d.enabled, t.bigfile from v$datafile d join v$tablespace t on t.ts# = d.ts# and t.con_id = d.con_id",
    );
    for (const [name, bytes, product] of files) {
      expect(product).toBe(bytes);
      expect(statSync(String(name)).size).toBe(Number(bytes) + 8192);
    }
    expect(files).toHaveLength(cdb ? 11 : 4);
    expect(await dba.codes("select * from v$nonsense")).toEqual([942]);
    expect(await dba.codes("select nonsense from v$database")).toEqual([904]);
  });
});

test("a PDB sees itself, the root sees them all", async () => {
  await using rig = await served({ database: { cdb: true, pdbs: ["PDB1"], totalBytes: 12_000_000 } });
  const { dba } = rig;
  expect(await dba.rows("select con_id, name, open_mode from v$pdbs order by 1")).toEqual([
    [2, "PDB$SEED", "READ ONLY"],
    [3, "PDB1", "READ WRITE"],
  ]);
  expect(await dba.rows("select distinct con_id from v$datafile", "PDB1")).toEqual([[3]]);
  expect(await dba.rows("select name from v$pdbs", "PDB1")).toEqual([["PDB1"]]);
});

test("before MOUNT and before OPEN each view says so, or answers", async () => {
  await using rig = await served();
  const { dba } = rig;
  await rig.stop("IMMEDIATE");
  await rig.instance.startup({ to: "NOMOUNT" });
  expect(await dba.rows("select status from v$instance")).toEqual([["STARTED"]]);
  expect(await dba.codes("select * from v$database")).toEqual([1507]);
  expect(await dba.codes("select * from v$datafile")).toEqual([1507]);
  await dba.run("alter database mount");
  expect(await dba.rows("select status from v$instance")).toEqual([["MOUNTED"]]);
  expect(await dba.rows("select open_mode from v$database")).toEqual([["MOUNTED"]]);
  expect(await dba.value("select count(*) from v$datafile")).toBe(4);
  expect(await dba.codes("select * from dba_tablespaces")).toEqual([1219]);
  expect(await dba.codes("select * from app.anything")).toEqual([1219]);
});
