import { expect, test } from "vitest";

import { UmbraError } from "../../../src/errors/umbra-error.ts";
import type { Row } from "../../../src/ports/database.ts";
import { backupHot } from "../../../src/run/backup-hot.ts";
import { reconcile } from "../../../src/run/reconcile.ts";
import type { World } from "../../../src/run/world.ts";
import { changedSessions } from "../../fakes/changed-sessions.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

const users = { level: "tablespace", conId: 0, name: "USERS" } as const;
const options = { tablespaces: ["USERS"] };

const activeFiles = ({ instance }: SimulatedWorld) =>
  (instance.controlFile?.datafiles ?? []).filter((file) => instance.backupMode(file).status === "ACTIVE");

const pending = ({ world }: SimulatedWorld) => world.state.obligations.pending(world.database.name);

/** No pauses between attempts. */
const hurried = (world: World): World => ({
  ...world,
  clock: { ...world.clock, sleep: () => new Promise((resolve) => setImmediate(resolve)) },
});

/** Rows of one view as somebody else would give them. */
const answering = (world: World, view: RegExp, change: (row: Row) => Row): World =>
  changedSessions(world, (inner) => ({
    query: async (sql, binds, call) => {
      const rows = await inner.query(sql, binds, call);
      return view.test(sql) ? rows.map(change) : rows;
    },
  }));

test("a backup whose backup mode somebody else ended while it copied is not used", async () => {
  let ended = false;
  await using rig = await simulatedWorld({
    whileCopying: async () => {
      if (ended) return;
      ended = true;
      await rig.instance.endBackup(users);
    },
  });
  await expect(backupHot(rig.world, options)).rejects.toMatchObject({ code: "UMB-9009", exit: 9 });
  expect(await rig.world.state.catalog.list()).toEqual([]);
  expect(await pending(rig)).toEqual([]);
});

test("a backup mode that somebody else ended and began anew is left to them, and the backup is not used", async () => {
  let ended = false;
  await using rig = await simulatedWorld({
    whileCopying: async () => {
      if (ended) return;
      ended = true;
      await rig.instance.endBackup(users);
      await rig.instance.archiveLogCurrent();
      await rig.instance.beginBackup(users);
    },
  });
  await expect(backupHot(rig.world, options)).rejects.toMatchObject({ code: "UMB-9009" });
  expect(activeFiles(rig)).toHaveLength(1);
});

/** Answers change when the copies are done: END must not be proved by them. */
async function failsToProve(view: RegExp, change: (row: Row) => Row): Promise<string> {
  let copied = false;
  await using rig = await simulatedWorld({
    whileCopying: async () => void (copied = true),
    change: (world) => hurried(answering(world, view, (row) => (copied ? change(row) : row))),
  });
  const failure = await backupHot(rig.world, options).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "UMB-10001", exit: 10 });
  expect(await pending(rig)).toHaveLength(1);
  expect(activeFiles(rig)).toHaveLength(1);
  return (failure as Error).message;
}

test("a header that v$backup cannot read proves no end", async () => {
  const unreadable = (row: Row): Row => ({ ...row, status: "CANNOT OPEN FILE" });
  expect(await failsToProve(/v\$backup/, unreadable)).toContain("CANNOT OPEN FILE");
});

test("another database behind the service proves no end", async () => {
  expect(await failsToProve(/d\.dbid/, (row) => ({ ...row, dbid: "4711" }))).toContain("4711");
});

test("a backup mode whose CHANGE# was never read and whose time does not fit is neither ended nor forgotten", async () => {
  const lost = () => new UmbraError("UMB-5202", { ora: 3113, message: "ORA-03113", lost: true });
  // The answer of BEGIN is lost; v$backup.TIME is then an hour off, as after the end of summer time.
  let begun = false;
  await using rig = await simulatedWorld({
    change: (world) =>
      hurried(
        answering(
          changedSessions(world, (inner) => ({
            execute: async (sql, call) => {
              await inner.execute(sql, call);
              if (!sql.endsWith("begin backup")) return;
              begun = true;
              throw lost();
            },
          })),
          /v\$backup/,
          (row) => (begun ? { ...row, begun_at: "2001-01-01T00:00:00" } : row),
        ),
      ),
  });
  await expect(backupHot(rig.world, options)).rejects.toMatchObject({ code: "UMB-10001" });
  expect(await pending(rig)).toHaveLength(1);
  expect(await reconcile(rig.world, { planOnly: false })).toMatchObject({
    ok: false,
    refusals: [{ code: "UMB-8005", rule: 43 }],
  });
  expect(await pending(rig)).toHaveLength(1);
});

test("a state that is full after END is told as that, not as production at risk; reconcile notes the end", async () => {
  let full = true;
  await using rig = await simulatedWorld({
    change: (world) => {
      const { obligations } = world.state;
      const discharge: typeof obligations.discharge = async (...args) => {
        if (full) throw new UmbraError("UMB-8006", { path: "umbra.db", problem: "disk is full" });
        await obligations.discharge(...args);
      };
      return { ...world, state: { ...world.state, obligations: { ...obligations, discharge } } };
    },
  });
  await expect(backupHot(rig.world, options)).rejects.toMatchObject({ code: "UMB-8006" });
  expect(activeFiles(rig)).toEqual([]);
  expect(await pending(rig)).toHaveLength(1);
  full = false;
  expect(await reconcile(rig.world, { planOnly: false })).toMatchObject({ ok: true });
  expect(await pending(rig)).toEqual([]);
});
