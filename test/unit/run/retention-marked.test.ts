import { expect, test } from "vitest";

import { instant } from "../../../src/domain/instant.ts";
import { planRetentionOf } from "../../../src/run/retention-plan.ts";
import { DAY, HOUR, keptBackups, RETENTION } from "../../rigs/kept-backups.ts";

const protectedFor = {
  ...RETENTION,
  protectMs: 30 * DAY,
  policy: { ...RETENTION.policy, keep: { daily: 1 } },
};

/** Two backups of the same redo, and one that the policy keeps. */
async function twice() {
  const rig = keptBackups(protectedFor);
  const at = (day: number) => instant(rig.clock.now - day * DAY - HOUR);
  const one = await rig.make({ at: at(3), from: 10, to: 30 });
  const other = await rig.make({ at: at(2), from: 10, to: 30 });
  const newest = await rig.make({ at: at(0), from: 30, to: 40 });
  const staying = async () => {
    const planned = await planRetentionOf(rig.world);
    if (!planned.ok) throw new Error(planned.refusals[0]?.seen);
    return planned.report.lines.filter(({ stays }) => stays).map(({ object }) => object.id);
  };
  const marked = (decidedBy: "policy" | "person") => {
    const { state, database, clock } = rig.world;
    const times = { markedAt: clock.now(), removeFrom: instant(clock.now() + DAY) };
    const said = { decidedBy, why: ["because"], run: newest.id as never };
    state.tombstones.put({ object: other.id, database: database.name, entry: other, ...said, ...times });
  };
  return { rig, one: one.id, other: other.id, newest: newest.id, staying, marked };
}

test("of two that restore the same one goes, and the other is protected", async () => {
  const { rig, other, newest, staying } = await twice();
  using _rig = rig;
  expect(await staying()).toEqual([other, newest]);
});

test("what a person has marked to go is not relied upon, though it can still be restored", async () => {
  const { rig, one, newest, staying, marked } = await twice();
  using _rig = rig;
  marked("person");
  expect(await staying()).toEqual([one, newest]);
});

test("what a policy has marked is decided anew, and relied upon only where it stays", async () => {
  const { rig, one, other, newest, staying, marked } = await twice();
  using _rig = rig;
  marked("policy");
  expect(await staying()).toEqual([other, newest]);
  rig.world.state.tombstones.claim(other, rig.clock.now);
  expect(await staying()).toEqual([one, newest]);
});
