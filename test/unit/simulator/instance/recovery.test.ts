import { rmSync, readdirSync, truncateSync, copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openInstance, startDatabase } from "../../../../simulator/instance/start-database.ts";
import type { OpenInstance } from "../../../../simulator/instance/open-instance.ts";
import { createOneTable, putRow } from "./one-table.ts";
import { disposableFolder, mountRestored } from "./rig.ts";
import { rowsOf } from "./workload.ts";

const now = (): Date => new Date();
const idle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const database = { scope: { level: "database" }, usingBackupControlfile: false } as const;

/** A file restored from a cold copy, with rows committed since, then a clean shutdown. */
async function withOldFile(base: string): Promise<{ instance: OpenInstance; objectId: number }> {
  const instance = await startDatabase({ base, name: "ORCL", now, idle });
  const objectId = await createOneTable(instance);
  await putRow(instance, objectId, 1);
  await instance.shutdown("IMMEDIATE");
  const path = join(base, "oradata", "ORCL", "users01.dbf");
  copyFileSync(path, join(base, "users.copy"));
  await instance.startup({ to: "OPEN" });
  await putRow(instance, objectId, 2);
  await instance.archiveLogCurrent();
  await putRow(instance, objectId, 3);
  await instance.shutdown("IMMEDIATE");
  copyFileSync(join(base, "users.copy"), path);
  return { instance, objectId };
}

test("an old copy of one file is refused, recovered completely, and accepted", async () => {
  using folder = disposableFolder();
  const { instance, objectId } = await withOldFile(folder.path);
  await expect(instance.startup({ to: "OPEN" })).rejects.toThrow(/ORA-01113[^]*ORA-01110/u);
  await instance.recover(database);
  await instance.open("READ WRITE");
  const rows = rowsOf(instance, 0, objectId);
  await instance.shutdown("IMMEDIATE");
  expect([...rows.keys()]).toEqual([1, 2, 3]);
});

test("a log that was cut off is refused by name", async () => {
  using folder = disposableFolder();
  const { instance } = await withOldFile(folder.path);
  const arch = join(folder.path, "arch");
  for (const name of readdirSync(arch)) truncateSync(join(arch, name), statSync(join(arch, name)).size - 512);
  await instance.startup({ to: "MOUNT" });
  await expect(instance.recover(database)).rejects.toThrow(/ORA-00332[^]*ORA-00334/u);
  await instance.shutdown("ABORT");
});

test("RESETLOGS without incomplete recovery is refused, and so is a target that files are past already", async () => {
  using folder = disposableFolder();
  const base = folder.path;
  const { instance } = await withOldFile(base);
  const options = { base, name: "ORCL", now, idle };
  await instance.startup({ to: "MOUNT" });
  await expect(instance.open("RESETLOGS")).rejects.toThrow("ORA-01139");
  await instance.recover(database);
  await instance.open("READ WRITE");
  await instance.shutdown("IMMEDIATE");
  await instance.startup({ to: "MOUNT" });
  const scn = (instance.controlFile?.checkpointScn ?? 0n) - 1n;
  await expect(
    instance.recover({ ...database, until: { scn }, usingBackupControlfile: true }),
  ).rejects.toThrow("ORA-01152");
  await instance.shutdown("ABORT");
  copyFileSync(join(base, "users.copy"), join(base, "oradata", "ORCL", "users01.dbf"));
  const again = openInstance(options);
  await expect(again.startup({ to: "OPEN" })).rejects.toThrow("ORA-01113");
  await again.shutdown("ABORT");
});

test("a trace script's control file opens a crashed database with its online logs", async () => {
  using folder = disposableFolder();
  const base = folder.path;
  const instance = await startDatabase({ base, name: "ORCL", now, idle });
  const objectId = await createOneTable(instance);
  await putRow(instance, objectId, 1);
  const control = instance.controlFile;
  const paths = instance.controlFilePaths;
  await instance.crash();
  for (const path of paths) rmSync(path);
  await expect(instance.startup({ to: "MOUNT" })).rejects.toThrow("ORA-00205");
  await instance.createControlfile({
    dbName: "ORCL",
    resetlogs: false,
    archivelog: true,
    forceLogging: false,
    reuse: false,
    maxDatafiles: 100,
    logGroups: control?.logGroups ?? [],
    datafiles: control?.datafiles.map((file) => file.path) ?? [],
  });
  await instance.recover(database);
  await instance.open("READ WRITE");
  const rows = rowsOf(instance, 0, objectId);
  await instance.shutdown("IMMEDIATE");
  expect([...rows.keys()]).toEqual([1]);
});

