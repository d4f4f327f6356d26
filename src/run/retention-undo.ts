import type { Refusal } from "../domain/refusal.ts";
import { aside } from "./aside-record.ts";
import { unmark } from "./mark-object.ts";
import type { World } from "./world.ts";

export type RetentionUndone =
  | { readonly ok: true; readonly kept: readonly string[] }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/**
 * Keeps what was marked to go: one object, or all that one run marked. The next retention decides anew: a hold keeps it
 * from going again. Refused with UMB-3165 where nothing of that name waits, and where its removal has begun.
 */
export async function undoRetention(world: World, id: string): Promise<RetentionUndone> {
  return await aside(world, "retention", async () => {
    const { state, database } = world;
    const waiting = state.tombstones.list(database.name).filter((one) => one.object === id || one.run === id);
    const kept: string[] = [];
    for (const tombstone of waiting) {
      if (!state.tombstones.takeBack(tombstone.object)) continue;
      await unmark(world, tombstone);
      kept.push(tombstone.object);
    }
    if (kept.length > 0) return { ok: true, kept };
    const gone = state.tombstones.get(id);
    const seen =
      gone?.removingAt === undefined
        ? `nothing that goes is called ${id}`
        : `the removal of ${id} ${gone.removedAt === undefined ? "has begun" : "is done"}`;
    const todo = "`umbra retention plan` shows what goes and can be kept";
    return { ok: false, refusals: [{ code: "UMB-3165", seen, todo }] };
  });
}
