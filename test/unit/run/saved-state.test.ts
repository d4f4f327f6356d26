import { expect, test } from "vitest";

import { ROOT } from "../../../src/domain/names.ts";
import { readSavedState } from "../../../src/run/saved-state.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

test("what SAVE STATE keeps of a pluggable database belongs to the saved state", async () => {
  await using rig = await simulatedWorld({ database: { cdb: true, pdbs: ["SALES", "HR"] } });
  const { world } = rig;
  const call = { deadlineMs: 20_000 };
  await using db = await world.connector.connect({ ...call, container: ROOT });
  await db.execute("alter pluggable database SALES save state", call);
  const { saved } = await readSavedState(world, db);
  expect(saved.atStartup?.filter((one) => one.container === "SALES")).toEqual([
    { container: "SALES", instance: saved.instances[0], state: "OPEN", restricted: false },
  ]);
});
