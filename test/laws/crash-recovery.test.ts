import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { startDatabase } from "../../simulator/instance/start-database.ts";
import { Chance } from "../../simulator/workload/chance.ts";
import { compareWithDatabase } from "../../simulator/workload/compare.ts";
import { instanceReader } from "../../simulator/workload/readers.ts";
import { createWorkload } from "../../simulator/workload/workload.ts";

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);

let base = "";
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "umbra-crash-"));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** A small database with a workload, driven by one seed. */
async function rig(seed: number) {
  const chance = new Chance(seed);
  const random = () => chance.next();
  const shape = {
    name: "ORCL",
    cdb: seed % 2 === 0,
    pdbs: ["PDB1"],
    totalBytes: 6 * 1_048_576,
    seed: String(seed),
  };
  const instance = await startDatabase({ base, ...shape, now: () => new Date(), random });
  const workload = await createWorkload({ instance, seed });
  const work = async () => {
    for (let left = chance.between(50, 400); left > 0; left -= 1) {
      await workload.step();
      if (chance.next() < 0.01) await instance.switchLogfile();
      if (chance.next() < 0.005) await instance.checkpoint();
    }
  };
  return { instance, workload, work };
}

describe("crash recovery of the simulated instance", () => {
  test.each(SEEDS)("after every crash exactly what was committed is there (seed %i)", async (seed) => {
    const { instance, workload, work } = await rig(seed);
    for (let crash = 0; crash < 3; crash += 1) {
      await work();
      await instance.shutdown("ABORT");
      await instance.startup({ to: "OPEN" });
      const compared = await compareWithDatabase(
        workload.history.stateAt(instance.currentScn()),
        instanceReader(instance),
      );
      expect(compared).toMatchObject({ rowsDifferent: 0, differences: [] });
      expect(compared.rowsCompared).toBeGreaterThan(50);
    }
    await instance.shutdown("IMMEDIATE");
  });

  test("a past SCN is read as it was while the work goes on", async () => {
    const { instance, workload, work } = await rig(21);
    await work();
    const scn = instance.currentScn();
    const before = workload.history.stateAt(scn);
    for (let step = 0; step < 100; step += 1) await workload.step();
    expect(await compareWithDatabase(before, instanceReader(instance, scn))).toMatchObject({
      rowsDifferent: 0,
      differences: [],
    });
    await instance.shutdown("ABORT");
  });
});
