import { expect, test } from "vitest";

import { backupSnapshot } from "../../../src/run/backup-snapshot.ts";
import { reconcile } from "../../../src/run/reconcile.ts";
import type { World } from "../../../src/run/world.ts";
import type { Database } from "../../../src/ports/database.ts";
import { manifestOf } from "../../rigs/restored-database.ts";
import { snapshotRig } from "./rig.ts";

/** Everything that is sent, also by sessions that were opened before. */
function watched(world: World, execute: (sql: string, db: Database) => Promise<void>): World {
  const wrapped = (db: Database): Database => ({
    container: db.container,
    query: db.query.bind(db),
    execute: async (sql, options) => {
      await execute(sql, db);
      await db.execute(sql, options);
    },
    close: db.close.bind(db),
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  });
  const connector = { connect: async (options: never) => wrapped(await world.connector.connect(options)) };
  return { ...world, connector };
}

test("the database is suspended while the snapshots are taken, in backup mode, and writes again after it", async () => {
  const sent: string[] = [];
  const seen: boolean[] = [];
  await using rig = await snapshotRig({
    world: (world) => watched(world, async (sql) => void sent.push(sql)),
    storage: (storage) => ({
      ...storage,
      createSnapshot: async (request, limits) => {
        seen.push(rig.instance.suspended);
        await storage.createSnapshot(request, limits);
      },
    }),
  });
  const result = await backupSnapshot(rig.world, { suspend: true });
  if (!result.ok) throw new Error("refused");
  expect(seen).toEqual([true]);
  expect(rig.instance.suspended).toBe(false);
  expect(manifestOf(result.backup.directory)).toMatchObject({ suspended: true });
  const order = sent.filter((sql) => /suspend|resume|begin backup|end backup/.test(sql));
  expect(order).toEqual([
    "alter database begin backup",
    "alter system suspend",
    "alter system resume",
    "alter database end backup",
  ]);
});

test("a storage that fails leaves nothing suspended and nothing in backup mode", async () => {
  await using rig = await snapshotRig({
    storage: (storage) => ({
      ...storage,
      createSnapshot: () => Promise.reject(new Error("full")),
    }),
  });
  await expect(backupSnapshot(rig.world, { suspend: true })).rejects.toThrow("full");
  expect(rig.instance.suspended).toBe(false);
  const files = rig.instance.controlFile?.datafiles ?? [];
  expect(files.map((file) => rig.instance.backupMode(file).status)).not.toContain("ACTIVE");
  expect(await rig.world.state.snapshotObligations.pending(rig.world.database.name)).toMatchObject([
    { kind: "delete-snapshots" },
  ]);
});

test("a SUSPEND whose answer was lost is resumed", async () => {
  await using rig = await snapshotRig({
    world: (world) =>
      watched(world, async (sql) => {
        if (sql !== "alter system suspend") return;
        await rig.instance.suspend();
        throw new Error("the answer was lost");
      }),
  });
  await expect(backupSnapshot(rig.world, { suspend: true })).rejects.toThrow("answer was lost");
  expect(rig.instance.suspended).toBe(false);
});

test("what a dead run left suspended is resumed by reconcile, before anything else is asked", async () => {
  let dead = false;
  await using rig = await snapshotRig({
    world: (world) =>
      watched(world, async (sql) => {
        if (dead && /resume|end backup/.test(sql)) throw new Error("this process is dead");
      }),
    storage: (storage) => ({
      ...storage,
      createSnapshot: async (request, limits) => {
        await storage.createSnapshot(request, limits);
        dead = true;
        throw new Error("killed");
      },
    }),
  });
  await expect(backupSnapshot(rig.world, { suspend: true })).rejects.toMatchObject({ code: "UMB-10003" });
  expect(rig.instance.suspended).toBe(true);
  dead = false;
  await expect(backupSnapshot(rig.world)).rejects.toMatchObject({ code: "UMB-8002" });
  const done = await reconcile(rig.world, { planOnly: false });
  expect(done.ok).toBe(true);
  expect(rig.instance.suspended).toBe(false);
  expect(await rig.world.state.obligations.pending(rig.world.database.name)).toEqual([]);
});

test("an instance that started while the others were suspended ends the backup (rule 72)", async () => {
  await using rig = await snapshotRig({
    world: (world) => {
      let suspended = false;
      const inner = watched(world, async (sql) => void (suspended ||= sql === "alter system suspend"));
      const connect: World["connector"]["connect"] = async (options) => {
        const db = await inner.connector.connect(options);
        const query: Database["query"] = async (sql, binds, given) => {
          const rows = await db.query(sql, binds, given);
          if (!suspended || !sql.includes("database_status")) return rows;
          const more = { instance_number: 2, database_status: "ACTIVE", started_at: "2031-01-01T00:00:00" };
          return rows.some((row) => row["database_status"] === "SUSPENDED") ? rows : [...rows, more];
        };
        return {
          container: db.container,
          query,
          execute: async (sql, given) => await db.execute(sql, given),
          close: async () => await db.close(),
          [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
        };
      };
      return { ...inner, connector: { connect } };
    },
  });
  await expect(backupSnapshot(rig.world, { suspend: true })).rejects.toMatchObject({
    code: "UMB-9061",
    context: { seen: expect.stringContaining("instance 2 started") },
  });
});
