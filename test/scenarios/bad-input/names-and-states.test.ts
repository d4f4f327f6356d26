import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { OpenInstance } from "../../../simulator/instance/open-instance.ts";
import type { CatalogEntry } from "../../../src/domain/journal.ts";
import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";
import { manifestOf, restoredDatabase } from "../../rigs/restored-database.ts";

const COLUMNS = [
  { name: "ID", type: "NUMBER", nullable: false },
  { name: "WORD", type: "VARCHAR2(100)", nullable: true },
] as const;

/** What makes trouble in quoting, in shells, in terminals and in file names that are made of them. */
const FILES: Readonly<Record<string, string>> = {
  "my ts": "with spaces and 'single quotes'.dbf",
  sélect: "naïve Ünïcode 数据 🗄.dbf",
  "new\nline": "first line\nsecond line.dbf",
  "semi;colon--": 'dollar$(HOME) `tick` "double".dbf',
  "back\\slash": "back\\slash %s *?.dbf",
  "per%cent": "-rf .dbf",
};

async function addTablespaces(user: DatabaseUser): Promise<void> {
  for (const [name, file] of Object.entries(FILES)) {
    const path = join(user.directory, "prod", file).replaceAll("'", "''");
    await user.asDba(`create tablespace "${name}" datafile '${path}' size 262144`);
  }
}

async function addRows(instance: OpenInstance): Promise<void> {
  for (const [index, tablespace] of Object.keys(FILES).entries()) {
    const table = await instance.createTable(0, {
      owner: "APP",
      name: `T${index}`,
      tablespace,
      columns: COLUMNS,
    });
    const transaction = instance.begin(0);
    for (let id = 1; id <= 20; id += 1)
      await transaction.insert(table.objectId, [String(id), `${tablespace} ${id}`]);
    await transaction.commit();
  }
}

function rowsOf(instance: OpenInstance): Record<string, unknown> {
  const tables = instance.tables(0).filter(({ owner }) => owner === "APP");
  return Object.fromEntries(
    tables.map(({ name, objectId }) => [
      name,
      [...instance.readRows(0, objectId)].map(({ values }) => values),
    ]),
  );
}

async function backedUp(user: DatabaseUser, ...options: readonly string[]) {
  const { backup } = await user.object<{ backup: CatalogEntry }>("backup", "hot", "PROD1", ...options);
  expect(await user.succeed("verify", backup.id)).toContain(`${backup.id} is good`);
  return { id: backup.id, directory: backup.directory, manifest: manifestOf(backup.directory) };
}

describe("tablespace names that need quoting, and datafile paths with quotes, newlines and other letters", () => {
  test("are backed up, verified, restored and recovered row by row", async () => {
    await using user = await databaseUser();
    const { instance } = user.program;
    await addTablespaces(user);
    await addRows(instance);
    const backup = await backedUp(user);
    const sources = backup.manifest.datafiles.map(({ source }) => source);
    expect(sources).toEqual(instance.controlFile?.datafiles.map(({ path }) => path));
    // Names in the backup are safe whatever the source is called.
    expect(backup.manifest.datafiles.filter(({ name }) => !/^data\/[\w.-]+$/.test(name))).toEqual([]);
    const scn = BigInt(backup.manifest.scns.recoverableTo);
    await using restored = await restoredDatabase(backup, join(user.directory, "restored"), scn);
    const rows = rowsOf(instance);
    expect(Object.keys(rows)).toHaveLength(Object.keys(FILES).length);
    expect(rowsOf(restored.instance)).toEqual(rows);
  });

  test("are named in --tablespaces as they are", async () => {
    await using user = await databaseUser();
    await addTablespaces(user);
    const names = Object.keys(FILES);
    const { manifest } = await backedUp(user, "--tablespaces", names.join(","));
    expect(manifest.datafiles.map(({ tablespace }) => tablespace)).toEqual(names);
  });

  test("do not draw on the terminal: one line stays one line", async () => {
    await using user = await databaseUser();
    await addTablespaces(user);
    const plan = await user.succeed("backup", "hot", "PROD1", "--plan");
    expect(plan).toContain("first line\\nsecond line.dbf → ");
    expect(plan).toContain('alter tablespace "new\\nline" begin backup');
    const inventory = await user.succeed("inventory", "PROD1");
    expect(
      inventory.split("\n").filter((line) => line.endsWith("first line\\nsecond line.dbf")),
    ).toHaveLength(1);
  });
});

describe("tablespaces that are not open for writing", () => {
  const withStates = async (user: DatabaseUser) => {
    for (const name of ["CALM", "TORN", "OLD"]) {
      await user.asDba(`create tablespace ${name} datafile '${user.directory}/prod/${name}.dbf' size 262144`);
    }
    await user.asDba("alter tablespace CALM offline normal");
    await user.asDba("alter tablespace TORN offline immediate");
    await user.asDba("alter tablespace OLD read only");
  };

  test("are copied without BEGIN BACKUP; one that needs recovery is told about (rules 31, 33)", async () => {
    await using user = await databaseUser();
    await withStates(user);
    const before = user.program.instance.controlFile?.datafiles.map(({ status, enabled }) => [
      status,
      enabled,
    ]);
    const plan = await user.succeed("backup", "hot", "PROD1", "--plan");
    expect(plan).not.toMatch(/alter tablespace "(CALM|TORN|OLD)"/);
    expect(plan).toMatch(
      /^warning \(rule 33\): datafile \d+ of \S+TORN went offline without a checkpoint: /m,
    );
    const { manifest } = await backedUp(user);
    const found = manifest.datafiles
      .slice(-3)
      .map(({ tablespace, mode, needsRecovery }) => [tablespace, mode, needsRecovery]);
    expect(found).toEqual([
      ["CALM", "consistent", false],
      ["TORN", "consistent", true],
      ["OLD", "consistent", false],
    ]);
    expect(
      user.program.instance.controlFile?.datafiles.map(({ status, enabled }) => [status, enabled]),
    ).toEqual(before);
  });

  test("are ready for a backup, as check says with a warning", async () => {
    await using user = await databaseUser();
    await withStates(user);
    const { status, stdout } = await user.umbra("check", "PROD1");
    expect(stdout).toMatch(/^warning +datafiles online +2 not online: /m);
    expect(stdout).toMatch(/^ok +datafile headers /m);
    expect(status).toBe(0);
  });
});
