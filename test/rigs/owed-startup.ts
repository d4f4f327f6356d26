import { type FilePath, ROOT, type RunId } from "../../src/domain/names.ts";
import type { StartupObligation } from "../../src/domain/obligation.ts";
import { readSavedState } from "../../src/run/saved-state.ts";
import type { World } from "../../src/run/world.ts";
import { hurriedClock } from "../fakes/hurried-clock.ts";
import type { SimulatedWorld } from "./simulated-world.ts";

export const coldRun = "20261121T093300Z-cold-4f2a91" as RunId;

/** What a cold run writes before it sends SHUTDOWN: the open run, and the state that the database has now. */
export async function owedStartup(
  world: World,
  { run = coldRun, directory }: { readonly run?: RunId; readonly directory?: FilePath } = {},
): Promise<StartupObligation> {
  const { clock, connector, database, state } = world;
  await using db = await connector.connect({ container: ROOT, deadlineMs: database.deadlines.connectMs });
  const { identity, saved, startedAt } = await readSavedState(world, db);
  const obligation: StartupObligation = {
    id: `${run}/shut-down`,
    run,
    database: database.name,
    dbid: identity.dbid,
    resetlogsScn: identity.resetlogsScn,
    saved,
    startedAt,
    openedAt: clock.now(),
  };
  await state.journal.openRun({
    id: run,
    database: database.name,
    kind: "cold-backup",
    startedAt: clock.now(),
    ...(directory === undefined ? {} : { directory }),
  });
  await state.startups.open(obligation);
  return obligation;
}

/** A world whose sleeps take no time. */
export function hurried(world: World): World {
  return { ...world, clock: hurriedClock(world.clock) };
}

export async function shutDownCleanly({ programs }: SimulatedWorld): Promise<void> {
  await programs.operations.shutdown("IMMEDIATE", () => undefined);
}

export const owed = ({ world }: SimulatedWorld): Promise<readonly StartupObligation[]> =>
  world.state.startups.pending(world.database.name);
