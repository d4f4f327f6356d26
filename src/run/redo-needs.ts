import { neededFrom } from "../coverage/redo-reach.ts";
import type { Incarnation } from "../domain/coverage.ts";
import type { RedoNeed } from "../domain/log-deletion.ts";
import { coverageGround } from "./coverage.ts";
import type { World } from "./world.ts";

/** What a deletion of archived logs must be told of copies and holds. Standbys and capture are the database's to tell. */
export interface CopiesNeeds {
  readonly needs: readonly RedoNeed[];
  /** Whose need nobody can tell: while there is one, no log goes. */
  readonly unknown: readonly string[];
  readonly incarnations: readonly Incarnation[];
}

/**
 * The redo that backups, snapshots and the live area need: all that are in the catalog, so also those that go, as long as
 * they can be kept after all. What is held says so. Errors: as `coverageReport`.
 */
export async function redoNeedsOfCopies(world: World): Promise<CopiesNeeds> {
  const { state, database, clock } = world;
  const now = clock.now();
  const { input, manifests } = await coverageGround(world);
  const needs: RedoNeed[] = [];
  const unknown: string[] = [];
  for (const { id, incarnation, files } of input.sources) {
    const from = neededFrom(files);
    if (from === undefined || !manifests.has(id)) {
      unknown.push(`backup ${id}`);
      continue;
    }
    const holds = state.holds
      .list(database.name)
      .filter(({ object, expiresAt }) => object === id && (expiresAt === undefined || expiresAt > now));
    needs.push({ kind: "source", name: id, incarnation, from });
    for (const { owner } of holds) {
      needs.push({ kind: "source", name: `${id}, held by ${owner},`, incarnation, from });
    }
  }
  return { needs, unknown, incarnations: input.incarnations };
}
