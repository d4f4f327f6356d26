import { rmSync, truncateSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { Chance } from "../../simulator/workload/chance.ts";
import { instant } from "../../src/domain/instant.ts";
import { backfillLogs } from "../../src/run/logs-backfill.ts";
import { guardLogs } from "../../src/run/logs-guard.ts";
import { verifyLogs } from "../../src/run/logs-verify.ts";
import { type LiveLogs, liveLogs } from "../rigs/live-logs.ts";

const SEEDS = 60;
const EVENTS = 12;
const FAILS = { code: 19_504, text: "failed to create file" };

/** What happens to an area while umbra guards it. Production itself archives to another destination all the time. */
const events = {
  switch: async ({ live }: Rig) => await live.switched(),
  fails: async ({ live }: Rig) => void live.faults.set(10, FAILS),
  works: async ({ live }: Rig) => live.faults.clear(),
  guard: async ({ live }: Rig) => void (await guardLogs(live.world)),
  backfill: async ({ live }: Rig) => void (await backfillLogs(live.world, { deep: true })),
  remove: async ({ live, chance }: Rig) => onFile(live, chance, (path) => rmSync(path)),
  truncate: async ({ live, chance }: Rig) => onFile(live, chance, (path) => truncateSync(path, 700)),
  "set the clock back": async ({ time }: Rig) => void (time.back += 3_600_000),
} as const;

interface Rig {
  readonly live: LiveLogs;
  readonly chance: Chance;
  /** By so many milliseconds both clocks were set back. */
  readonly time: { back: number };
}

function onFile(live: LiveLogs, chance: Chance, act: (path: string) => void): void {
  const names = live.names();
  if (names.length > 0) act(join(live.directory, chance.pick(names)));
}

async function happened(seed: number): Promise<{ readonly story: readonly string[]; readonly end: string }> {
  const chance = new Chance(seed);
  const time = { back: 0 };
  await using live = await liveLogs({
    database: { now: () => new Date(Date.now() - time.back) },
    config: { logs: { guard: "defer" } },
    change: (world) => ({ ...world, clock: { ...world.clock, now: () => instant(Date.now() - time.back) } }),
  });
  const rig: Rig = { live, chance, time };
  const story: string[] = [];
  for (let left = EVENTS; left > 0; left -= 1) {
    const event = chance.pick(Object.keys(events) as (keyof typeof events)[]);
    story.push(event);
    await events[event](rig);
  }
  live.faults.clear();
  // One that defers what failed last, one that brings it back.
  for (let left = 2; left > 0; left -= 1) await guardLogs(live.world);
  await backfillLogs(live.world, { deep: true });
  await live.switched();
  const looked = await verifyLogs(live.world, { deep: true });
  const owed = (await live.world.state.logDestinations.find(live.world.database.name))?.deferred;
  const classes = looked.ok ? looked.report.logs.map((log) => log.class) : ["refused"];
  const bad = classes.filter((one) => one !== "good");
  return { story, end: [...bad, ...(owed === undefined ? [] : ["owed"])].join(" ") };
}

test(`whatever happens to the area, in the end every log is there and nothing is owed (${SEEDS} seeds)`, async () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { story, end } = await happened(seed);
    expect({ seed, story, end }).toEqual({ seed, story, end: "" });
  }
}, 240_000);
