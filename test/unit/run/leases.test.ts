import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { instant } from "../../../src/domain/instant.ts";
import type { DatabaseName, RunId } from "../../../src/domain/names.ts";
import { reconcile } from "../../../src/run/reconcile.ts";
import { applyRetention } from "../../../src/run/retention-apply.ts";
import type { World } from "../../../src/run/world.ts";
import { openState } from "../../../src/state/open-state.ts";
import { DAY, keptBackups, type KeptBackups } from "../../rigs/kept-backups.ts";

const run = "20261121T090000Z-restore-4f2a91" as RunId;
/** Of another boot: as dead as can be. */
const DEAD = { pid: 1, bootId: "another boot", started: "1" };
const planOnly = { planOnly: true };
const nothing = { ok: true, lines: [], warnings: [] };

const used = ({ state, database }: World) => state.leases.list(database.name).map(({ object }) => object);

/** A restore with its lock, in the journal, that uses a backup: of this process, or of one that is dead already. */
async function restores({ world, directory }: KeptBackups, object: string, owner?: typeof DEAD) {
  const state = openState(join(directory, "state"), owner === undefined ? {} : { owner });
  const { database, clock } = world;
  const own = `${database.name}/restore` as DatabaseName;
  state.locks.take(own, run, clock.now());
  await state.journal.openRun({ id: run, database: own, kind: "retention", startedAt: clock.now() });
  const lease = { id: `${run}/${object}`, database: database.name, object, user: `restore ${run}`, run };
  expect(state.leases.take({ ...lease, takenAt: clock.now() })).toBe(true);
  return state;
}

describe("a lease ends with its run", () => {
  test("one of a restore at work, and of a run that the journal does not know, is left alone", async () => {
    using rig = keptBackups();
    const { state, database, clock } = rig.world;
    using _restore = await restores(rig, "one");
    const lease = { database: database.name, user: "clone c1", run: "by-hand" as RunId };
    state.leases.take({ ...lease, id: "by-hand/two", object: "two", takenAt: clock.now() });
    expect(await reconcile(rig.world, { planOnly: false })).toEqual(nothing);
    expect(used(rig.world)).toEqual(["one", "two"].toSorted());
  });

  test("one that a run left when it ended is taken away by reconcile, once", async () => {
    using rig = keptBackups();
    const { state, clock } = rig.world;
    using _restore = await restores(rig, "one");
    await state.journal.closeRun(run, { at: clock.now(), outcome: "failed" });
    const planned = await reconcile(rig.world, planOnly);
    expect(planned).toMatchObject({ lines: [{ title: `note that ${run} uses one no more` }] });
    expect(state.leases.over(rig.world.database.name)).toMatchObject([{ object: "one" }]);
    expect(await reconcile(rig.world, { planOnly: false })).toMatchObject({ ok: true, lines: [{}] });
    expect(state.leases.over(rig.world.database.name)).toEqual([]);
    expect(await reconcile(rig.world, { planOnly: false })).toEqual(nothing);
  });

  test("one of a restore that died keeps nothing: what it read is removed when its time has come", async () => {
    using rig = keptBackups();
    const ids: string[] = [];
    for (let day = 1; day <= 9; day += 1) {
      const at = instant(Date.UTC(2026, 9, day, 12));
      ids.push((await rig.make({ at, from: day * 10, to: day * 10 + 10 })).id);
    }
    using _restore = await restores(rig, ids[0] ?? "", DEAD);
    expect(used(rig.world)).toEqual([]);
    await applyRetention(rig.world, { byPolicy: true });
    rig.clock.now = instant(rig.clock.now + 3 * DAY);
    expect(await applyRetention(rig.world)).toMatchObject({ applied: { removed: ids.slice(0, 2) } });
  });
});
