import { expect, test } from "vitest";

import type { OpenInstance } from "../../../simulator/instance/open-instance.ts";
import { planHot } from "../../../src/run/backup-hot.ts";
import { execute } from "../../../src/run/execute.ts";
import { manifestOf } from "../../rigs/restored-database.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

const file = (base: string, name: string) => ({
  path: `${base}/prod/${name}.dbf`,
  bytes: 262_144,
  reuse: false,
  autoextend: null,
});

async function addTablespace({ instance, directory }: SimulatedWorld, name: string): Promise<void> {
  const kind = { contents: "PERMANENT", bigfile: false, blockSize: 8192 } as const;
  await instance.createTablespace(0, { name, ...kind, files: [file(directory, name)] });
}

/** Plans, lets the database change, performs the old plan. */
async function afterPlan(rig: SimulatedWorld, change: (instance: OpenInstance) => Promise<void>) {
  const planned = await planHot(rig.world);
  if (!planned.ok) throw new Error(JSON.stringify(planned.refusals));
  await change(rig.instance);
  const backup = await execute(planned.plan, rig.world);
  return manifestOf(backup.directory);
}

test.each([true, false])(
  "a tablespace dropped since the plan is noted (with its file: %s)",
  async (andDatafiles) => {
    await using rig = await simulatedWorld();
    await addTablespace(rig, "GONE");
    const manifest = await afterPlan(rig, (instance) =>
      instance.dropTablespace(0, "GONE", true, andDatafiles),
    );
    expect(manifest.absent).toMatchObject([{ why: "dropped" }]);
    expect(manifest.datafiles.map((one) => one.tablespace)).not.toContain("GONE");
  },
);

test("a tablespace made read only since the plan is copied without markers", async () => {
  await using rig = await simulatedWorld();
  await addTablespace(rig, "OLD");
  const manifest = await afterPlan(rig, (instance) => instance.setTablespace(0, "OLD", "READ ONLY"));
  expect(manifest.datafiles.find((one) => one.tablespace === "OLD")).toMatchObject({ mode: "consistent" });
});

test("a file created since the plan is noted, and redo is kept from its creation on", async () => {
  await using rig = await simulatedWorld();
  const manifest = await afterPlan(rig, () => addTablespace(rig, "NEW"));
  expect(manifest.absent).toMatchObject([{ why: "created-later" }]);
  const created = BigInt(manifest.absent[0]?.creationScn ?? 0);
  expect(BigInt(manifest.scns.neededFrom)).toBeLessThanOrEqual(created);
  expect(BigInt(manifest.logs[0]?.firstScn ?? created + 1n)).toBeLessThanOrEqual(created);
});

test("a file that was moved or made larger since the plan is copied as it is now", async () => {
  await using rig = await simulatedWorld();
  await addTablespace(rig, "MOVED");
  await addTablespace(rig, "LARGER");
  const path = (name: string) => ({ path: `${rig.directory}/prod/${name}.dbf` });
  const manifest = await afterPlan(rig, async (instance) => {
    await instance.moveDatafile(path("MOVED"), `${rig.directory}/prod/elsewhere.dbf`);
    await instance.resizeFile(path("LARGER"), 524_288);
  });
  const copied = (name: string) => manifest.datafiles.find((one) => one.tablespace === name);
  expect(copied("MOVED")?.source).toBe(`${rig.directory}/prod/elsewhere.dbf`);
  expect(copied("LARGER")?.bytes).toBe(524_288 + 8192);
});

test("a file made smaller since the plan is copied as it is now", async () => {
  await using rig = await simulatedWorld();
  await addTablespace(rig, "SMALLER");
  const path = `${rig.directory}/prod/SMALLER.dbf`;
  await rig.instance.resizeFile({ path }, 524_288);
  const manifest = await afterPlan(rig, (instance) => instance.resizeFile({ path }, 262_144));
  expect(manifest.datafiles.find((one) => one.tablespace === "SMALLER")?.bytes).toBe(262_144 + 8192);
});
