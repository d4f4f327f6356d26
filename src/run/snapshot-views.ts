import { pathInView, type SnapshotView } from "../../storage-adapters/contract.ts";
import type { FilePath, RunId } from "../domain/names.ts";
import type { AskedSnapshot, HideViews } from "../domain/snapshot-obligation.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { SnapshotCall } from "../ports/snapshots.ts";
import { processIdentity } from "../state/process-identity.ts";
import { storagesIn } from "./snapshot-plan.ts";
import type { World } from "./world.ts";

/** A file in a snapshot. */
export interface InSnapshot {
  readonly storage: string;
  readonly volume: string;
  readonly snapshot: string;
  readonly inside: string;
}

export interface ShownSnapshots {
  /** Where it can be read on the database's host. UMB-6306 for a file of another snapshot. */
  pathOf(file: InSnapshot): FilePath;
}

/**
 * Shows snapshots while `work` reads them, and hides them on every path. Some storages make a clone for it, so that it
 * is written down before; `umbra reconcile` hides what a dead process left. `owner` names the reader: `verify-<backup>`.
 */
export async function withViews<T>(
  world: World,
  owner: RunId,
  snapshots: readonly AskedSnapshot[],
  work: (shown: ShownSnapshots) => Promise<T>,
): Promise<T> {
  const { database, state, clock, signal } = world;
  const call: SnapshotCall = { deadlineMs: database.deadlines.copyStallMs, signal };
  const reader = processIdentity();
  const obligation: HideViews = {
    kind: "hide-views",
    id: `${owner}/views/${reader.pid}`,
    run: owner,
    database: database.name,
    openedAt: clock.now(),
    snapshots,
    reader,
  };
  await state.snapshotObligations.open(obligation);
  const done = await attempt(async () => {
    const views = new Map<string, SnapshotView>();
    for (const { storage, volume, name, tag } of snapshots) {
      const adapter = await storagesIn(world).open(storage, call);
      views.set(keyOf(storage, volume, name), await adapter.showSnapshot({ volume, name, tag }, call));
    }
    return await work({ pathOf: (file) => pathIn(views, file) });
  });
  // What was read counts; a view that stays is for reconcile.
  const hidden = await attempt(() => hideViews(world, obligation));
  if (!done.ok) throw done.error;
  if (!hidden.ok) {
    const seen = `the view of a snapshot could not be taken away: ${String(hidden.error)}`;
    const warning = { seen, todo: "`umbra reconcile` tries it again" };
    world.reporter.event({ kind: "warning", at: clock.now(), run: owner, warning });
  }
  return done.value;
}

/** Takes the views away. The run's signal does not stop it. */
export async function hideViews(world: World, { id, snapshots }: HideViews): Promise<void> {
  const call: SnapshotCall = { deadlineMs: world.database.deadlines.copyStallMs };
  for (const { storage, volume, name, tag } of snapshots) {
    const adapter = await storagesIn(world).open(storage, call);
    await adapter.hideSnapshot({ volume, name, tag }, call);
  }
  await world.state.snapshotObligations.discharge(id, world.clock.now(), "hidden");
}

function pathIn(views: ReadonlyMap<string, SnapshotView>, file: InSnapshot): FilePath {
  const { storage, volume, snapshot, inside } = file;
  const view = views.get(keyOf(storage, volume, snapshot));
  if (view === undefined)
    throw new UmbraError("UMB-6306", { storage, what: `snapshot ${snapshot} of ${volume}` });
  return pathInView(view, { inside });
}

function keyOf(storage: string, volume: string, name: string): string {
  return `${storage}\n${volume}\n${name}`;
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error };
  }
}
