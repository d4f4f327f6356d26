import { instant } from "../domain/instant.ts";
import type { CatalogEntry } from "../domain/journal.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { Tombstone } from "../domain/retention.ts";
import { aside } from "./aside-record.ts";
import { coverageGround } from "./coverage.ts";
import { keepersOf, lastOfItsKind } from "./reasons-against.ts";
import { removeObject } from "./remove-object.ts";
import { retentionObjects, seeSnapshots } from "./retention-objects.ts";
import { DEFAULT_GRACE_MS } from "./retention-plan.ts";
import type { World } from "./world.ts";

export interface DeleteOptions {
  readonly planOnly?: boolean;
  /** Without the time of grace. */
  readonly now?: boolean;
}

export type SnapshotDeleted =
  | { readonly ok: true; readonly tombstone: Tombstone; readonly removed: boolean }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/**
 * Deletes one snapshot of a live area: marked now, removed by the retention after the time of grace, or at once.
 * Refused with UMB-3163 where something holds or uses it, UMB-3164 where it is the last one that is good or proven.
 * Errors: UMB-6303 and UMB-6305 of the storage; UMB-8001 while a run is at work.
 */
export async function deleteSnapshot(
  world: World,
  entry: CatalogEntry,
  { planOnly = false, now = false }: DeleteOptions = {},
): Promise<SnapshotDeleted> {
  if (planOnly) return await decided(world, entry, { run: "planned" as Tombstone["run"], now });
  return await aside(world, "retention", ({ run, alone }) =>
    alone(async (): Promise<SnapshotDeleted> => {
      const answer = await decided(world, entry, { run, now });
      if (!answer.ok) return answer;
      const { state, clock } = world;
      // What a policy decided is now decided by a person.
      state.tombstones.takeBack(entry.id);
      state.tombstones.put(answer.tombstone);
      if (!now) return answer;
      if (!state.tombstones.claim(entry.id, clock.now())) {
        return refused("UMB-3163", [`something began to hold or use ${entry.id} just now`]);
      }
      await removeObject(world, answer.tombstone);
      state.tombstones.removed(entry.id, clock.now());
      return { ...answer, removed: true };
    }),
  );
}

async function decided(
  world: World,
  entry: CatalogEntry,
  { run, now }: { readonly run: Tombstone["run"]; readonly now: boolean },
): Promise<SnapshotDeleted> {
  const { state, database, clock } = world;
  const snapshots = await seeSnapshots(world);
  const objects = await retentionObjects(world, await coverageGround(world), snapshots);
  const going = new Set(state.tombstones.list(database.name).map(({ object }) => object));
  const object = objects.find(({ id }) => id === entry.id);
  if (object === undefined || entry.snapshot === undefined) {
    return refused("UMB-3165", [`${database.name} has no snapshot called ${entry.id}`]);
  }
  const others = objects.filter(({ id }) => id !== entry.id && !going.has(id));
  const kept = keepersOf(object);
  if (kept.length > 0)
    return refused(
      "UMB-3163",
      kept.map((why) => `${entry.id}: ${why}`),
    );
  const last = lastOfItsKind(object, others);
  if (last.length > 0)
    return refused(
      "UMB-3164",
      last.map((why) => `${entry.id}: ${why}`),
    );
  const markedAt = clock.now();
  const graceMs = now ? 0 : (database.retention?.graceMs ?? DEFAULT_GRACE_MS);
  const times = { markedAt, removeFrom: instant(markedAt + graceMs) };
  const said = { decidedBy: "person", why: ["somebody deleted it"] } as const;
  const tombstone = { object: entry.id, database: database.name, run, ...said, entry, ...times };
  return { ok: true, tombstone, removed: false };
}

function refused(code: string, seen: readonly string[]): SnapshotDeleted {
  const todo =
    code === "UMB-3164" ? "make another one first" : "`umbra hold list` and `umbra snapshot list` show more";
  return { ok: false, refusals: seen.map((one) => ({ code, seen: one, todo })) };
}
