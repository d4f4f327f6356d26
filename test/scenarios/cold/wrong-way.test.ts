import { expect, test } from "vitest";

import type { InstanceStatus } from "../../../src/ports/instance.ts";
import { backupCold } from "../../../src/run/backup-cold.ts";
import type { World } from "../../../src/run/world.ts";
import { owed } from "../../rigs/owed-startup.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

/** A way that shows another instance than the database's own. */
const leadingTo =
  (change: (found: InstanceStatus) => InstanceStatus) =>
  (world: World): World => {
    const { instance } = world;
    if (instance === undefined) throw new Error("no instance control");
    return {
      ...world,
      instance: { ...instance, status: async (call) => change(await instance.status(call)) },
    };
  };

test.each<[string, RegExp, (found: InstanceStatus) => InstanceStatus]>([
  [
    "is another database's",
    /leads to the instance OTHER, and the database's own is ORCL/u,
    (found) => ({ ...found, instances: [{ name: "OTHER", node: "dbhost", state: "open" }] }),
  ],
  [
    "is down",
    /state down, and the database is in state open/u,
    (found) => ({ ...found, state: "down", instances: [] }),
  ],
  [
    "is only mounted",
    /state mount, and the database is in state open/u,
    (found) => ({ ...found, state: "mount" }),
  ],
])("an instance that %s is found out before anything is owed", async (_what, said, change) => {
  await using rig = await simulatedWorld({ change: leadingTo(change) });
  const { startedAt } = rig.instance;
  const made = await backupCold(rig.world);
  expect(made).toMatchObject({ ok: false, refusals: [{ code: "UMB-3128" }] });
  expect(made.ok ? "" : made.refusals[0]?.seen).toMatch(said);
  expect(rig.instance.startedAt).toEqual(startedAt);
  expect(await owed(rig)).toEqual([]);
  expect(await rig.world.state.journal.openRuns(rig.world.database.name)).toEqual([]);
});
