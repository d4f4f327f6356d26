import { expect, test } from "vitest";

import { backupHot } from "../../../src/run/backup-hot.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

test("a hot backup of a container database is made, recorded, and leaves nothing open", async () => {
  await using rig = await simulatedWorld({ database: { cdb: true, pdbs: ["SALES"] } });
  const outcome = await backupHot(rig.world);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals));
  const { state } = rig.world;
  expect((await state.catalog.list()).map((one) => one.id)).toEqual([outcome.backup.id]);
  expect(await state.obligations.pending(rig.world.database.name)).toEqual([]);
  expect(await state.journal.openRuns(rig.world.database.name)).toEqual([]);
  expect(rig.events.filter((event) => event.kind === "step-failed")).toEqual([]);
});
