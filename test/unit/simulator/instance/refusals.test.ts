import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createDatabase } from "../../../../simulator/instance/create-database.ts";
import { createInstance, newCluster } from "../../../../simulator/instance/instance.ts";
import { openInstance, startDatabase } from "../../../../simulator/instance/start-database.ts";
import { disposableFolder, mountRestored, copySlowly } from "./rig.ts";
import { rowsOf } from "./workload.ts";

const now = (): Date => new Date();
const idle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const columns = [{ name: "ID", type: "NUMBER", nullable: false }];
const users = { level: "tablespace", conId: 0, name: "USERS" } as const;

test("each wrong use of backup mode is refused with its own code", async () => {
  using folder = disposableFolder();
  const options = { base: folder.path, name: "ORCL", now, idle };
  const instance = await startDatabase(options);
  await instance.beginBackup(users);
  await expect(instance.beginBackup(users)).rejects.toThrow(/ORA-01146[^]*ORA-01110/u);
  await expect(instance.shutdown("IMMEDIATE")).rejects.toThrow("ORA-01149");
  await expect(instance.setTablespace(0, "USERS", "READ ONLY")).rejects.toThrow("ORA-01150");
  await instance.endBackup(users);
  await expect(instance.endBackup(users)).rejects.toThrow("ORA-01142");
  await expect(instance.endBackup({ level: "database" })).rejects.toThrow("ORA-01142");
  await expect(instance.beginBackup({ ...users, name: "TEMP" })).rejects.toThrow("ORA-03217");
  await instance.setTablespace(0, "USERS", "READ ONLY");
  await expect(instance.beginBackup(users)).rejects.toThrow("ORA-01642");
  await instance.setTablespace(0, "USERS", "READ WRITE");
  await instance.setTablespace(0, "USERS", "OFFLINE NORMAL");
  await expect(instance.beginBackup(users)).rejects.toThrow("ORA-01128");
  await instance.setTablespace(0, "USERS", "ONLINE");
  await instance.shutdown("IMMEDIATE");
  await instance.startup({ to: "MOUNT" });
  await instance.setLogMode("NOARCHIVELOG");
  await instance.open("READ WRITE");
  await expect(instance.beginBackup(users)).rejects.toThrow("ORA-01123");
  await instance.shutdown("IMMEDIATE");
});

test("a crash in backup mode stops the open until the files are taken out of it", async () => {
  using folder = disposableFolder();
  const options = { base: folder.path, name: "ORCL", now, idle };
  const instance = await startDatabase(options);
  const table = await instance.createTable(0, { owner: "APP", name: "T", tablespace: "USERS", columns });
  await instance.beginBackup({ level: "database" });
  const transaction = instance.begin(0);
  await transaction.insert(table.objectId, [1, "one"]);
  await transaction.commit();
  await instance.crash();
  await expect(instance.startup({ to: "OPEN" })).rejects.toThrow("ORA-10873");
  await instance.endBackup({ level: "database" });
  await instance.open("READ WRITE");
  const rows = rowsOf(instance, 0, table.objectId);
  await instance.shutdown("IMMEDIATE");
  expect(rows).toEqual(new Map([[1, "one"]]));
});

test("without the last log a hot copy cannot be opened, and a lost file keeps the database closed", async () => {
  using folder = disposableFolder();
  const instance = await startDatabase({ base: join(folder.path, "prod"), name: "ORCL", now, idle });
  const copies = new Map<string, string>();
  await instance.beginBackup({ level: "database" });
  for (const file of instance.controlFile?.datafiles ?? []) {
    const copy = join(folder.path, "copy", `${file.file}.dbf`);
    await copySlowly(file.path, copy, idle);
    copies.set(file.path, copy);
  }
  await instance.endBackup({ level: "database" });
  const controlfile = join(folder.path, "copy", "control.bkp");
  await instance.backupControlfile(controlfile, false);
  const parameters = new Map(instance.parameters);
  await instance.shutdown("IMMEDIATE");
  await instance.startup({ to: "NOMOUNT" });
  const logs = join(folder.path, "prod", "arch");
  const restored = await mountRestored({
    parameters,
    base: join(folder.path, "restored"),
    controlfile,
    copies,
    logs,
  });
  const database = { scope: { level: "database" }, usingBackupControlfile: true } as const;
  await expect(restored.open("READ WRITE")).rejects.toThrow("ORA-01589");
  await expect(restored.recover(database)).rejects.toThrow(
    /ORA-00279[^]*ORA-00289[^]*ORA-00280[^]*ORA-00308/u,
  );
  await expect(restored.recover({ ...database, until: "CANCEL" })).rejects.toThrow(/ORA-01547[^]*ORA-01195/u);
  await expect(restored.open("RESETLOGS")).rejects.toThrow("ORA-01195");
  await expect(restored.open("READ ONLY")).rejects.toThrow("ORA-01195");
  rmSync([...copies.values()].at(-1) ?? "");
  await expect(restored.open("RESETLOGS")).rejects.toThrow(/ORA-01157[^]*ORA-01110/u);
  await restored.shutdown("ABORT");
  await instance.shutdown("ABORT");
});

