import { rmSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { createDatabase } from "../../../simulator/instance/create-database.ts";
import { createInstance, newCluster } from "../../../simulator/instance/instance.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";
import { hotCopies, recovery, restored } from "./restored.ts";
import { serve, type Served } from "./served.ts";

const idle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Two instances that share one database, each behind a listener of its own. */
async function cluster(base: string): Promise<readonly [Served, Served]> {
  const now = () => new Date();
  await createDatabase({ base, name: "ORCL", threads: 2, now, totalBytes: 3_000_000, logBytes: 262_144 });
  const shared = newCluster();
  const first = createInstance({ home: base, sid: "ORCL", idle, cluster: shared });
  const second = createInstance({ home: base, sid: "ORCL", idle, cluster: shared });
  await first.startup({ to: "OPEN" });
  await second.startup({ to: "NOMOUNT" });
  await second.setParameter("thread", "2", "MEMORY");
  await second.setParameter("instance_name", "ORCL2", "MEMORY");
  await second.setParameter("instance_number", "2", "MEMORY");
  await second.mount();
  await second.open("READ WRITE");
  return [await serve(first, base), await serve(second, base)];
}

async function insert(rig: Served, ids: readonly number[]): Promise<void> {
  const app = await rig.connect();
  for (const id of ids) await app.execute("insert into t values (:1)", [id], { autoCommit: true });
  await app.close();
}

async function idsIn(rig: Served): Promise<unknown[]> {
  const app = await rig.connect();
  const { rows } = await app.execute<unknown[]>("select id from t order by id");
  await app.close();
  return (rows ?? []).map(([id]) => id);
}

test("two instances write redo of their own; a backup through one covers both, and recovery merges them", async () => {
  using scratch = scratchDirectory();
  const base = scratch.path;
  const [one, two] = await cluster(base);
  await using first = one;
  await using second = two;
  const app = await first.connect();
  await app.execute("create table t (id number)");
  await app.close();
  expect(await first.dba.rows("select thread#, status, enabled from v$thread order by 1")).toEqual([
    [1, "OPEN", "PUBLIC"],
    [2, "OPEN", "PUBLIC"],
  ]);
  expect(await first.dba.value("select count(*) from gv$instance")).toBe(2);
  await insert(first, [1]);
  await insert(second, [2]);
  await first.dba.run("alter database begin backup");
  expect(await second.dba.value("select count(*) from v$backup where status = 'ACTIVE'")).toBe(4);
  await second.dba.run("alter database end backup");
  const copies = await hotCopies(first);
  for (const id of [3, 5, 7]) {
    await insert(first, [id]);
    await insert(second, [id + 1]);
  }
  expect(await idsIn(first)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(await idsIn(second)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const target = await first.dba.value("select to_char(current_scn) from v$database");
  await insert(second, [9]);
  await first.dba.run("alter system archive log current");
  const threads = await first.dba.rows("select distinct thread# from v$archived_log order by 1");
  expect(threads).toEqual([[1], [2]]);
  await using copy = await restored(base, copies);
  expect(
    await copy.dba.codes(recovery(base, `until change ${String(target)} using backup controlfile`)),
  ).toEqual([]);
  await copy.dba.run("alter database open resetlogs");
  expect(await idsIn(copy)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("without the logs of one thread the other's do not suffice", async () => {
  using scratch = scratchDirectory();
  const base = scratch.path;
  const [one, two] = await cluster(base);
  await using first = one;
  await using second = two;
  const app = await first.connect();
  await app.execute("create table t (id number)");
  await app.close();
  const copies = await hotCopies(first);
  await insert(second, [1]);
  await insert(first, [2]);
  await first.dba.run("alter system archive log current");
  const rows = await first.dba.rows(
    "select name from v$archived_log where thread# = 2 order by sequence# desc",
  );
  rmSync(String(rows[0]?.[0]));
  await using copy = await restored(base, copies);
  await expect(copy.dba.run(recovery(base, "using backup controlfile"))).rejects.toThrow(
    /ORA-00279[^]*thread 2/u,
  );
  expect(join(base, "arch")).toContain(base);
});

test("an instance leaves in good order while the other goes on, and backup mode outlives it", async () => {
  using scratch = scratchDirectory();
  const [one, two] = await cluster(scratch.path);
  await using first = one;
  await using second = two;
  await second.dba.run("alter tablespace users begin backup");
  await second.stop("IMMEDIATE");
  expect(await first.dba.value("select count(*) from v$backup where status = 'ACTIVE'")).toBe(1);
  expect(await first.dba.rows("select thread#, status from v$thread order by 1")).toEqual([
    [1, "OPEN"],
    [2, "CLOSED"],
  ]);
  await first.dba.run("alter system archive log current");
  await first.dba.run("alter tablespace users end backup");
  expect(await first.dba.value("select count(*) from gv$instance")).toBe(1);
});
