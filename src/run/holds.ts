import { formatUtc, type Instant } from "../domain/instant.ts";
import { type CatalogEntry, liveId } from "../domain/journal.ts";
import { isInForce } from "../domain/retention.ts";
import type { Refusal } from "../domain/refusal.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import type { SnapshotCall } from "../ports/snapshots.ts";
import type { KeptHold } from "../state/holds.ts";
import { ownTag } from "./remove-snapshot.ts";
import type { World } from "./world.ts";

export interface HoldRequest {
  /** A backup or snapshot of the catalog. */
  readonly object: string;
  readonly reason: string;
  readonly owner: string;
  /** Absent: until it is released. */
  readonly expiresAt?: Instant;
}

export type HoldAdded =
  | { readonly ok: true; readonly hold: KeptHold; readonly onStorage: boolean }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/**
 * Keeps an object, and the redo it needs, until the hold is released or expires. It is in umbra's state first, then on
 * the storage where that has holds: a failure there leaves the hold in the state, and is thrown.
 * Refused with UMB-3165 for what is no backup or snapshot, UMB-3163 where its removal has begun.
 */
export async function addHold(world: World, request: HoldRequest): Promise<HoldAdded> {
  const { state, clock, database, random } = world;
  const entry = await state.catalog.get(request.object);
  if (entry === undefined || entry.database !== database.name || entry.id === liveId(database.name)) {
    return refused("UMB-3165", `${database.name} has no backup or snapshot called ${request.object}`);
  }
  const addedAt = clock.now();
  const day = formatUtc(addedAt).slice(0, 10).replaceAll("-", "");
  const id = `hold-${day}-${Buffer.from(random(3)).toString("hex")}`;
  const hold: KeptHold = { ...request, id, database: database.name, addedAt };
  if (!state.holds.add(hold)) return refused("UMB-3163", `the removal of ${entry.id} has begun`);
  const reached = await onStorageOf(world, entry, (holds, owned, call) =>
    holds.add({ ...owned, id, reason: `${request.owner}: ${request.reason}` }, call),
  );
  if (reached === "gone") {
    const storage = entry.snapshot?.storage ?? "";
    throw new UmbraError("UMB-6306", { storage, what: `snapshot ${entry.id}` });
  }
  return { ok: true, hold, onStorage: reached === "done" };
}

/**
 * Released already: undefined. The storage lets go first, so that a hold that is left there is still known here; of a
 * snapshot that is gone there is none.
 */
export async function releaseHold(world: World, id: string): Promise<KeptHold | undefined> {
  const { state, clock } = world;
  const hold = state.holds.get(id);
  if (hold === undefined) return undefined;
  const entry = await state.catalog.get(hold.object);
  if (entry !== undefined) {
    await onStorageOf(world, entry, (holds, owned, call) => holds.release({ ...owned, id }, call));
  }
  state.holds.release(id, clock.now());
  return hold;
}

/** Expired ones keep nothing here; the storage does not know of time. What it does not let go, is told. */
export async function releaseExpiredHolds(
  world: World,
): Promise<readonly { readonly object: string; readonly problem: string }[]> {
  const { state, clock, database, signal } = world;
  const now = clock.now();
  const problems: { object: string; problem: string }[] = [];
  for (const { id, object, ...hold } of state.holds.list(database.name)) {
    if (isInForce(hold, now)) continue;
    try {
      await releaseHold(world, id);
    } catch (error) {
      if (!isUmbraError(error) || signal.aborted) throw error;
      problems.push({ object, problem: `its expired hold ${id} is not released: ${error.message}` });
    }
  }
  return problems;
}

type Facet = NonNullable<Awaited<ReturnType<NonNullable<World["storages"]>["open"]>>["hold"]>;
type Owned = Parameters<Facet["list"]>[0];

/** `nowhere`: the object is no snapshot, or its storage has no holds. `gone`: the storage does not have the snapshot. */
async function onStorageOf(
  world: World,
  { snapshot }: CatalogEntry,
  act: (holds: Facet, owned: Owned, call: SnapshotCall) => Promise<void>,
): Promise<"done" | "nowhere" | "gone"> {
  if (snapshot === undefined) return "nowhere";
  const { storages, database, signal } = world;
  if (storages === undefined) throw new UmbraError("UMB-2008", { name: snapshot.storage });
  const call: SnapshotCall = { deadlineMs: database.deadlines.copyStallMs, signal };
  const storage = await storages.open(snapshot.storage, call);
  if (storage.hold === undefined) return "nowhere";
  const ref = { volume: snapshot.volume, name: snapshot.name };
  const found = await storage.findSnapshot(ref, call);
  if (found === undefined) return "gone";
  await act(storage.hold, { ...ref, tag: ownTag(world, snapshot, found) }, call);
  return "done";
}

function refused(code: string, seen: string): HoldAdded {
  return { ok: false, refusals: [{ code, seen, todo: "`umbra list` shows what can be held" }] };
}
