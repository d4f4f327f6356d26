import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { instant } from "../../src/domain/instant.ts";
import { applyRetention } from "../../src/run/retention-apply.ts";
import { Died, dyingWorld } from "../fakes/dying-world.ts";
import { DAY, HOUR, keptBackups, RETENTION } from "../rigs/kept-backups.ts";

async function threeDays(graceMs: number) {
  const rig = keptBackups({ ...RETENTION, graceMs, policy: { ...RETENTION.policy, keep: { daily: 2 } } });
  const ids: string[] = [];
  for (const day of [1, 2, 3, 4]) {
    const at = instant(Date.UTC(2026, 9, day, 12));
    ids.push((await rig.make({ at, from: day * 10, to: day * 10 + 10 })).id);
  }
  rig.clock.now = instant(Date.UTC(2026, 9, 4, 13));
  return { rig, ids };
}

test.each(["before", "after"] as const)(
  "dead right %s each effect, the next one goes on, and removes what was to go and nothing else",
  async (when) => {
    let deaths = 0;
    for (let at = 1, died = true; died; at += 1) {
      const { rig, ids } = await threeDays(0);
      using _rig = rig;
      const dying = dyingWorld(rig.world, { at, when });
      const first = await applyRetention(dying.world, { byPolicy: true }).catch((error: unknown) => error);
      died = dying.died();
      deaths += died ? 1 : 0;
      expect(first instanceof Died || "ok" in Object(first)).toBe(true);
      // Whatever has a manifest is whole.
      const left = readdirSync(join(rig.area, "hot")).map((id) => join(rig.area, "hot", id));
      const backups = left.filter((directory) => existsSync(join(directory, "manifest.json")));
      expect(backups.flatMap((directory) => readdirSync(join(directory, "data")))).toEqual(
        backups.map(() => "1_1_f.dbf"),
      );
      using again = rig.again();
      const next = await applyRetention(again, { byPolicy: true });
      expect(next).toMatchObject({ ok: true, applied: { problems: [], left: [], waiting: [] } });
      expect(readdirSync(join(rig.area, "hot"))).toEqual(ids.slice(2));
      expect((await again.state.catalog.list()).map(({ id }) => id).toSorted()).toEqual(ids.slice(2));
      expect(again.state.tombstones.list(again.database.name)).toEqual([]);
    }
    expect(deaths).toBeGreaterThan(30);
  },
);

test("dead while it marks, it removes nothing before the time of grace, and undo keeps all of it", async () => {
  for (let at = 1; ; at += 1) {
    const { rig, ids } = await threeDays(DAY);
    using _rig = rig;
    const dying = dyingWorld(rig.world, { at, when: "after" });
    await applyRetention(dying.world, { byPolicy: true }).catch(() => {});
    using again = rig.again();
    rig.clock.now = instant(rig.clock.now + HOUR);
    await applyRetention(again, { byPolicy: true });
    expect(readdirSync(join(rig.area, "hot"))).toEqual(ids);
    const waiting = again.state.tombstones.list(again.database.name);
    expect(waiting.map(({ object }) => object).toSorted()).toEqual(ids.slice(0, 2));
    for (const { entry } of waiting) {
      expect(existsSync(join(entry.directory, "umbra-tombstone.json"))).toBe(true);
    }
    if (!dying.died()) break;
  }
});
