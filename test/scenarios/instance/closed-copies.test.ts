import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { OpenInstance } from "../../../simulator/instance/open-instance.ts";
import { type ClosedFiles, openWithLogs, openWithoutLogs, restoredCold } from "../../rigs/restored-cold.ts";
import { codesOf, served, type Served } from "./served.ts";

/** Copies of everything, taken while nobody writes; the database is mounted or down. */
function copies(instance: OpenInstance, base: string, name = "cold"): ClosedFiles {
  const control = instance.controlFile;
  if (control === undefined) throw new Error("not mounted");
  const into = join(base, name);
  mkdirSync(into, { recursive: true });
  const copied = (paths: readonly string[]) =>
    new Map(
      paths.map((path, index) => {
        const copy = join(into, `${index}_${path.split("/").at(-1) ?? ""}`);
        if (existsSync(path)) copyFileSync(path, copy);
        return [path, copy];
      }),
    );
  const [controlfile = ""] = copied(instance.controlFilePaths.slice(0, 1)).values();
  return {
    databaseName: control.dbName,
    cdb: control.cdb,
    controlfile,
    datafiles: copied(control.datafiles.map(({ path }) => path)),
    onlineLogs: copied(control.logGroups.flatMap(({ members }) => members)),
  };
}

/** Rows that are there when it closes; then it is mounted, with the copies of that moment. */
async function closed(rig: Served, rows = 5): Promise<ClosedFiles> {
  const app = await rig.connect();
  await app.execute("create table t (id number)");
  for (let id = 0; id < rows; id += 1)
    await app.execute("insert into t values (:1)", [id], { autoCommit: true });
  await app.execute("insert into t values (99)");
  await rig.stop("IMMEDIATE");
  await rig.instance.startup({ to: "MOUNT" });
  return copies(rig.instance, rig.base);
}

function ids(instance: OpenInstance): number[] {
  const conId = instance.controlFile?.cdb === true ? 1 : 0;
  const table = instance.tables(conId).find(({ name }) => name === "T");
  const rows = Array.from(instance.readRows(conId, table?.objectId ?? 0));
  return rows.map(({ values: [id] }) => Number(id)).toSorted((a, b) => a - b);
}

const without = ({ databaseName, cdb, controlfile, datafiles }: ClosedFiles): ClosedFiles => ({
  databaseName,
  cdb,
  controlfile,
  datafiles,
});

