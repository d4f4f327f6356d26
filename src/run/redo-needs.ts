import { readIdentity } from "../discover/identity.ts";
import { readRedoNeeds } from "../discover/redo-needs.ts";
import type { LogDeletionInput } from "../domain/log-deletion.ts";
import { isInForce } from "../domain/retention.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { inRoot } from "./in-root.ts";
import type { KeptObject } from "./retention-objects.ts";
import type { World } from "./world.ts";

type Needs = Pick<LogDeletionInput, "needs" | "unknown">;

/** Standbys, capture and guaranteed restore points of the database whose logs these are. What it does not tell is unknown. */
export async function redoNeedsOfDatabase(
  world: World,
  dbid: string,
): Promise<Needs & { readonly unreachable?: string }> {
  try {
    return await inRoot(world, async (db, statement) => {
      const identity = await readIdentity(db, statement);
      if (identity.dbid === dbid) return await readRedoNeeds(db, statement);
      const answered = `the database, of which one with DBID ${identity.dbid} answered,`;
      return { needs: [], unknown: [answered] };
    });
  } catch (error) {
    if (!isUmbraError(error) || world.signal.aborted) throw error;
    return { needs: [], unknown: ["the database, which did not answer,"], unreachable: error.message };
  }
}

/** Who holds or uses an object now, by its id; of the live area too. */
export function keepersOfRedo(
  { state, clock, database: { name } }: World,
  objects: readonly KeptObject[],
): ReadonlyMap<string, readonly string[]> {
  const now = clock.now();
  const keepers = new Map<string, string[]>();
  const say = (id: string, who: string) => void keepers.set(id, [...(keepers.get(id) ?? []), who]);
  const holds = state.holds.list(name).filter((hold) => isInForce(hold, now));
  const leases = state.leases.list(name);
  for (const { object, owner } of holds) say(object, `held by ${owner}`);
  for (const { object, user } of leases) say(object, `used by ${user}`);
  const users = new Set(leases.map(({ user }) => user));
  for (const { id, usedBy } of objects) {
    for (const who of usedBy) if (!users.has(who)) say(id, `used by ${who}`);
  }
  return keepers;
}
