import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { compareWithDatabase } from "../../../simulator/workload/compare.ts";
import { instanceReader } from "../../../simulator/workload/readers.ts";
import { createWorkload } from "../../../simulator/workload/workload.ts";
import type { Host } from "../../../src/ports/host.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { backupRefresh, baseline, planRefreshRun } from "../../../src/run/backup-refresh.ts";
import { coverageReport } from "../../../src/run/coverage.ts";
import { verifyBackup } from "../../../src/run/verify-backup.ts";
import { copiedAreaSnapshots } from "../../rigs/copied-area-snapshots.ts";
import { manifestOf, restoredDatabase } from "../../rigs/restored-database.ts";
import { simulatedWorld, type SimulatedWorld } from "../../rigs/simulated-world.ts";

function live({ world }: SimulatedWorld): string {
  return join(world.database.backupArea, "live");
}

async function made(run: ReturnType<typeof baseline>) {
  const outcome = await run;
  if (!outcome.ok) throw new Error(outcome.refusals.map((one) => one.seen).join("; "));
  return outcome.backup;
}

test("a baseline and a refresh: what coverage claims is restored to what was committed", async () => {
  await using rig = await simulatedWorld({ database: { totalBytes: 3_000_000 } });
  const workload = await createWorkload({ instance: rig.instance, seed: 7, tables: 1, initialRows: 6 });
  await made(baseline(rig.world));
  for (let i = 0; i < 30; i += 1) await workload.step();
  const refreshed = await made(backupRefresh(rig.world));
  expect(refreshed).toMatchObject({ id: "TEST:live", kind: "refreshed", directory: live(rig) });
  for (let i = 0; i < 10; i += 1) await workload.step();
  const report = await coverageReport(rig.world);
  const [way] = report.coverage[0]?.ways ?? [];
  if (way === undefined)
    throw new Error(JSON.stringify(report.coverage, (_, v) => (typeof v === "bigint" ? String(v) : v)));
  const directory = live(rig);
  for (const target of [way.from, way.to]) {
    await using restored = await restoredDatabase(
      { directory, manifest: manifestOf(directory) },
      join(rig.directory, `restored-${target}`),
      target,
    );
    const expected = workload.history.stateAt(target - 1n);
    expect(await compareWithDatabase(expected, instanceReader(restored.instance))).toMatchObject({
      rowsDifferent: 0,
    });
  }
  expect((await verifyBackup(rig.world, "TEST:live")).problems).toEqual([]);
  expect(readFileSync(join(directory, "RESTORE.md"), "utf8")).toMatch(/Restore of TEST/);
});

test("the notes of a refresh that ended before its manifest give way to those of the manifest that is there", async () => {
  await using rig = await simulatedWorld({ database: { totalBytes: 3_000_000 } });
  await made(baseline(rig.world));
  const path = join(live(rig), "RESTORE.md");
  const before = readFileSync(path, "utf8");
  const { backupHost } = rig.world;
  const written: string[] = [];
  const writeAtomically: Host["writeAtomically"] = async (file, content, options) => {
    if (file.endsWith("manifest.json") && written.length > 0) throw new Error("the storage went away");
    await backupHost.writeAtomically(file, content, options);
    if (file === path) written.push(readFileSync(path, "utf8"));
  };
  const failing = backupRefresh({ ...rig.world, backupHost: { ...backupHost, writeAtomically } });
  await expect(failing).rejects.toThrow("the storage went away");
  expect(written[0]).not.toBe(before);
  expect(written.slice(1)).toEqual([before]);
  await made(backupRefresh(rig.world));
  expect((await verifyBackup(rig.world, "TEST:live")).problems).toEqual([]);
});

test("what snapshots cost is said before a refresh takes them; a storage that cannot tell stops no plan", async () => {
  await using rig = await simulatedWorld({ database: { totalBytes: 3_000_000 } });
  await made(baseline(rig.world));
  const copies = copiedAreaSnapshots(rig.world.database.backupArea, join(rig.directory, "snapshots"));
  const warned = async (areInstant: () => Promise<boolean>, snapshot: "before" | "none") => {
    const database = { ...rig.world.database, refresh: { ...rig.world.database.refresh, snapshot } };
    const planned = await planRefreshRun({ ...rig.world, database, snapshots: { ...copies, areInstant } });
    if (!planned.ok) throw new Error("it was refused");
    return planned.warnings.some(({ seen }) => seen.includes("each snapshot is a full copy"));
  };
  const away = new UmbraError("UMB-6310", { storage: "nas", seen: "it does not answer" });
  expect(await warned(() => Promise.resolve(false), "before")).toBe(true);
  expect(await warned(() => Promise.resolve(false), "none")).toBe(false);
  expect(await warned(() => Promise.resolve(true), "before")).toBe(false);
  expect(await warned(() => Promise.reject(away), "before")).toBe(false);
});
