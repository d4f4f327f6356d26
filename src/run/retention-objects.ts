import { type CatalogEntry, liveId } from "../domain/journal.ts";
import type { Manifest } from "../domain/manifest.ts";
import { isInForce, type RetentionObject, type Tombstone } from "../domain/retention.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { scn } from "../domain/scn.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { takenAt } from "../retention/taken-at.ts";
import { type TakenAtScn, timesInOrder } from "../retention/times-in-order.ts";
import type { CoverageGround } from "./coverage.ts";
import type { World } from "./world.ts";

/** An object of retention with the catalog's row it was made of. */
export interface KeptObject extends RetentionObject {
  readonly entry: CatalogEntry;
}

/** What the storage says of the snapshots of the live area, or why it says nothing. */
export type SeenSnapshots = { readonly seen: ReadonlyMap<string, Snapshot> } | { readonly unseen: string };

/** Shows them too, so that their manifests can be read. */
export async function seeSnapshots({ snapshots, database, signal }: World): Promise<SeenSnapshots> {
  if (snapshots === undefined) return { unseen: "the configuration does not say what takes snapshots" };
  try {
    const listed = await snapshots.list({ deadlineMs: database.deadlines.copyStallMs, signal });
    return { seen: new Map(listed.map((one) => [one.name, one])) };
  } catch (error) {
    if (!isUmbraError(error) || signal.aborted) throw error;
    return { unseen: error.message };
  }
}

/** Everything in the catalog but the live area, which is no history. */
export async function retentionObjects(
  { state, clock, storages, database: { name } }: World,
  ground: CoverageGround,
  snapshots: SeenSnapshots,
): Promise<readonly KeptObject[]> {
  const proven = new Set((await state.proofs.list(name)).map(({ object }) => object));
  const now = clock.now();
  const holds = state.holds.list(name).filter((hold) => isInForce(hold, now));
  const leases = state.leases.list(name);
  // The storage has them too.
  const own = new Set(holds.map(({ id }) => `hold ${id}`));
  const entries = (await state.catalog.list(name)).filter(({ id }) => id !== liveId(name));
  const times = timesInOrder(
    everTaken(entries, [...state.tombstones.list(name), ...state.tombstones.removedOnes(name)]),
  );
  return entries.map((entry): KeptObject => {
    const unseen =
      whyUnseen(entry, ground.manifests.get(entry.id), snapshots) ??
      whyForeign(entry, snapshots, storages?.agent);
    const good = unseen === undefined && isGood(entry, ground);
    return {
      id: entry.id,
      entry,
      takenAt: times.get(entry.id) ?? takenAt(entry),
      good,
      proven: good && proven.has(entry.id),
      holds: holds.filter(({ object }) => object === entry.id),
      usedBy: [
        ...leases.filter(({ object }) => object === entry.id).map(({ user }) => user),
        ...keepers(entry, snapshots).filter((keeper) => !own.has(keeper)),
      ],
      ...(unseen === undefined ? {} : { unseen }),
    };
  });
}

/** With what was removed before, so that its removal moves nothing. */
function everTaken(
  entries: readonly CatalogEntry[],
  tombstones: readonly Tombstone[],
): readonly TakenAtScn[] {
  const all = [...tombstones.map(({ entry }) => entry), ...entries];
  return [...new Map(all.map((entry) => [entry.id, takenAtScn(entry)])).values()];
}

function takenAtScn(entry: CatalogEntry): TakenAtScn {
  const { id, resetlogsScn, minimumRecoveryScn } = entry;
  return { id, takenAt: takenAt(entry), line: resetlogsScn, scn: scn(BigInt(minimumRecoveryScn)) };
}

/** Absent is not lost: a storage that is not mounted must not make its backups worthless. */
function whyUnseen(
  { snapshot }: CatalogEntry,
  manifest: Manifest | undefined,
  snapshots: SeenSnapshots,
): string | undefined {
  if (snapshot !== undefined && "unseen" in snapshots) return snapshots.unseen;
  return manifest === undefined ? "its manifest cannot be read" : undefined;
}

/** Another installation of umbra took it, and alone may delete it. */
function whyForeign(
  { id, snapshot }: CatalogEntry,
  snapshots: SeenSnapshots,
  agent: string | undefined,
): string | undefined {
  if (snapshot === undefined || "unseen" in snapshots) return undefined;
  const tag = snapshots.seen.get(id)?.tag;
  if (tag === undefined || tag.agent === agent) return undefined;
  return `it belongs to the umbra of ${tag.agent}`;
}

/** A backup of some tablespaces is good for those. */
function isGood({ id, verdict, onlyTablespaces }: CatalogEntry, { input }: CoverageGround): boolean {
  if (verdict === "damaged") return false;
  if (onlyTablespaces !== undefined) return true;
  return input.sources.find((source) => source.id === id)?.unusable === undefined;
}

/** Holds and clones that the storage knows of, whoever made them. */
function keepers({ id, snapshot }: CatalogEntry, snapshots: SeenSnapshots): readonly string[] {
  if (snapshot === undefined || "unseen" in snapshots) return [];
  return snapshots.seen.get(id)?.heldBy ?? [];
}

/** Copies of read-only files in earlier backups (rule 30). */
export function needsOf({ manifests }: CoverageGround): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...manifests].map(([id, manifest]) => {
      const kept = manifest.kind === "cold" ? manifest.kept : [];
      return [id, [...new Set(kept.map(({ backup }) => backup))]];
    }),
  );
}