test("tablespaces and files come, grow, shrink and go while the database runs", async () => {
  using folder = disposableFolder();
  const instance = await startDatabase({ base: folder.path, name: "ORCL", now, idle });
  const path = join(folder.path, "data01.dbf");
  const file = { path, bytes: 524_288, reuse: false, autoextend: { nextBytes: 65_536, maxBytes: 2_097_152 } };
  const spec = {
    name: "DATA",
    contents: "PERMANENT",
    bigfile: false,
    blockSize: 16_384,
    files: [file],
  } as const;
  await instance.createTablespace(0, spec);
  await expect(instance.createTablespace(0, spec)).rejects.toThrow("ORA-01543");
  const table = await instance.createTable(0, { owner: "APP", name: "T", tablespace: "DATA", columns });
  const transaction = instance.begin(0);
  const fill = async (): Promise<void> => {
    for (let id = 0; id < 2_000; id += 1) await transaction.insert(table.objectId, [id, "x".repeat(2_000)]);
  };
  await expect(fill()).rejects.toThrow("ORA-01653");
  await transaction.rollback();
  await expect(instance.resizeFile({ path }, 262_144)).rejects.toThrow("ORA-03297");
  await expect(instance.dropTablespace(0, "DATA", false, true)).rejects.toThrow("ORA-01549");
  await instance.dropTablespace(0, "DATA", true, true);
  const names = instance.controlFile?.tablespaces.map((ts) => ts.name);
  await instance.shutdown("IMMEDIATE");
  await instance.startup({ to: "OPEN" });
  await instance.shutdown("IMMEDIATE");
  expect(names).not.toContain("DATA");
});

test("a file that was taken offline at once needs recovery before it comes back", async () => {
  using folder = disposableFolder();
  const instance = await startDatabase({ base: folder.path, name: "ORCL", now, idle });
  const table = await instance.createTable(0, { owner: "APP", name: "T", tablespace: "USERS", columns });
  const transaction = instance.begin(0);
  await transaction.insert(table.objectId, [7, "seven"]);
  await transaction.commit();
  await instance.setTablespace(0, "USERS", "OFFLINE IMMEDIATE");
  expect(() => rowsOf(instance, 0, table.objectId)).toThrow("ORA-00376");
  await expect(instance.setTablespace(0, "USERS", "ONLINE")).rejects.toThrow("ORA-01113");
  await instance.recover({
    scope: { level: "tablespace", conId: 0, names: ["USERS"] },
    usingBackupControlfile: false,
  });
  await instance.setTablespace(0, "USERS", "ONLINE");
  expect(rowsOf(instance, 0, table.objectId)).toEqual(new Map([[7, "seven"]]));
  await instance.shutdown("IMMEDIATE");
});

test("two instances share one database, each with redo of its own", async () => {
  using folder = disposableFolder();
  const base = folder.path;
  await createDatabase({ base, name: "RAC", threads: 2, now });
  const cluster = newCluster();
  const one = createInstance({ home: base, sid: "RAC", idle, cluster });
  const two = createInstance({ home: base, sid: "RAC", idle, cluster });
  await one.startup({ to: "OPEN" });
  await two.startup({ to: "NOMOUNT" });
  await two.setParameter("thread", "2", "MEMORY");
  await two.mount();
  await two.open("READ WRITE");
  const table = await one.createTable(0, { owner: "APP", name: "T", tablespace: "USERS", columns });
  for (const [id, instance] of [one, two, one, two].entries()) {
    const transaction = instance.begin(0);
    await transaction.insert(table.objectId, [id, `by ${instance.thread}`]);
    await transaction.commit();
  }
  await two.archiveLogCurrent();
  const threads = new Set(one.controlFile?.archivedLogs.map((log) => log.thread));
  await one.crash();
  const again = createInstance({ home: base, sid: "RAC", idle });
  await again.startup({ to: "OPEN" });
  const rows = rowsOf(again, 0, table.objectId);
  await again.shutdown("IMMEDIATE");
  expect([threads, rows.size, two.state]).toEqual([new Set([1, 2]), 4, "IDLE"]);
});

test("a new PDB is recovered from the redo alone, and a dropped one is gone", async () => {
  using folder = disposableFolder();
  const options = { base: folder.path, name: "ORCL", cdb: true, now, idle };
  const instance = await startDatabase(options);
  await instance.createPluggableDatabase({ name: "P1", fileNameConvert: ["pdbseed", "P1"] });
  await instance.openPdb(3, "READ WRITE");
  const table = await instance.createTable(3, { owner: "APP", name: "T", tablespace: "SYSAUX", columns });
  await instance.crash();
  const again = openInstance(options);
  await again.startup({ to: "OPEN" });
  await again.openPdb(3, "READ WRITE");
  const names = again.tables(3).map((definition) => definition.name);
  await again.closePdb(3);
  await again.dropPluggableDatabase("P1");
  await again.shutdown("IMMEDIATE");
  expect([names, table.name]).toEqual([["T"], "T"]);
});
