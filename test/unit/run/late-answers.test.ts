import { expect, test } from "vitest";

import { backupHot } from "../../../src/run/backup-hot.ts";
import type { World } from "../../../src/run/world.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

const activeFiles = ({ instance }: SimulatedWorld) =>
  (instance.controlFile?.datafiles ?? []).filter((file) => instance.backupMode(file).status === "ACTIVE");

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
