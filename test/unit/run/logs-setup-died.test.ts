import { expect, test } from "vitest";

import { setUpLogs, undoLogs } from "../../../src/run/logs-setup.ts";
import type { World } from "../../../src/run/world.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

class Died extends Error {}

/** The same world until its nth statement that changes something: from then on nothing is done any more. */
function dyingAt(world: World, last: number, after: boolean): { world: World; died: () => boolean } {
  let sent = 0;
  let dead = false;
  const alive = () => {
    if (dead) throw new Died("umbra is dead");
  };
  const connector: World["connector"] = {
    connect: async (options) => {
      alive();
      const db = await world.connector.connect(options);
      const execute = db.execute.bind(db);
      db.execute = async (sql, call) => {
        alive();
        sent += 1;
        dead = sent === last;
        if (!dead || after) await execute(sql, call);
        alive();
      };
      return db;
    },
  };
  const closed = async () => alive();
  const state: World["state"] = {
    ...world.state,
    logDestinations: { ...world.state.logDestinations, forget: closed },
    journal: {
      ...world.state.journal,
      closeRun: async (...end) => {
        alive();
        await world.state.journal.closeRun(...end);
      },
    },
  };
  return { world: { ...world, connector, state }, died: () => dead };
}

test("umbra that dies at any statement of a setup, sent or not: the next one finishes it, and undo finds all of it", async () => {
  await using rig = await simulatedWorld();
  const { world } = rig;
  const values = () =>
    [...rig.instance.parameters].filter(
      ([name, value]) => name.startsWith("log_archive_dest") && value !== "",
    );
  const before = values();
  let deaths = 0;
  for (const after of [false, true]) {
    for (let last = 1; ; last += 1) {
      const dying = dyingAt(world, last, after);
      const ended = await setUpLogs(dying.world).catch((error: unknown) => error);
      if (!dying.died()) break;
      deaths += 1;
      expect(ended).toBeInstanceOf(Died);
      expect(await setUpLogs(world)).toMatchObject({ ok: true });
      expect((await world.state.logDestinations.find(world.database.name))?.provedAt).toBeDefined();
      expect(await undoLogs(world)).toMatchObject({ ok: true });
      expect(values().filter(([, value]) => value !== "ENABLE")).toEqual(before);
    }
    await undoLogs(world);
  }
  expect(deaths).toBeGreaterThanOrEqual(6);
});