test("past rows are read by SCN, and a deadlock ends one of two transactions", async () => {
  using folder = disposableFolder();
  const instance = await startDatabase({ base: folder.path, name: "ORCL", now, idle });
  const objectId = await createOneTable(instance);
  const before = await putRow(instance, objectId, 1);
  await putRow(instance, objectId, 2);
  expect([...rowsOf(instance, 0, objectId, before).keys()]).toEqual([1]);
  expect(() => rowsOf(instance, 0, objectId, 5n)).toThrow("ORA-01555");
  const [first, second] = [...instance.readRows(0, objectId)].map((row) => row.address);
  if (first === undefined || second === undefined) throw new Error("two rows expected");
  const [a, b] = [instance.begin(0), instance.begin(0)];
  await a.update(objectId, first, [1, "a"]);
  await b.update(objectId, second, [2, "b"]);
  const waiting = a.update(objectId, second, [2, "a"]);
  await expect(b.update(objectId, first, [1, "b"])).rejects.toThrow("ORA-00060");
  await b.rollback();
  await waiting;
  await a.commit();
  const rows = rowsOf(instance, 0, objectId);
  await instance.shutdown("IMMEDIATE");
  expect(rows).toEqual(
    new Map([
      [1, "a"],
      [2, "a"],
    ]),
  );
});

test("a destination that fails is named, and archiving waits where it is the only one", async () => {
  using folder = disposableFolder();
  let broken = true;
  let clock = Date.UTC(2026, 0, 1);
  const faults = { archiveFault: () => (broken ? { code: 19_502, text: "write error" } : undefined) };
  const instance = await startDatabase({
    base: folder.path,
    name: "ORCL",
    now: () => new Date((clock += 1_000)),
    idle,
    faults,
  });
  await instance.switchLogfile();
  while (!instance.archiverStuck) await idle();
  expect(instance.archiveDestinations[0]).toMatchObject({ status: "ERROR", failSequence: 1 });
  broken = false;
  await instance.archiveLogCurrent();
  const logs = instance.controlFile?.archivedLogs.map((log) => log.sequence);
  await instance.shutdown("IMMEDIATE");
  expect([logs, instance.archiverStuck]).toEqual([[1, 2, 3], false]);
});

test("a file that was added after the control file was backed up is named by the DBA and then recovered", async () => {
  using folder = disposableFolder();
  const { path: base } = folder;
  const instance = await startDatabase({ base: join(base, "prod"), name: "ORCL", now, idle });
  await instance.shutdown("IMMEDIATE");
  const copies = new Map<string, string>();
  await instance.startup({ to: "MOUNT" });
  const controlfile = join(base, "control.bkp");
  await instance.backupControlfile(controlfile, false);
  for (const file of instance.controlFile?.datafiles ?? []) {
    copies.set(file.path, join(base, `${file.file}.copy`));
    copyFileSync(file.path, join(base, `${file.file}.copy`));
  }
  await instance.open("READ WRITE");
  const file = { path: join(base, "more.dbf"), bytes: 1_048_576, reuse: false, autoextend: null };
  await instance.createTablespace(0, {
    name: "MORE",
    contents: "PERMANENT",
    bigfile: true,
    blockSize: 8192,
    files: [file],
  });
  const objectId = await createOneTable(instance, "MORE");
  const scn = (await putRow(instance, objectId, 1)) + 1n;
  await instance.archiveLogCurrent();
  const parameters = new Map(instance.parameters);
  await instance.shutdown("ABORT");
  const logs = join(base, "prod", "arch");
  const restored = await mountRestored({
    parameters,
    base: join(base, "restored"),
    controlfile,
    copies,
    logs,
  });
  const until = { ...database, usingBackupControlfile: true, until: { scn } };
  await expect(restored.recover(until)).rejects.toThrow(/ORA-00283[^]*ORA-01244[^]*UNNAMED00005/u);
  await expect(restored.recover(until)).rejects.toThrow("ORA-01111");
  await restored.createDatafile({ number: 5 }, join(base, "restored", "more.dbf"));
  await restored.recover(until);
  await restored.open("RESETLOGS");
  const rows = rowsOf(restored, 0, objectId);
  await restored.shutdown("IMMEDIATE");
  expect([[...rows.keys()], restored.state]).toEqual([[1], "IDLE"]);
});

test("a hanging destination does not keep the instance from its shutdown", async () => {
  using folder = disposableFolder();
  const faults = { archiveFault: () => "hang" as const };
  const instance = await startDatabase({ base: folder.path, name: "ORCL", now, idle, faults });
  await instance.switchLogfile();
  await instance.shutdown("IMMEDIATE");
  expect(instance.state).toBe("IDLE");
});
