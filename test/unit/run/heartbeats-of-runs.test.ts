import { DatabaseSync } from "node:sqlite";

import { expect, test } from "vitest";

import { planCold } from "../../../src/run/backup-cold.ts";
import { planHot } from "../../../src/run/backup-hot.ts";
import { verifyLogs } from "../../../src/run/logs-verify.ts";
import type { World } from "../../../src/run/world.ts";
import { liveLogs } from "../../rigs/live-logs.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

function beats({ state }: World): unknown {
  using db = new DatabaseSync(state.path, { readOnly: true });
  return db.prepare("select count(*) as beats from heartbeat").get()?.["beats"];
}

test("every command that looks at an open database leaves a heartbeat", async () => {
  await using live = await liveLogs();
  const { world } = live;
  for (const look of [planHot, planCold, verifyLogs]) {
    const before = Number(beats(world));
    await live.switched();
    await look(world);
    expect([look.name, beats(world)]).toEqual([look.name, before + 1]);
  }
});

test("no heartbeat is noted of a mounted database, nor of another one than is configured", async () => {
  await using rig = await simulatedWorld();
  const { world } = rig;
  await planHot({ ...world, database: { ...world.database, dbid: "1" } });
  await rig.instance.shutdown("IMMEDIATE");
  await rig.instance.startup({ to: "MOUNT" });
  await planCold(world);
  expect(beats(world)).toBe(0);
});
