import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { backupHot } from "../../../src/run/backup-hot.ts";
import { reconcile } from "../../../src/run/reconcile.ts";
import { type Fault, faultyWorld } from "../../fakes/faulty-world.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

const options = { tablespaces: ["USERS"] };

const activeFiles = ({ instance }: SimulatedWorld) =>
  (instance.controlFile?.datafiles ?? []).filter((file) => instance.backupMode(file).status === "ACTIVE");

const runDirectories = ({ world }: SimulatedWorld) => {
  const hot = join(world.database.backupArea, "hot");
  return existsSync(hot) ? readdirSync(hot) : [];
};

/** Nothing in backup mode, nothing open, and each directory is a backup that the catalog has. */
async function expectClean(rig: SimulatedWorld, fault: Fault): Promise<void> {
  const { state, database } = rig.world;
  const backups = await state.catalog.list(database.name);
  const seen = {
    fault,
    active: activeFiles(rig).map((file) => file.file),
    obligations: await state.obligations.pending(database.name),
    runs: await state.journal.openRuns(database.name),
    directories: runDirectories(rig).toSorted(),
  };
  const clean = {
    active: [],
    obligations: [],
    runs: [],
    directories: backups.map((one) => one.id).toSorted(),
  };
  expect(seen).toEqual({ fault, ...clean });
}

/** Fails at effect 1, 2, 3, … until a run has no fault left. */
async function everyFault(rig: SimulatedWorld, kind: Omit<Fault, "at">): Promise<number> {
  for (let at = 1; ; at += 1) {
    const fault = { ...kind, at };
    const { world, effects } = faultyWorld(rig.world, fault);
    const result = await backupHot(world, options).catch((error: unknown) => error);
    if (effects() < at) {
      // A run that was spared must have come to its end.
      if (!(result as { ok?: boolean }).ok)
        throw new Error("the run failed of something else", { cause: result });
      return effects();
    }
    const mustBeEnded = kind.how === "dead" ? [] : activeFiles(rig);
    const survived = kind.how === "dead" && !(result instanceof Error);
    expect({ at, mustBeEnded, survived }).toEqual({ at, mustBeEnded: [], survived: false });
    const put = await reconcile(rig.world, { planOnly: false });
    expect({ at, ...put }).toMatchObject({ at, ok: true });
    await expectClean(rig, fault);
  }
}

test.each(["before", "after"] as const)(
  "a run that fails once, %s any effect, leaves nothing in backup mode, and reconcile leaves nothing at all",
  async (when) => {
    await using rig = await simulatedWorld();
    expect(await everyFault(rig, { how: "once", when })).toBeGreaterThan(50);
  },
  60_000,
);

test.each(["before", "after"] as const)(
  "an agent that dies %s any effect is put right by reconcile",
  async (when) => {
    await using rig = await simulatedWorld();
    expect(await everyFault(rig, { how: "dead", when })).toBeGreaterThan(50);
  },
  60_000,
);
