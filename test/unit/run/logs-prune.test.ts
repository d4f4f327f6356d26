import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { LogPruneReport, PrunedLogs } from "../../../src/domain/log-prune.ts";
import type { DatabaseName, FilePath, RunId } from "../../../src/domain/names.ts";
import { backfillLogs } from "../../../src/run/logs-backfill.ts";
import { pruneLogs, type PruneOptions } from "../../../src/run/logs-prune.ts";
import { planLogPrune } from "../../../src/run/logs-prune-plan.ts";
import { undoLogPrune } from "../../../src/run/logs-prune-undo.ts";
import { applyRetention } from "../../../src/run/retention-apply.ts";
import { verifyLogs } from "../../../src/run/logs-verify.ts";
import type { Row } from "../../../src/ports/database.ts";
import type { World } from "../../../src/run/world.ts";
import { DAY, HOUR } from "../../rigs/kept-backups.ts";
import { type PrunableLogs, prunableLogs } from "../../rigs/prunable-logs.ts";

async function planned(world: World): Promise<LogPruneReport> {
  const plan = await planLogPrune(world);
  if (!plan.ok) throw new Error(JSON.stringify(plan.refusals));
  return plan.report;
}

async function pruned(world: World, options: PruneOptions = { byPolicy: true }): Promise<PrunedLogs> {
  const done = await pruneLogs(world, options);
  if (!done.ok) throw new Error(JSON.stringify(done.refusals));
  return done.applied;
}

const going = ({ lines }: LogPruneReport) => lines.filter(({ goes }) => goes).map(({ log }) => log.path);
const classes = async (world: World) => {
  const looked = await verifyLogs(world);
  return looked.ok ? [...new Set(looked.report.logs.map((log) => log.class))] : ["refused"];
};

/** Three backups with logs between them: all but those of the last go. */
async function threeBackups(retention = {}): Promise<PrunableLogs> {
  const live = await prunableLogs(retention);
  for (let left = 3; left > 0; left -= 1) await live.backedUp();
  return live;
}

test("logs older than what is protected go, every backup restores as before, and nobody misses them", async () => {
  await using live = await threeBackups();
  const { world } = live;
  const before = await planned(world);
  const gone = going(before);
  expect(gone.length).toBeGreaterThan(3);
  expect(gone.length).toBeLessThan(before.lines.length);
  const first = await pruned(world);
  expect([first.marked.length, first.removed.length, first.problems]).toEqual([gone.length, gone.length, []]);
  expect(gone.filter((path) => existsSync(path))).toEqual([]);
  const after = await planned(world);
  const restorable = (all: LogPruneReport["before"]) => all.map(({ covered, ways }) => ({ covered, ways }));
  expect(restorable(after.before)).toEqual(restorable(before.after));
  expect(after.before[0]?.ways).toHaveLength(3);
  // Not even verification and backfill, though the database lists them at its other destination.
  expect(await classes(world)).toEqual(["good"]);
  expect(await backfillLogs(world)).toMatchObject({ ok: true, copied: [] });
  expect(await pruned(world)).toMatchObject({ marked: [], removed: [], waiting: [] });
});

test("the protected time keeps its logs, from the backup on from which it is restored", async () => {
  await using live = await threeBackups({ protectMs: DAY - HOUR });
  const report = await planned(live.world);
  const [stays] = report.lines.filter(({ goes }) => !goes);
  const [, second] = await live.world.state.catalog.list();
  expect(stays?.why.join()).toContain(`${second?.id}, from which what is protected is restored,`);
  expect(report.given.every(({ to }) => to < BigInt(second?.minimumRecoveryScn ?? 0))).toBe(true);
  expect(going(report).length).toBeGreaterThan(0);
});

test("what goes is whole for the time of grace, and can be kept until its removal begins", async () => {
  await using live = await threeBackups({ graceMs: 2 * HOUR });
  const { world, time } = live;
  const gone = going(await planned(world));
  const first = await pruned(world);
  expect([first.marked.length, first.waiting.length, first.removed]).toEqual([gone.length, gone.length, []]);
  time.aheadMs += HOUR;
  expect((await pruned(world)).removed).toEqual([]);
  expect((await undoLogPrune(world)).length).toBe(gone.length);
  time.aheadMs += 2 * HOUR;
  // The time of grace begins anew.
  expect(await pruned(world)).toMatchObject({ removed: [] });
  expect(gone.every((path) => existsSync(path))).toBe(true);
  time.aheadMs += 2 * HOUR;
  expect((await pruned(world, {})).removed.length).toBe(gone.length);
  expect(await undoLogPrune(world)).toEqual([]);
});

