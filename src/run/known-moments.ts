import type { Incarnation } from "../domain/coverage.ts";
import type { Instant } from "../domain/instant.ts";
import { formatScn, scn } from "../domain/scn.ts";
import type { KnownMoment } from "../retention/protected-targets.ts";
import type { World } from "./world.ts";

/**
 * What tells which SCNs are younger than `from`: heartbeats, and the ends of backups, of those that were removed too, so
 * that nothing is younger after a removal than before it. Heartbeats that went can only make an SCN look younger, which
 * protects it.
 */
export async function knownMoments(
  { state, database }: World,
  incarnations: readonly Incarnation[],
  from: Instant,
): Promise<readonly KnownMoment[]> {
  const present = await state.catalog.list(database.name);
  const going = [...state.tombstones.list(database.name), ...state.tombstones.removedOnes(database.name)];
  const ends = [...present, ...going.map(({ entry }) => entry)].flatMap((entry): readonly KnownMoment[] => {
    // Two incarnations may have begun at the same SCN: then nobody can tell.
    const begun = incarnations.filter(({ resetlogsScn }) => formatScn(resetlogsScn) === entry.resetlogsScn);
    const [incarnation] = begun;
    if (incarnation === undefined || begun.length > 1) return [];
    return [
      { incarnation: incarnation.id, scn: scn(BigInt(entry.minimumRecoveryScn)), at: entry.finishedAt },
    ];
  });
  const heartbeats = state.heartbeats;
  return [...heartbeats.about(database.name, from), ...heartbeats.around(database.name, ends), ...ends];
}
