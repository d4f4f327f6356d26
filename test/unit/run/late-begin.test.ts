import { expect, test } from "vitest";

import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { backupHot } from "../../../src/run/backup-hot.ts";
import { reconcile } from "../../../src/run/reconcile.ts";
import type { World } from "../../../src/run/world.ts";
import { changedSessions } from "../../fakes/changed-sessions.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

const activeFiles = ({ instance }: SimulatedWorld) =>
  (instance.controlFile?.datafiles ?? [])
    .filter((file) => instance.backupMode(file).status === "ACTIVE")
    .map((file) => file.file);

const isBegin = (sql: string) => sql.endsWith("begin backup");

/** The answer of BEGIN is lost while the server still works at it; its session ends when `go` has let it through. */
function beginsLate(world: World, go: Promise<unknown>, late: Promise<void>[]): World {
  return changedSessions(world, (inner) => {
    const isAsked = (sql: string) => late.length > 0 && sql.includes("serial# = to_number");
    let held: Promise<void> | undefined;
    const close = async () => (held === undefined ? await inner.close() : undefined);
    return {
      close,
      // As the server would say it: the simulated one does not know that the statement is on its way.
      query: async (sql, binds, options) => {
        const rows = await inner.query(sql, binds, options);
        return isAsked(sql) ? rows.map(() => ({ status: "ACTIVE" })) : rows;
      },
      [Symbol.asyncDispose]: close,
      execute: async (sql, options) => {
        if (!isBegin(sql)) return await inner.execute(sql, options);
        const takeEffect = async () => {
          await go;
          await inner.execute(sql, { deadlineMs: options.deadlineMs });
          await inner.close();
        };
        held = takeEffect();
        late.push(held);
        throw new UmbraError("UMB-5202", { ora: 3113, message: "ORA-03113", lost: true });
      },
    };
  });
}

test("a BEGIN that takes effect after its connection was lost is ended all the same", async () => {
  const late: Promise<void>[] = [];
  const later = new Promise((resolve) => setTimeout(resolve, 400));
  await using rig = await simulatedWorld({ change: (world) => beginsLate(world, later, late) });
  await expect(backupHot(rig.world)).rejects.toMatchObject({ code: "UMB-5202" });
  await Promise.all(late);
  expect(late.length).toBe(1);
  expect(activeFiles(rig)).toEqual([]);
});

test("while its session is still there the obligation stays, and reconcile ends what came of it", async () => {
  const late: Promise<void>[] = [];
  const gate = Promise.withResolvers<void>();
  await using rig = await simulatedWorld({ config: { deadlines: { beginBackupMs: 600 } } });
  const world = beginsLate(rig.world, gate.promise, late);
  await expect(backupHot(world)).rejects.toMatchObject({ code: "UMB-10001" });
  const { state, database } = rig.world;
  expect(await state.obligations.pending(database.name)).toHaveLength(1);
  expect(await state.journal.openRuns(database.name)).toHaveLength(1);
  gate.resolve();
  await Promise.all(late);
  expect(activeFiles(rig)).toHaveLength(1);
  expect(await reconcile(rig.world, { planOnly: false })).toMatchObject({ ok: true });
  expect(activeFiles(rig)).toEqual([]);
  expect(await state.obligations.pending(database.name)).toEqual([]);
});

test("a BEGIN that never reached the server is not waited for once its session is gone", async () => {
  await using rig = await simulatedWorld({
    change: (world) =>
      changedSessions(world, (inner) => ({
        execute: async (sql, options) => {
          if (!isBegin(sql)) return await inner.execute(sql, options);
          throw new UmbraError("UMB-5202", { ora: 3113, message: "ORA-03113", lost: true });
        },
      })),
  });
  const before = performance.now();
  await expect(backupHot(rig.world)).rejects.toMatchObject({ code: "UMB-5202" });
  expect(performance.now() - before).toBeLessThan(5_000);
  expect(await rig.world.state.obligations.pending(rig.world.database.name)).toEqual([]);
});