test("a plan that is not the present one any more is refused, and nothing is marked", async () => {
  await using live = await threeBackups({ graceMs: DAY });
  const { world } = live;
  const { id } = await planned(world);
  await live.backedUp();
  const refused = await pruneLogs(world, { plan: id });
  expect(refused).toMatchObject({ ok: false, refusals: [{ code: "UMB-3168" }] });
  expect(world.state.logMarks.list(world.database.name)).toEqual([]);
  const { id: present } = await planned(world);
  // A log that comes meanwhile changes nothing of what goes.
  await live.switched();
  expect((await pruned(world, { plan: present })).marked.length).toBeGreaterThan(0);
});

test("a hold keeps all redo from its backup on, and takes back what was marked", async () => {
  await using live = await threeBackups({ graceMs: HOUR });
  const { world, time } = live;
  const marked = (await pruned(world)).marked.length;
  const [, , oldest] = await world.state.catalog.list();
  const object = oldest?.id ?? "";
  const hold = { id: "h", database: world.database.name, object, reason: "audit", owner: "ann" };
  world.state.holds.add({ ...hold, addedAt: world.clock.now() });
  time.aheadMs += 2 * HOUR;
  const report = await planned(world);
  expect(report.lines.filter(({ goes }) => goes).length).toBeLessThan(marked);
  expect(report.lines.some(({ why }) => why.join().includes(`${object}, held by ann, needs redo`))).toBe(
    true,
  );
  const done = await pruned(world);
  expect(done.takenBack.length).toBe(marked - done.removed.length);
  expect(done.takenBack.every(({ path }) => existsSync(path))).toBe(true);
});

test("a restore that begins right before the removal keeps everything that had not gone", async () => {
  await using live = await threeBackups();
  const { world } = live;
  const [, , oldest] = await world.state.catalog.list();
  const lease = { object: oldest?.id ?? "", user: "restore", run: "r" as RunId };
  const { logMarks } = world.state;
  const late: World = {
    ...world,
    state: {
      ...world.state,
      [Symbol.dispose]: () => {},
      logMarks: {
        ...logMarks,
        put: (marks) => {
          logMarks.put(marks);
          const taken = { ...lease, id: "l", database: world.database.name, takenAt: world.clock.now() };
          world.state.leases.take(taken);
        },
      },
    },
  };
  const gone = going(await planned(world));
  const done = await pruned(late);
  expect([done.removed, done.problems.length]).toEqual([[], 1]);
  expect(gone.every((path) => existsSync(path))).toBe(true);
  expect((await pruned(world)).takenBack.length).toBeGreaterThan(0);
});

test("while the database does not answer nothing goes, and what was marked waits", async () => {
  await using live = await threeBackups({ graceMs: HOUR });
  const { world, time } = live;
  const { marked } = await pruned(world);
  time.aheadMs += 2 * HOUR;
  await live.rig.engine.shutdown("ABORT");
  const report = await planned(world);
  expect([going(report), report.unreachable === undefined]).toEqual([[], false]);
  expect(await pruned(world)).toMatchObject({ removed: [], takenBack: [] });
  expect(world.state.logMarks.list(world.database.name).length).toBe(marked.length);
});

test("retention ends with the logs by policy, goes on with marked ones by a plan, and waits for other work on them", async () => {
  await using live = await threeBackups({ graceMs: HOUR });
  const { world, time } = live;
  const gone = going(await planned(world));
  const retained = async (consent: { readonly byPolicy?: boolean }) => {
    const done = await applyRetention(world, consent);
    if (!done.ok) throw new Error(JSON.stringify(done.refusals));
    return done.applied;
  };
  expect((await retained({})).logs).toMatchObject({ marked: [], waiting: [] });
  expect((await retained({ byPolicy: true })).logs?.marked).toHaveLength(gone.length);
  time.aheadMs += 2 * HOUR;
  {
    const name = `${world.database.name}/logs` as DatabaseName;
    using _lock = world.state.locks.take(name, "guard" as RunId, world.clock.now());
    const waits = await retained({});
    expect([waits.logs, waits.problems]).toEqual([undefined, []]);
  }
  expect((await retained({})).logs?.removed).toHaveLength(gone.length);
});

