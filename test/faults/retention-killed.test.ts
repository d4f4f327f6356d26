import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { instant } from "../../src/domain/instant.ts";
import { applyRetention } from "../../src/run/retention-apply.ts";
import { DAY, HOUR, keptBackups, type KeptBackups } from "../rigs/kept-backups.ts";
import { DyingAgents } from "./ran-until-dead.ts";
import { ONE_DAY, type RetentionAgentSpec } from "./retention-agent-that-dies.ts";

/** Nobody listens there: retention needs no database. */
const connectString = "127.0.0.1:1/ORCL";
/** Far above the effects of one retention: the loop ends when a run outlives its death. */
const MOST_DEATHS = 80;

test.for(["before", "after"] as const)(
  "killed %s any durable write or deletion: what has a manifest is whole, and the next one removes the rest",
  async (at) => {
    using agents = new DyingAgents<RetentionAgentSpec>("retention-agent-that-dies.ts");
    let deaths = 0;
    for (let effect = 1; effect < MOST_DEATHS; effect += 1) {
      using rig = keptBackups(ONE_DAY);
      const [goes, stays] = await twoDays(rig);
      const died = await agents.ranUntilDead({ directory: rig.directory, connectString, effect, at });
      expect({ effect, torn: tornIn(rig) }).toEqual({ effect, torn: [] });
      rig.clock.now = instant(Date.now() + HOUR);
      using again = rig.again();
      const next = await applyRetention(again, { byPolicy: true });
      expect(next).toMatchObject({ ok: true, applied: { problems: [], left: [], waiting: [] } });
      expect(readdirSync(join(rig.area, "hot"))).toEqual([stays]);
      expect((await again.state.catalog.list()).map(({ id }) => id)).toEqual([stays]);
      expect(again.state.tombstones.get(goes)?.removedAt).toBeDefined();
      expect(again.state.tombstones.list(again.database.name)).toEqual([]);
      if (!died) break;
      deaths += 1;
    }
    expect(deaths).toBeGreaterThan(15);
    expect(deaths).toBeLessThan(MOST_DEATHS - 1);
  },
);

async function twoDays(rig: KeptBackups): Promise<readonly [goes: string, stays: string]> {
  const now = Date.now();
  rig.clock.now = instant(now);
  const goes = await rig.make({ at: instant(now - 3 * DAY), from: 10, to: 20 });
  const stays = await rig.make({ at: instant(now - HOUR), from: 20, to: 30 });
  return [goes.id, stays.id];
}

/** Backups with a manifest and without what it lists. */
function tornIn({ area }: KeptBackups): readonly string[] {
  return readdirSync(join(area, "hot")).filter((id) => {
    const within = (name: string) => existsSync(join(area, "hot", id, name));
    return within("manifest.json") && !within("data/1_1_f.dbf");
  });
}
