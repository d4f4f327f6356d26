import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { codesOf, served, type Served } from "./served.ts";

/** The statements of one set of the script, without SQL*Plus commands: those are answered as SQL*Plus does. */
function statementsOf(text: string, set: "NORESETLOGS" | "RESETLOGS"): string[] {
  const [, body = ""] = text.split(new RegExp(`Set #\\d\\. ${set} case`, "u"));
  const [own = ""] = body.split(/--\s+Set #/u);
  const lines = own.split("\n").filter((line) => !line.startsWith("--"));
  return lines
    .join("\n")
    .replace(/^RECOVER (.*)$/mu, "ALTER DATABASE RECOVER $1;")
    .replace(/^STARTUP (.*)$/mu, "STARTUP $1;")
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

/** Complaints that SQL*Plus prints and goes on behind: no recovery needed, the natural end of it, no logs to archive. */
const EXPECTED: readonly number[] = [264, 279, 271];

/** Runs one set as SQL*Plus does; gives the statements that failed in a way that the script does not reckon with. */
async function runScript(rig: Served, statements: readonly string[]): Promise<string[]> {
  const failed: string[] = [];
  const [startup, ...others] = statements;
  expect(startup).toBe("STARTUP NOMOUNT");
  await rig.instance.startup({ to: "NOMOUNT" });
  const sys = { service: "ADMIN", user: "sys", password: "oracle", privilege: rig.driver.SYSDBA };
  const session = await rig.connect(sys);
  for (const statement of others) {
    const [code = 0] = await codesOf(session.execute(statement));
    const tolerated = /^ALTER (DATABASE RECOVER|SYSTEM ARCHIVE)/u.test(statement) && EXPECTED.includes(code);
    if (code !== 0 && !tolerated) failed.push(`${statement}: ORA-${code}`);
  }
  await session.close();
  return failed;
}

async function withRows(rig: Served, service = "ORCL"): Promise<void> {
  const app = await rig.connect({ service });
  await app.execute("create table kept (id number)");
  await app.executeMany("insert into kept values (:1)", [[1], [2], [3]], { autoCommit: true });
  await app.close();
}

async function rowsOf(rig: Served, service = "ORCL"): Promise<unknown> {
  const app = await rig.connect({ service });
  const { rows } = await app.execute("select id from kept order by id");
  await app.close();
  return rows;
}

const temps = "select name, bytes, con_id from v$tempfile order by name";

describe.each([false, true])("with containers: %s", (cdb) => {
  const options = { database: { cdb, pdbs: cdb ? ["PDB1"] : [], totalBytes: cdb ? 12_000_000 : 3_000_000 } };
  const service = cdb ? "PDB1" : "ORCL";

  test.each(["NORESETLOGS", "RESETLOGS"] as const)(
    "the %s set makes the control file anew, temp files with it",
    async (set) => {
      await using rig = await served(options);
      const { dba, base } = rig;
      await withRows(rig, service);
      await dba.run(`alter database backup controlfile to trace as '${base}/trace.sql'`);
      const before = await dba.rows(temps);
      const files = await dba.rows("select name from v$controlfile");
      await rig.stop(set === "NORESETLOGS" ? "ABORT" : "IMMEDIATE");
      for (const [name] of files) rmSync(String(name));
      const script = statementsOf(readFileSync(join(base, "trace.sql"), "utf8"), set);
      if (set === "RESETLOGS")
        script.splice(2, 1, "ALTER DATABASE RECOVER DATABASE UNTIL CANCEL USING BACKUP CONTROLFILE");
      expect(await runScript(rig, script)).toEqual([]);
      expect(await dba.rows(temps)).toEqual(before);
      expect(await rowsOf(rig, service)).toEqual([[1], [2], [3]]);
      expect(await dba.rows("select open_mode, log_mode from v$database")).toEqual([
        ["READ WRITE", "ARCHIVELOG"],
      ]);
      const incarnations = await dba.value("select count(*) from v$database_incarnation");
      expect(incarnations).toBe(set === "NORESETLOGS" ? 1 : 2);
    },
  );

  test("the script has both sets, or the one that is asked for", async () => {
    await using rig = await served(options);
    const { dba, base } = rig;
    const write = (name: string, more: string) =>
      dba.codes(`alter database backup controlfile to trace as '${base}/${name}' ${more}`);
    const read = (name: string) => readFileSync(join(base, name), "utf8");
    expect(await write("both.sql", "")).toEqual([]);
    expect(await write("both.sql", "")).toEqual([1580, 27_038]);
    expect(await write("both.sql", "reuse")).toEqual([]);
    expect(await write("re.sql", "resetlogs")).toEqual([]);
    expect(await write("no.sql", "noresetlogs")).toEqual([]);
    expect(read("both.sql").match(/CREATE CONTROLFILE/gu)).toHaveLength(2);
    expect(read("both.sql").match(/ADD TEMPFILE/gu)).toHaveLength(cdb ? 6 : 2);
    expect(read("re.sql")).toMatch(/" RESETLOGS/u);
    expect(read("re.sql")).not.toContain("NORESETLOGS ");
    expect(read("no.sql")).toMatch(/" NORESETLOGS/u);
  });
});

test("CREATE CONTROLFILE is refused where it does not fit", async () => {
  await using rig = await served();
  const { dba, base } = rig;
  await dba.run(`alter database backup controlfile to trace as '${base}/trace.sql'`);
  const script = statementsOf(readFileSync(join(base, "trace.sql"), "utf8"), "NORESETLOGS");
  const create = script.find((statement) => statement.startsWith("CREATE")) ?? "";
  expect(await dba.codes(create)).toEqual([1503, 1100]);
  await rig.stop("IMMEDIATE");
  await rig.instance.startup({ to: "NOMOUNT" });
  expect((await dba.codes(create.replace(" REUSE", "")))[0]).toBe(1503);
  expect(await dba.codes(create.replace('"ORCL"', '"OTHER"'))).toEqual([1503, 1161, 1110]);
  expect((await dba.codes(create.replace("users01", "nobody01")))[0]).toBe(1503);
  expect(await dba.codes("create controlfile nonsense")).toEqual([1967]);
  expect(await dba.codes(create)).toEqual([]);
  await dba.run("alter database open");
});
