import { cpSync, readdirSync, renameSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { hotCopies, recovery, restored, type Copies } from "./restored.ts";
import { sameDatabase, serve, served, type Served } from "./served.ts";

/** One database, backed up, with logs behind the copies; every test restores it elsewhere. */
let rig: Served;
let copies: Copies;
let names = 0;
/** Names of the archived logs when the copies were complete, and later ones. */
let needed: string[];
let later: string[];

const logs = () => readdirSync(join(rig.base, "arch")).toSorted((a, b) => sequenceOf(a) - sequenceOf(b));
const sequenceOf = (name: string) => Number(name.split("_")[1]);

beforeAll(async () => {
  rig = await served();
  const app = await rig.connect();
  await app.execute("create table t (id number)");
  await rig.dba.run("alter system archive log current");
  const first = logs().length;
  copies = await hotCopies(rig);
  needed = logs().slice(first - 1);
  for (let id = 0; id < 3; id += 1) {
    await app.execute("insert into t values (:1)", [id], { autoCommit: true });
    await rig.dba.run("alter system archive log current");
  }
  later = logs()
    .filter((name) => !needed.includes(name))
    .slice(first - 1);
  await app.close();
});
afterAll(() => rig[Symbol.asyncDispose]());

async function copyOf(options: Parameters<typeof restored>[2] = {}): Promise<Served & { logs: string }> {
  names += 1;
  const copy = await restored(rig.base, copies, { name: `restored${names}`, ...options });
  const own = join(copy.base, "logs");
  cpSync(join(rig.base, "arch"), own, { recursive: true });
  return { ...copy, logs: own };
}

const from = (copy: { logs: string }, rest: string) =>
  `alter database recover automatic from '${copy.logs}' database ${rest} using backup controlfile`;

test("a missing log is asked for by thread, sequence, change and name", async () => {
  await using copy = await copyOf();
  const gone = later[0] ?? "";
  rmSync(join(copy.logs, gone));
  await expect(copy.dba.run(from(copy, ""))).rejects.toThrow(
    new RegExp(`ORA-00279[^]*ORA-00289[^]*${gone}[^]*ORA-00280[^]*#${sequenceOf(gone)}[^]*ORA-00308`, "u"),
  );
  cpSync(join(rig.base, "arch", gone), join(copy.logs, gone));
  expect(await copy.dba.codes(from(copy, "until cancel"))).toEqual([]);
});

test("a log that is another than its name says, or that is cut off, is refused", async () => {
  await using copy = await copyOf();
  const [first = "", second = ""] = later;
  rmSync(join(copy.logs, first));
  cpSync(join(copy.logs, second), join(copy.logs, first));
  rmSync(join(copy.logs, second));
  expect((await copy.dba.codes(from(copy, "until cancel"))).slice(0, 2)).toEqual([310, 334]);
  cpSync(join(rig.base, "arch", first), join(copy.logs, first));
  truncateSync(join(copy.logs, first), 1024);
  expect((await copy.dba.codes(from(copy, "until cancel"))).slice(0, 2)).toEqual([332, 334]);
});

test("a hot copy that is not recovered past its END BACKUP does not open", async () => {
  await using copy = await copyOf();
  for (const name of [...needed, ...later]) rmSync(join(copy.logs, name), { force: true });
  expect((await copy.dba.codes(from(copy, "until cancel"))).slice(0, 2)).toEqual([1547, 1195]);
  expect((await copy.dba.codes("alter database open resetlogs"))[0]).toBe(1195);
  expect((await copy.dba.codes("alter database open read only"))[0]).toBe(1195);
  expect(await copy.dba.codes("alter database open")).toEqual([1589]);
});

test("a file that is newer than the point of recovery is told (ORA-01152)", async () => {
  await using copy = await copyOf();
  await rig.dba.run("alter tablespace users begin backup");
  const path = String(await rig.dba.value("select name from v$datafile where name like '%users%'"));
  const target = String(await copy.dba.value("select name from v$datafile where name like '%file4%'"));
  cpSync(path, target);
  await rig.dba.run("alter tablespace users end backup");
  const codes = await copy.dba.codes(from(copy, `until change ${copies.lastEnd}`));
  expect(codes).toContain(1152);
});

test("a missing datafile is named, and one of another database too", async () => {
  await using copy = await copyOf();
  const path = String(await copy.dba.value("select name from v$datafile where name like '%file4%'"));
  renameSync(path, `${path}.away`);
  expect((await copy.dba.codes(from(copy, "until cancel"))).slice(0, 2)).toEqual([1157, 1110]);
  cpSync(String(await copy.dba.value("select name from v$datafile where name like '%file2%'")), path);
  expect((await copy.dba.codes(from(copy, "until cancel")))[0]).toBe(1122);
  renameSync(`${path}.away`, path);
  expect(await copy.dba.codes(from(copy, "until cancel"))).toEqual([]);
  expect(await copy.dba.codes(`alter database rename file '${path}' to '/nowhere/x.dbf'`)).toEqual([
    1511, 1141, 1110,
  ]);
  expect((await copy.dba.codes("alter database rename file '/nowhere/x.dbf' to '/nowhere/y.dbf'"))[0]).toBe(
    1511,
  );
});

test("RESETLOGS needs an incomplete recovery before it, and a backup control file its words", async () => {
  expect(await rig.dba.codes("alter database open resetlogs")).toEqual([1531]);
  await using copy = await copyOf();
  expect(
    (
      await copy.dba.codes(`alter database recover automatic from '${copy.logs}' database until cancel`)
    ).slice(0, 2),
  ).toEqual([283, 1610]);
  expect((await copy.dba.codes("alter database open resetlogs"))[0]).toBe(1195);
  await copy.dba.run(from(copy, "until cancel"));
  await copy.dba.run("alter database open resetlogs");
  await copy.stop("IMMEDIATE");
  await copy.instance.startup({ to: "MOUNT", pfile: join(copy.base, "init.ora") });
  expect(await copy.dba.codes("alter database open resetlogs")).toEqual([1139]);
  expect((await copy.dba.codes("alter database recover database"))[0]).toBe(264);
  await copy.dba.run("alter database open");
});

test("a copy from before RESETLOGS does not go with the control file from behind it, nor its logs", async () => {
  await using copy = await copyOf();
  await copy.dba.run(from(copy, "until cancel"));
  await copy.dba.run("alter database open resetlogs");
  await copy.dba.run("alter system archive log current");
  const path = String(await copy.dba.value("select name from v$datafile where name like '%file4%'"));
  await copy.stop("IMMEDIATE");
  renameSync(path, `${path}.away`);
  cpSync(join(rig.base, "copy", "file4.dbf"), path);
  await copy.instance.startup({ to: "MOUNT", pfile: join(copy.base, "init.ora") });
  expect(await copy.dba.codes("alter database open")).toContain(1190);
  renameSync(`${path}.away`, path);
  await copy.dba.run("alter database open");
});

test("a control file that is older than the files cannot be opened without RESETLOGS (ORA-01207)", async () => {
  await using one = await served();
  const [[member] = []] = await one.dba.rows("select name from v$controlfile");
  const members = (await one.dba.rows("select name from v$controlfile")).map(([name]) => String(name));
  await one.stop("IMMEDIATE");
  const old = `${String(member)}.old`;
  cpSync(String(member), old);
  await one.instance.startup({ to: "OPEN" });
  await one.dba.run("alter system switch logfile");
  await one.dba.run("alter system checkpoint");
  await one.stop("IMMEDIATE");
  for (const name of members) cpSync(old, name);
  await using again = await serve(sameDatabase(one.base), one.base);
  await again.instance.startup({ to: "MOUNT" });
  const codes = await again.dba.codes("alter database open");
  expect([codes[0], codes.includes(1207)]).toEqual([1122, true]);
});

test("END BACKUP on a restored copy hides the redo that it needs (rule 60)", async () => {
  await rig.dba.run("alter system checkpoint");
  const late = join(rig.base, "late.ctl");
  await rig.dba.run(`alter database backup controlfile to '${late}'`);
  names += 1;
  await using copy = await restored(rig.base, { ...copies, controlfile: late }, { name: `restored${names}` });
  for (const [file] of await copy.dba.rows("select file# from v$backup where status = 'ACTIVE'"))
    await copy.dba.run(`alter database datafile ${String(file)} end backup`);
  const outcome = await copy.dba
    .run(recovery(rig.base, "until cancel using backup controlfile"))
    .then(() => copy.dba.run("alter database open resetlogs"))
    .then(() => copy.connect())
    .then((app) => app.execute<unknown[]>("select count(*) from t"))
    .then(
      ({ rows }) => rows?.[0]?.[0],
      (error: unknown) => /ORA-\d+/u.exec(String(error))?.[0],
    );
  expect(outcome).not.toBe(3);
});

test("recovery of the database that was backed up is never confused with this one", async () => {
  expect(recovery(rig.base, "until cancel")).toContain(join(rig.base, "arch"));
  expect(await rig.dba.codes("alter database recover automatic database")).toEqual([283, 1124, 1110]);
});
