import { type Instant, instant } from "../domain/instant.ts";
import type { CatalogEntry } from "../domain/journal.ts";
import { parseSnapshotName } from "../domain/snapshot.ts";

const SECOND_MS = 1000;

/**
 * Of a snapshot its own time: several may hold the copies of one refresh. Its name is UTC, so no summer time is in it, and
 * tells the second: copies that were finished later in that second were finished when it was taken.
 */
export function takenAt({
  id,
  snapshot,
  finishedAt,
}: Pick<CatalogEntry, "id" | "snapshot" | "finishedAt">): Instant {
  const named = snapshot === undefined ? undefined : parseSnapshotName(id)?.at;
  if (named === undefined) return finishedAt;
  const isInSecond = finishedAt > named && finishedAt - named < SECOND_MS;
  return instant(isInSecond ? finishedAt : named);
}
