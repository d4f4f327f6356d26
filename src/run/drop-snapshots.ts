import type { DeleteSnapshots } from "../domain/snapshot-obligation.ts";
import { formatUtc, instant } from "../domain/instant.ts";
import type { SnapshotCall } from "../ports/snapshots.ts";
import { storagesIn } from "./snapshot-plan.ts";
import type { World } from "./world.ts";

/**
 * Deletes the snapshots that a dead run asked for, each with its tag read back. One that the storage takes late would
 * come back: until the deadline of what was asked has passed, the obligation stays, and they are looked for again.
 * `answered`: all that were asked for have been taken or were refused.
 */
export async function dropSnapshots(
  world: World,
  { id, snapshots, openedAt, deadlineMs }: DeleteSnapshots,
  { answered }: { readonly answered: boolean },
): Promise<{ readonly note: string; readonly settled: boolean }> {
  const call: SnapshotCall = { deadlineMs: world.database.deadlines.copyStallMs };
  const until = instant(openedAt + deadlineMs);
  // Asked before it is looked: what comes after that look is found by the next one.
  const settled = answered || world.clock.now() >= until;
  for (const { storage, volume, name, tag } of snapshots) {
    const adapter = await storagesIn(world).open(storage, call);
    await adapter.hideSnapshot({ volume, name, tag }, call);
    await adapter.deleteSnapshot({ volume, name, tag }, call);
  }
  const note = settled ? "deleted" : `deleted; looked for again until ${formatUtc(until)}`;
  if (settled) await world.state.snapshotObligations.discharge(id, world.clock.now(), note);
  return { note, settled };
}
