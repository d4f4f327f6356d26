import { expect, test } from "vitest";

import type { RunId } from "../../src/domain/names.ts";
import type { StartupObligation } from "../../src/domain/obligation.ts";
import { bringBack } from "../../src/run/bring-back.ts";
import { reconcile } from "../../src/run/reconcile.ts";
import { type Fault, faultyWorld } from "../fakes/faulty-world.ts";
import { hurried, owed, owedStartup, shutDownCleanly } from "../rigs/owed-startup.ts";
import { type SimulatedWorld, simulatedWorld } from "../rigs/simulated-world.ts";

/** Far above the effects of one bring-back. */
const MOST_EFFECTS = 60;

async function shutDownByUmbra(rig: SimulatedWorld, at: number): Promise<StartupObligation> {
  const obligation = await owedStartup(rig.world, { run: `20261121T093300Z-cold-${at}` as RunId });
  await shutDownCleanly(rig);
  return obligation;
}

/** Calls `check` after a bring-back with the fault at effect 1, 2, 3 … until one has no such effect any more. */
async function everywhere(
  rig: SimulatedWorld,
  fault: Omit<Fault, "at">,
  check: (outcome: "back" | "failed") => Promise<void>,
): Promise<number> {
  for (let at = 1; at < MOST_EFFECTS; at += 1) {
    const obligation = await shutDownByUmbra(rig, at);
    const faulty = faultyWorld(rig.world, { at, ...fault });
    const outcome = await bringBack(faulty.world, obligation, { whenMounted: () => Promise.resolve() }).then(
      () => "back" as const,
      () => "failed" as const,
    );
    await check(outcome);
    if (faulty.effects() < at) return at - 1;
  }
  throw new Error("a bring-back never came to its end");
}

test.each(["before", "after"] as const)(
  "whatever fails once %s it took place, the database is back",
  async (when) => {
    await using rig = await simulatedWorld({ change: hurried });
    const faults = await everywhere(rig, { when, how: "once" }, async () => {
      expect(rig.instance.openMode).toBe("READ WRITE");
      // Where only the state could not be written, it is noted now.
      await reconcile(rig.world, { planOnly: false });
      expect(await owed(rig)).toEqual([]);
    });
    expect(faults).toBeGreaterThan(8);
  },
);

test.each(["before", "after"] as const)(
  "umbra killed %s any step of it: reconcile brings it back",
  async (when) => {
    await using rig = await simulatedWorld({ change: hurried });
    const faults = await everywhere(rig, { when, how: "dead" }, async () => {
      await reconcile(rig.world, { planOnly: false });
      expect(rig.instance.openMode).toBe("READ WRITE");
      expect(await owed(rig)).toEqual([]);
      expect(await rig.world.state.journal.openRuns(rig.world.database.name)).toEqual([]);
    });
    expect(faults).toBeGreaterThan(8);
  },
);
