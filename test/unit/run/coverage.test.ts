import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { backupHot } from "../../../src/run/backup-hot.ts";
import { coverageReport } from "../../../src/run/coverage.ts";
import type { World } from "../../../src/run/world.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

async function backedUp(world: World): Promise<string> {
  const made = await backupHot(world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  return made.backup.directory;
}

test("one backup covers from its minimum recovery SCN to the end of its logs; what is newer is not archived yet", async () => {
  await using rig = await simulatedWorld();
  await backedUp(rig.world);
  const [entry] = await rig.world.state.catalog.list();
  const report = await coverageReport(rig.world);
  const now = report.coverage.find((one) => one.incarnation === report.current.incarnation);
  expect(now?.covered.map(({ from, to }) => [String(from), String(to)])).toEqual([
    [entry?.minimumRecoveryScn, entry?.recoverableToScn],
  ]);
  expect(now?.holes.map((hole) => hole.reason.kind)).toEqual(["not-archived-yet"]);
  expect(report.achievedRpoSeconds).toBeGreaterThanOrEqual(0);
});

test("a copy that is gone makes its backup unusable, and coverage says which file", async () => {
  await using rig = await simulatedWorld();
  const directory = await backedUp(rig.world);
  renameSync(join(directory, "data"), join(directory, "moved"));
  const report = await coverageReport(rig.world);
  const holes = report.coverage.flatMap((one) => one.holes);
  expect(report.coverage.flatMap((one) => one.covered)).toEqual([]);
  expect(JSON.stringify(holes.map((hole) => hole.reason))).toContain("not there: hot/");
});

test("a backup whose manifest is gone counts for nothing, and is named", async () => {
  await using rig = await simulatedWorld();
  rmSync(join(await backedUp(rig.world), "manifest.json"));
  const report = await coverageReport(rig.world);
  expect(report.coverage.flatMap((one) => one.covered)).toEqual([]);
  const reasons = report.coverage.flatMap((one) => one.holes.map((hole) => hole.reason));
  expect(JSON.stringify(reasons)).toContain("its manifest is gone");
});

test("without the database coverage is told from the backups alone, and that it was not asked", async () => {
  await using rig = await simulatedWorld();
  await backedUp(rig.world);
  const down: World = {
    ...rig.world,
    connector: {
      connect: () =>
        Promise.reject(new UmbraError("UMB-5202", { ora: null, message: "refused", lost: true })),
    },
  };
  const asked = await coverageReport(rig.world);
  const report = await coverageReport(down);
  expect(report.unreachable).toContain("refused");
  expect(report.coverage.map((one) => one.covered)).toEqual(asked.coverage.map((one) => one.covered));
});
