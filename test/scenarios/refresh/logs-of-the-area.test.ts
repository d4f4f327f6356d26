import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { createWorkload } from "../../../simulator/workload/workload.ts";
import { backupRefresh, baseline } from "../../../src/run/backup-refresh.ts";
import { coverageReport } from "../../../src/run/coverage.ts";
import { manifestOf } from "../../rigs/restored-database.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

async function scene() {
  const rig = await simulatedWorld({ database: { totalBytes: 2_000_000, logBytes: 131_072 } });
  const workload = await createWorkload({ instance: rig.instance, seed: 5, tables: 1, initialRows: 5 });
  const live = join(rig.world.database.backupArea, "live");
  const work = async () => {
    for (let i = 0; i < 10; i += 1) await workload.step();
    await workload.settle();
    await rig.instance.switchLogfile();
  };
  return { rig, live, work };
}

test("logs that the archiver put into the area are checked and listed, and no second copy is made", async () => {
  const { rig, live, work } = await scene();
  await using _ = rig;
  expect(await baseline(rig.world)).toMatchObject({ ok: true });
  await rig.instance.setParameter("log_archive_dest_2", `LOCATION=${join(live, "logs")} OPTIONAL`, "BOTH");
  await work();
  await work();
  const made = await backupRefresh(rig.world);
  expect(made.ok).toBe(true);
  const { logs } = manifestOf(live);
  const delivered = readdirSync(join(live, "logs"));
  const sequences = delivered.map((name) => name.split("_").slice(0, 2).join("_"));
  expect(new Set(sequences).size).toBe(sequences.length);
  expect(logs.length).toBeGreaterThan(0);
  for (const log of logs) expect(delivered).toContain(log.name.slice("logs/".length));
});

test("logs that come after the refresh carry coverage on, without a word in the manifest", async () => {
  const { rig, live, work } = await scene();
  await using _ = rig;
  await baseline(rig.world);
  await rig.instance.setParameter("log_archive_dest_2", `LOCATION=${join(live, "logs")} OPTIONAL`, "BOTH");
  const before = await end(rig);
  await work();
  await rig.instance.archiveLogCurrent();
  const after = await end(rig);
  expect(after).toBeGreaterThan(before);
  expect(after).toBeGreaterThan(BigInt(manifestOf(live).scns.recoverableTo));
});

test("a log that is lost between two refreshes is told as a hole, and stops no refresh", async () => {
  const { rig, live, work } = await scene();
  await using _ = rig;
  await baseline(rig.world);
  await work();
  await work();
  const arch = join(rig.directory, "prod", "arch");
  const there = new Set(manifestOf(live).logs.map((log) => `${log.thread}_${log.sequence}_`));
  const lost = readdirSync(arch).find(
    (name) => ![...there].some((key) => name.startsWith(key)) && isLater(name),
  );
  rmSync(join(arch, lost ?? ""));
  const made = await backupRefresh(rig.world);
  expect(made.ok).toBe(true);
  expect(manifestOf(live).notes.join()).toMatch(/redo since the last refresh is not to be had/);

  function isLater(name: string): boolean {
    const last = Math.max(...manifestOf(live).logs.map((log) => log.sequence));
    return Number(name.split("_")[1]) > last;
  }
});

async function end(rig: Awaited<ReturnType<typeof scene>>["rig"]): Promise<bigint> {
  const report = await coverageReport(rig.world);
  const now = report.coverage.find((one) => one.incarnation === report.current.incarnation);
  return now?.covered.at(-1)?.to ?? 0n;
}
