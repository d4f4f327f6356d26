import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { compareWithDatabase } from "../../../simulator/workload/compare.ts";
import { instanceReader } from "../../../simulator/workload/readers.ts";
import { createWorkload } from "../../../simulator/workload/workload.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { RestoreWay } from "../../../src/domain/coverage.ts";
import { backupRefresh, baseline } from "../../../src/run/backup-refresh.ts";
import { coverageReport } from "../../../src/run/coverage.ts";
import { verifyLogs } from "../../../src/run/logs-verify.ts";
import { copiedAreaSnapshots } from "../../rigs/copied-area-snapshots.ts";
import { HOUR, RETENTION } from "../../rigs/kept-backups.ts";
import { liveLogs } from "../../rigs/live-logs.ts";
import { manifestOf, restoredDatabase } from "../../rigs/restored-database.ts";

/** Each refresh ends with a snapshot and with retention, which keeps all snapshots and protects nothing old. */
async function refreshed(refreshes: number) {
  // It stands still during a refresh: where a second passes in one, what it replaces is kept until the next.
  const time = { now: instant(Date.now()) };
  const now = () => time.now;
  const live = await liveLogs({
    database: { totalBytes: 2_000_000, logBytes: 131_072, now: () => new Date(now()) },
    config: {
      refresh: { snapshot: "after" },
      retention: {
        ...RETENTION,
        policy: { ...RETENTION.policy, keep: { hourly: 9 } },
        graceMs: 0,
        afterRefresh: true,
      },
    },
    change: (world) => {
      const { backupArea } = world.database;
      const snapshots = copiedAreaSnapshots(backupArea, join(backupArea, "../snapshots"));
      return { ...world, snapshots, clock: { ...world.clock, now } };
    },
  });
  const { world, rig } = live;
  const workload = await createWorkload({ instance: rig.instance, seed: 5, tables: 1, initialRows: 5 });
  const counts: number[] = [];
  const warnings: string[] = [];
  for (let left = refreshes; left >= 0; left -= 1) {
    const made = left === refreshes ? await baseline(world) : await backupRefresh(world);
    if (!made.ok) throw new Error(JSON.stringify(made.refusals));
    warnings.push(...made.warnings.map(({ seen }) => seen));
    for (let round = 0; round < 2; round += 1) {
      for (let i = 0; i < 5; i += 1) await workload.step();
      await workload.settle();
      await live.switched();
    }
    time.now = instant(time.now + HOUR);
    counts.push(live.names().length);
  }
  return { live, workload, counts, warnings };
}

test("with a policy the log directory does not grow, every snapshot restores by itself, and the next refresh misses nothing", async () => {
  const { live, workload, counts, warnings } = await refreshed(4);
  await using _ = live;
  const { world, rig } = live;
  expect(counts.at(-1)).toBe(counts.at(-2));
  expect(warnings.filter((seen) => seen.includes("retention") || seen.includes("not to be had"))).toEqual([]);
  const looked = await verifyLogs(world);
  expect(looked.ok && looked.report.logs.every((log) => log.class === "good")).toBe(true);
  expect(manifestOf(join(world.database.backupArea, "live")).notes.join()).not.toContain("not to be had");

  const { coverage } = await coverageReport(world);
  const ways = coverage.flatMap((one) => one.ways);
  const entries = await world.state.catalog.list(world.database.name);
  expect(ways.map(({ source }) => source).toSorted()).toEqual(entries.map(({ id }) => id).toSorted());
  const restores = async ({ source }: RestoreWay, target: bigint) => {
    const directory = entries.find(({ id }) => id === source)?.directory ?? "";
    const base = join(rig.directory, `restored-${target}`);
    const logs = join(rig.directory, `logs-${target}`);
    mkdirSync(logs);
    // Its own, and what the live area has still.
    for (const place of [join(directory, "logs"), live.directory]) {
      for (const name of readdirSync(place)) copyFileSync(join(place, name), join(logs, name));
    }
    const backup = { directory, manifest: manifestOf(directory), logs };
    await using restored = await restoredDatabase(backup, base, target);
    const expected = workload.history.stateAt(target - 1n);
    return await compareWithDatabase(expected, instanceReader(restored.instance));
  };
  const [oldest] = ways;
  const newest = ways.at(-1);
  if (oldest === undefined || newest === undefined) throw new Error("nothing can be restored");
  expect(await restores(oldest, oldest.from)).toMatchObject({ rowsDifferent: 0 });
  expect(await restores(newest, newest.to)).toMatchObject({ rowsDifferent: 0 });
});
