import { expect, test } from "vitest";

import { UmbraError } from "../../../src/errors/umbra-error.ts";
import type { Database } from "../../../src/ports/database.ts";
import { backupHot } from "../../../src/run/backup-hot.ts";
import type { World } from "../../../src/run/world.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

const activeFiles = ({ instance }: SimulatedWorld) =>
  (instance.controlFile?.datafiles ?? []).filter((file) => instance.backupMode(file).status === "ACTIVE");

/** The connection breaks while BEGIN is still at its checkpoint in the server: it takes effect a little later. */
function beginsLate(world: World, late: Promise<void>[]): World {
  const session = (inner: Database): Database => ({
    container: inner.container,
    query: (sql, binds, options) => inner.query(sql, binds, options),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner.close(),
    execute: async (sql, options) => {
      if (!sql.endsWith("begin backup")) return await inner.execute(sql, options);
      const other = await world.connector.connect({ ...options, container: inner.container });
      late.push(world.clock.sleep(300).then(() => other.execute(sql, { deadlineMs: options.deadlineMs })));
      throw new UmbraError("UMB-5202", { ora: 3113, message: "ORA-03113", lost: true });
    },
  });
  return {
    ...world,
    connector: { connect: async (options) => session(await world.connector.connect(options)) },
  };
}

test("a BEGIN that takes effect after its connection was lost is ended all the same", async () => {
  const late: Promise<void>[] = [];
  await using rig = await simulatedWorld({ change: (world) => beginsLate(world, late) });
  await expect(backupHot(rig.world)).rejects.toMatchObject({ code: "UMB-5202" });
  await Promise.all(late);
  expect(late.length).toBe(1);
  expect(activeFiles(rig)).toEqual([]);
});

/** The archiver's files are not seen the first `times` that somebody looks. */
function logsComeLate(world: World, times: number): World {
  let looks = 0;
  const { databaseHost } = world;
  return {
    ...world,
    databaseHost: {
      ...databaseHost,
      stat: async (path, options) =>
        path.includes("/arch/") && (looks += 1) <= times ? undefined : await databaseHost.stat(path, options),
    },
  };
}

test("logs that come late are waited for", async () => {
  await using rig = await simulatedWorld({ change: (world) => logsComeLate(world, 3) });
  const outcome = await backupHot(rig.world);
  expect(outcome).toMatchObject({ ok: true });
});

test("logs that never come fail the run by name, and nothing is left", async () => {
  await using rig = await simulatedWorld({
    config: { deadlines: { archivedLogMs: 300 } },
    change: (world) => logsComeLate(world, Infinity),
  });
  const missing = [expect.stringContaining("thread 1")];
  await expect(backupHot(rig.world)).rejects.toMatchObject({ code: "UMB-9004", context: { missing } });
  expect(activeFiles(rig)).toEqual([]);
  expect(await rig.world.state.journal.openRuns(rig.world.database.name)).toEqual([]);
});