/** The database answers a statement with other rows than its own. */
function answering(world: World, statement: RegExp, change: (rows: readonly Row[]) => readonly Row[]): World {
  const connect: World["connector"]["connect"] = async (options) => {
    const db = await world.connector.connect(options);
    return {
      container: db.container,
      query: async (sql, binds, call) => {
        const rows = await db.query(sql, binds, call);
        return statement.test(sql) ? change(rows) : rows;
      },
      execute: (sql, call) => db.execute(sql, call),
      close: () => db.close(),
      [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
    };
  };
  return { ...world, connector: { connect } };
}

test("standbys, capture and guaranteed restore points keep what they need, and say so", async () => {
  await using live = await threeBackups();
  const { world } = live;
  const all = going(await planned(world));
  const whys = async (changed: World) => {
    const report = await planned(changed);
    return { gone: going(report).length, why: report.lines[0]?.why.join() ?? "" };
  };
  const capture = answering(world, /min_required_capture_change#/, () => [{ capture_scn: "1" }]);
  expect(await whys(capture)).toEqual({
    gone: 0,
    why: expect.stringContaining("capture of changes reads redo") as string,
  });
  const { current } = await planned(world);
  const point = answering(world, /v\$restore_point/, () => [
    { name: "BEFORE_UPGRADE", scn: "1", resetlogs_id: current },
  ]);
  expect((await whys(point)).why).toContain(
    "guaranteed restore point BEFORE_UPGRADE needs redo from SCN 1 on",
  );
  const standby = answering(world, /from v\$archive_dest\b/, (rows) =>
    rows.map((row, index) => (index === 0 ? { ...row, target: "STANDBY", destination: "BERLIN" } : row)),
  );
  expect(await whys(standby)).toEqual({
    gone: 0,
    why: expect.stringContaining("standby BERLIN has not applied it") as string,
  });
  expect(all.length).toBeGreaterThan(0);
});

test("another database that answers keeps everything", async () => {
  await using live = await threeBackups();
  let looks = 0;
  const other = answering(live.world, /from v\$database/, (rows) => {
    looks += 1;
    return rows.map((row) => ("dbid" in row ? { ...row, dbid: "4711" } : row));
  });
  const report = await planned(other);
  expect([looks > 0, going(report)]).toEqual([true, []]);
  expect(report.lines[0]?.why.join()).toContain("one with DBID 4711 answered");
});

test("a backup whose manifest cannot be read keeps everything", async () => {
  await using live = await threeBackups();
  const [newest] = await live.world.state.catalog.list();
  rmSync(join(newest?.directory ?? "", "manifest.json"));
  const report = await planned(live.world);
  expect(going(report)).toEqual([]);
  expect(report.lines[0]?.why.join()).toContain(`it is not known what backup ${newest?.id}`);
});

test("without a policy, and without a log directory, it is refused", async () => {
  await using live = await prunableLogs();
  const { retention: _, ...database } = live.world.database;
  const refusal = (code: string) => ({ ok: false, refusals: [{ code }] });
  expect(await planLogPrune({ ...live.world, database })).toMatchObject(refusal("UMB-3161"));
  rmSync(live.directory, { recursive: true });
  expect(await planLogPrune(live.world)).toMatchObject(refusal("UMB-3147"));
});

test("a file is removed only where its header says that it is the log, and never through a symbolic link", async () => {
  await using live = await threeBackups({ graceMs: HOUR });
  const { world, time, directory } = live;
  const { marked } = await pruned(world);
  const [cut, other, link, plain] = marked.map(({ path }) => path);
  if (!cut || !other || !link || !plain) throw new Error("four logs were to go");
  time.aheadMs += 2 * HOUR;
  const kept = (live.names().at(-1) ?? "") as FilePath;
  const aside = join(live.rig.directory, "aside");
  mkdirSync(aside);
  let isChanged = false;
  // They change after the plan was decided, right before the first removal.
  const changing: World = {
    ...world,
    state: {
      ...world.state,
      [Symbol.dispose]: () => {},
      logMarks: {
        ...world.state.logMarks,
        claim: (claim) => {
          const claimed = world.state.logMarks.claim(claim);
          truncateSync(cut, 700);
          copyFileSync(join(directory, kept), other);
          renameSync(link, join(aside, "log"));
          symlinkSync(join(aside, "log"), link);
          isChanged = true;
          return claimed;
        },
      },
    },
  };
  const done = await pruned(changing);
  expect(isChanged).toBe(true);
  expect(done.problems.map(({ path }) => path).toSorted()).toEqual([cut, other, link].toSorted());
  expect([cut, other, link, join(aside, "log")].filter((path) => !existsSync(path))).toEqual([]);
  expect(existsSync(plain)).toBe(false);
  // They are judged anew, and hide nothing.
  expect(world.state.logMarks.list(world.database.name)).toEqual([]);
});

test("where the log directory itself is a symbolic link nothing is removed", async () => {
  await using live = await threeBackups();
  const elsewhere = join(live.rig.directory, "elsewhere");
  renameSync(live.directory, elsewhere);
  symlinkSync(elsewhere, live.directory);
  const done = await pruned(live.world);
  expect([done.removed, done.problems.length > 0]).toEqual([[], true]);
  expect(done.marked.every(({ path }) => existsSync(path))).toBe(true);
});

test("files that are no whole logs of this database stay, and are named", async () => {
  await using live = await threeBackups();
  const strange = join(live.directory, "notes.txt");
  writeFileSync(strange, "somebody's");
  const report = await planned(live.world);
  expect(report.strange).toEqual([strange]);
  await pruned(live.world);
  expect(readFileSync(strange, "utf8")).toBe("somebody's");
});
