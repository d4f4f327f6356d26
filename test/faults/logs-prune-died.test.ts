import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { expect, test } from "vitest";

import type { LogPruneReport } from "../../src/domain/log-prune.ts";
import { pruneLogs } from "../../src/run/logs-prune.ts";
import { planLogPrune } from "../../src/run/logs-prune-plan.ts";
import { verifyLogs } from "../../src/run/logs-verify.ts";
import type { World } from "../../src/run/world.ts";
import { openState } from "../../src/state/open-state.ts";
import { Died, dyingWorld } from "../fakes/dying-world.ts";
import { DAY } from "../rigs/kept-backups.ts";
import { prunableLogs } from "../rigs/prunable-logs.ts";

async function planned(world: World): Promise<LogPruneReport> {
  const plan = await planLogPrune(world);
  if (!plan.ok) throw new Error(JSON.stringify(plan.refusals));
  return plan.report;
}

const goingOf = ({ lines }: LogPruneReport) => lines.filter(({ goes }) => goes).map(({ log }) => log.path);
/** Copies with the first target of each. */
const restorable = ({ before }: LogPruneReport) =>
  before.map(({ ways }) => ways.map(({ source, from }) => `${source} from ${from}`));
const marks = (world: World) => world.state.logMarks.list(world.database.name);

/** Two backups, whose older logs go; `again` puts them back. */
async function withOldLogs(graceMs: number) {
  const live = await prunableLogs({ graceMs });
  for (let left = 2; left > 0; left -= 1) await live.backedUp();
  const gone = goingOf(await planned(live.world));
  expect(gone.length).toBeGreaterThan(2);
  const aside = join(live.rig.directory, "aside");
  mkdirSync(aside);
  for (const path of gone) copyFileSync(path, join(aside, basename(path)));
  const again = () => {
    for (const path of gone) copyFileSync(join(aside, basename(path)), path);
  };
  return { live, gone, again };
}

test.each(["before", "after"] as const)(
  "dead right %s each effect of a pruning, the next one completes it, and no copy is the worse for it",
  async (when) => {
    const { live, gone, again } = await withOldLogs(0);
    await using _live = live;
    const { world } = live;
    const ways = restorable(await planned(world));
    let deaths = 0;
    for (let at = 1, died = true; died; at += 1) {
      again();
      const dying = dyingWorld(world, { at, when });
      const first = await pruneLogs(dying.world, { byPolicy: true }).catch((error: unknown) => error);
      died = dying.died();
      deaths += died ? 1 : 0;
      expect(first instanceof Died || "ok" in Object(first)).toBe(true);
      // As another process: its state is read from the disk.
      using state = openState(dirname(world.state.path));
      const later: World = { ...world, state };
      const next = await pruneLogs(later, { byPolicy: true });
      if (!next.ok) throw new Error(JSON.stringify(next.refusals));
      expect(restorable(next.report)).toEqual(ways);
      expect([next.applied.problems, next.applied.waiting, marks(later)]).toEqual([[], [], []]);
      expect(gone.filter((path) => existsSync(path))).toEqual([]);
      const looked = await verifyLogs(later);
      const classes = looked.ok ? looked.report.logs.map((log) => log.class) : ["refused"];
      expect(classes.filter((one) => one !== "good")).toEqual([]);
    }
    expect(restorable(await planned(world))).toEqual(ways);
    expect(deaths).toBeGreaterThan(12);
  },
);

test("dead while it marks, it removes nothing before the time of grace", async () => {
  const { live, gone } = await withOldLogs(DAY / 2);
  await using _live = live;
  const { world, time } = live;
  for (let at = 1; ; at += 1) {
    const dying = dyingWorld(world, { at, when: "after" });
    await pruneLogs(dying.world, { byPolicy: true }).catch(() => {});
    time.aheadMs += 1_000;
    await pruneLogs(world, { byPolicy: true });
    expect(gone.filter((path) => !existsSync(path))).toEqual([]);
    world.state.logMarks.takeBack(
      world.database.name,
      marks(world).map(({ path }) => path),
    );
    if (!dying.died()) break;
  }
  await pruneLogs(world, { byPolicy: true });
  time.aheadMs += DAY;
  await pruneLogs(world);
  expect(gone.filter((path) => existsSync(path))).toEqual([]);
});