describe.each(["ARCHIVELOG", "NOARCHIVELOG"])("copies of a closed %s database", (mode) => {
  const options = { database: { archivelog: mode === "ARCHIVELOG" } };

  test("open as they are with the online logs", async () => {
    await using rig = await served(options);
    const files = await closed(rig);
    await using copy = await restoredCold(files, join(rig.base, "second"));
    await openWithLogs(copy);
    expect(ids(copy.instance)).toEqual([0, 1, 2, 3, 4]);
    expect(copy.instance.controlFile?.incarnations).toHaveLength(1);
  });

  test("without them only RESETLOGS opens, after a recovery that applies nothing", async () => {
    await using rig = await served(options);
    const files = without(await closed(rig));
    await using copy = await restoredCold(files, join(rig.base, "second"));
    const refused = await copy.instance.open("READ WRITE").catch((error: unknown) => String(error));
    expect(refused).toMatch(/ORA-00313[\s\S]*ORA-00312: online log 1 thread 1: '[\s\S]*ORA-27037/u);
    expect(await codesOf(copy.instance.open("RESETLOGS"))).toEqual([1139]);
    await openWithoutLogs(copy);
    expect(ids(copy.instance)).toEqual([0, 1, 2, 3, 4]);
    expect(copy.instance.controlFile?.incarnations).toHaveLength(2);
  });
});

test.each(["with", "without"])(
  "a CDB %s its online logs: the open PDB, the closed one and the seed",
  async (how) => {
    await using rig = await served({
      database: { cdb: true, pdbs: ["PDB1", "PDB2"], totalBytes: 14_000_000 },
    });
    await rig.dba.run("create table sys.t (id number)", "PDB1");
    await rig.dba.run("begin insert into sys.t values (1); commit; end;", "PDB1");
    await rig.dba.run("alter pluggable database pdb2 close immediate");
    await rig.dba.run("alter system checkpoint");
    await rig.stop("IMMEDIATE");
    await rig.instance.startup({ to: "MOUNT" });
    const unclean =
      "select file# from v$datafile where last_change# is null or last_change# <> checkpoint_change#";
    expect(await rig.dba.rows(unclean)).toEqual([]);
    expect(await rig.dba.rows("select con_id from v$datafile_header where fuzzy = 'YES'")).toEqual([]);
    // Files of a PDB that was not open stand at an older SCN: so do they on a real one.
    const scns = await rig.dba.rows(
      "select count(distinct checkpoint_change#) from v$datafile where con_id in (1, 3) union all select count(distinct checkpoint_change#) from v$datafile",
    );
    expect(scns).toEqual([[1], [3]]);
    const files = copies(rig.instance, rig.base);
    await using copy = await restoredCold(how === "with" ? files : without(files), join(rig.base, "second"));
    await (how === "with" ? openWithLogs(copy) : openWithoutLogs(copy));
    const { instance } = copy;
    expect([3, 4].map((conId) => instance.pdbOpenMode(conId))).toEqual(["READ WRITE", "READ WRITE"]);
    const [table] = instance.tables(3).filter(({ name }) => name === "T");
    expect(Array.from(instance.readRows(3, table?.objectId ?? 0), ({ values: [id] }) => Number(id))).toEqual([
      1,
    ]);
  },
);

test("the words of sqlplus do the same: RECOVER UNTIL CANCEL, CANCEL, OPEN RESETLOGS", async () => {
  await using rig = await served();
  const files = without(await closed(rig));
  await using copy = await restoredCold(files, join(rig.base, "second"));
  const session = copy.engine.openSession({
    user: "SYS",
    privilege: "SYSDBA",
    service: "RESTORED",
    program: "sqlplus",
    machine: "dbhost",
    osUser: "oracle",
    terminal: "unknown",
  });
  const { signal } = new AbortController();
  for (const text of [
    "alter database recover database until cancel using backup controlfile",
    "alter database recover cancel",
    "alter database open resetlogs",
  ])
    await session.execute(text, [], { signal });
  await session.close();
  expect(ids(copy.instance)).toEqual([0, 1, 2, 3, 4]);
});

test("archived logs behind the copies roll them forward", async () => {
  await using rig = await served();
  const files = without(await closed(rig));
  await rig.dba.run("alter database open");
  const app = await rig.connect();
  for (const id of [10, 11]) await app.execute("insert into t values (:1)", [id], { autoCommit: true });
  await app.close();
  await rig.dba.run("alter system archive log current");
  await using copy = await restoredCold(files, join(rig.base, "second"));
  await copy.instance.recover({
    scope: { level: "database" },
    until: "CANCEL",
    usingBackupControlfile: true,
    from: join(rig.base, "arch"),
  });
  await copy.instance.open("RESETLOGS");
  expect(ids(copy.instance)).toEqual([0, 1, 2, 3, 4, 10, 11]);
});

describe("a datafile that is not of the same moment", () => {
  /** Copies of one moment, with the last datafile of another. */
  async function mixed(rig: Served, other: "older" | "newer" | "open"): Promise<ClosedFiles> {
    const early = await closed(rig);
    await rig.dba.run("alter database open");
    if (other === "open") {
      const running = copies(rig.instance, rig.base, "running");
      await rig.stop("IMMEDIATE");
      await rig.instance.startup({ to: "MOUNT" });
      return exchanged(copies(rig.instance, rig.base, "late"), running);
    }
    await rig.stop("IMMEDIATE");
    await rig.instance.startup({ to: "MOUNT" });
    const late = copies(rig.instance, rig.base, "late");
    return other === "older" ? exchanged(late, early) : exchanged(early, late);
  }
  function exchanged(files: ClosedFiles, from: ClosedFiles): ClosedFiles {
    const [name = ""] = [...files.datafiles.keys()].slice(-1);
    return { ...files, datafiles: new Map([...files.datafiles, [name, from.datafiles.get(name) ?? ""]]) };
  }

  test.each([
    ["older", [1113, 1110], [1547, 1152, 1110]],
    ["newer", [1122, 1110, 1207], [283, 1122, 1110, 1207]],
    ["open", [1113, 1110], [1547, 1152, 1110]],
  ] as const)("that is %s keeps it closed", async (other, plain, recovered) => {
    await using rig = await served();
    const files = await mixed(rig, other);
    await using copy = await restoredCold(files, join(rig.base, "second"));
    expect(await codesOf(copy.instance.open("READ WRITE"))).toEqual(plain);
    await using again = await restoredCold(without(files), join(rig.base, "third"));
    expect(await codesOf(openWithoutLogs(again))).toEqual(recovered);
    const resetlogs = await codesOf(again.instance.open("RESETLOGS"));
    expect(resetlogs[0]).toBe(other === "newer" ? 1139 : 1152);
  });

  test("one of another database, or of another number, is not taken for it", async () => {
    await using rig = await served();
    const files = await closed(rig);
    const [, second = ""] = files.datafiles.values();
    await using copy = await restoredCold(files, join(rig.base, "second"));
    const placed = copy.instance.controlFile?.datafiles[0]?.path ?? "";
    copyFileSync(second, placed);
    expect(await codesOf(copy.instance.open("READ WRITE"))).toEqual([1122, 1110, 1204]);
    await using stranger = await served({ database: { dbid: 77 } });
    const [foreign = ""] = (await closed(stranger)).datafiles.values();
    copyFileSync(foreign, placed);
    expect(await codesOf(copy.instance.open("READ WRITE"))).toEqual([1122, 1110, 1206]);
  });

  test("one that is missing is named", async () => {
    await using rig = await served();
    const files = await closed(rig);
    await using copy = await restoredCold(files, join(rig.base, "second"));
    rmSync(copy.instance.controlFile?.datafiles[1]?.path ?? "");
    expect((await codesOf(copy.instance.open("READ WRITE"))).slice(0, 2)).toEqual([1157, 1110]);
  });
});

test("online logs of another moment are not taken for the right ones", async () => {
  await using rig = await served();
  const files = await closed(rig);
  await rig.dba.run("alter database open");
  const groups = rig.instance.controlFile?.logGroups.length ?? 0;
  for (let group = 0; group < groups; group += 1) await rig.dba.run("alter system archive log current");
  await rig.stop("IMMEDIATE");
  await rig.instance.startup({ to: "MOUNT" });
  const late = copies(rig.instance, rig.base, "late");
  const { onlineLogs = new Map<string, string>() } = late;
  await using copy = await restoredCold({ ...files, onlineLogs }, join(rig.base, "second"));
  expect((await codesOf(copy.instance.open("READ WRITE")))[0]).toBe(314);
});
