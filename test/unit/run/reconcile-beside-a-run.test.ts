import { expect, test } from "vitest";

import type { RunId } from "../../../src/domain/names.ts";
import { reconcile } from "../../../src/run/reconcile.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

test.each([false, true])("a run that is at work is left alone (plan only: %s)", async (planOnly) => {
  await using rig = await simulatedWorld();
  const { state, database, clock } = rig.world;
  const run = "20261121T093300Z-hot-4f2a" as RunId;
  using _lock = state.locks.take(database.name, run, clock.now());
  expect(await reconcile(rig.world, { planOnly })).toMatchObject({
    ok: true,
    lines: [],
    atWork: { run, pid: process.pid },
  });
});

test("where nothing is open no lock is taken and no session opened: a backup may begin at the same moment", async () => {
  await using rig = await simulatedWorld({
    change: (world) => ({
      ...world,
      connector: { connect: () => Promise.reject(new Error("a session was opened")) },
      state: {
        ...world.state,
        locks: {
          ...world.state.locks,
          take: () => {
            throw new Error("the lock was taken");
          },
        },
      },
    }),
  });
  expect(await reconcile(rig.world, { planOnly: false })).toEqual({ ok: true, lines: [], warnings: [] });
});
