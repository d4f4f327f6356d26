import type { RetentionReport } from "../domain/retention-report.ts";
import { scn } from "../domain/scn.ts";
import { heartbeatsToDrop, type Stretch, stretchesToThin, wholeDays } from "../retention/thin-heartbeats.ts";
import type { CoverageGround } from "./coverage.ts";
import type { World } from "./world.ts";

/** So many are read, and go in one transaction: a heartbeat that is noted meanwhile waits for milliseconds. */
const PAGE = 5_000;

/** What a retention looked at, before anything went. */
export interface RetentionGround {
  readonly report: RetentionReport;
  readonly ground: CoverageGround;
}

/**
 * Removes heartbeats of moments that nothing can be restored to, so that there are not half a million more of them each
 * year. Where the database or one manifest of the catalog cannot be read nothing goes: what they hold may come back. May die
 * anywhere: what is left is told as exactly or more. Returns how many went. The caller has the lock of the retention.
 */
export async function thinHeartbeats(world: World, { report, ground }: RetentionGround): Promise<number> {
  const known = await world.state.catalog.list(world.database.name);
  const isBlind = report.unreachable !== undefined || known.some(({ id }) => !ground.manifests.has(id));
  if (isBlind || known.length === 0) return 0;
  let gone = 0;
  for (const stretch of stretchesToThin(report.before, reachedAlone(ground)))
    gone += await thin(world, stretch);
  return gone;
}

/** Also of what is damaged, or of some tablespaces only: somebody may restore it by hand. */
function reachedAlone({ manifests }: CoverageGround): readonly Stretch[] {
  return [...manifests.values()].map(({ identity, scns }) => ({
    incarnation: identity.resetlogsId,
    from: scn(BigInt(scns.minimumRecovery)),
    to: scn(BigInt(scns.recoverableTo)),
  }));
}

async function thin({ state, database, clock, signal }: World, stretch: Stretch): Promise<number> {
  let gone = 0;
  for (let { from } = stretch; ;) {
    const read = state.heartbeats.within(database.name, { ...stretch, from }, PAGE);
    const isLast = read.length < PAGE;
    const page = isLast ? read : wholeDays(read);
    const drop = heartbeatsToDrop(page, clock.now());
    state.heartbeats.drop(database.name, drop);
    gone += drop.length;
    const last = page.at(-1);
    if (isLast || last === undefined) return gone;
    from = last.scn;
    // Others get their turn, and an interruption is seen.
    await clock.sleep(0, signal);
  }
}
