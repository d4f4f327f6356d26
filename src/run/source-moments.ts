import { type FileChange, pathInView, type SnapshotView } from "../../storage-adapters/contract.ts";
import type { FilePath } from "../domain/names.ts";
import type { DeleteSnapshots } from "../domain/snapshot-obligation.ts";
import type { OwnershipTag, SnapshotName, VolumeId } from "../domain/snapshot.ts";
import type { SourceMoment } from "../domain/source-moment.ts";
import type { CopyDatafile, RefreshDatafile } from "../domain/step.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { flatSteps } from "../plan/describe-step.ts";
import type { ByteExtent } from "../ports/copier.ts";
import type { SnapshotCall } from "../ports/snapshots.ts";
import type { Place } from "./at-its-place.ts";
import { storagesIn } from "./snapshot-plan.ts";
import type { StepContext } from "./step-context.ts";

type Read = Pick<CopyDatafile, "file" | "path" | "moment">;

/**
 * The snapshot in which a file is to be read, taken now if no other file of its window has had it taken. undefined where
 * none is planned, the file is not where the plan saw it, or the storage failed, which is noted: the file is read where it
 * lies then. The manifest names the moment beside the copy. The rule: domain/source-moment.ts.
 */
export async function takeMoment(
  step: Read,
  place: Place,
  context: StepContext,
): Promise<FilePath | undefined> {
  const { area } = context.results;
  const { moment } = step;
  area.changesFrom.delete(step.file);
  if (moment === undefined || place.path !== step.path) return undefined;
  const key = `${moment.storage}\n${moment.volume}\n${moment.snapshot}`;
  const view = await once(area.views, key, () => noted("taken", context, () => taken(moment, context)));
  if (view === undefined) return undefined;
  area.changesFrom.set(step.file, moment);
  return pathInView(view, moment);
}

/** What the storage lists of a file between the moment of its copy and this run's; undefined where it cannot say. */
export async function listedChanges(
  step: Pick<RefreshDatafile, "changesFrom" | "moment" | "blockSize">,
  place: Place,
  context: StepContext,
): Promise<readonly ByteExtent[] | undefined> {
  const { changesFrom: from, moment } = step;
  if (from === undefined || moment === undefined) return undefined;
  const { lists } = context.results.area;
  const key = [moment.storage, moment.volume, from.snapshot, moment.snapshot].join("\n");
  const list = await once(lists, key, () => noted("listed", context, () => listed(from, moment, context)));
  const change = list?.find((one) => one?.inside === moment.inside);
  // It grew after the moment.
  if (change === undefined || change.bytes < (place.blocks + 1) * step.blockSize) return undefined;
  return change.extents.map(({ offset, length }) => ({ offset, bytes: length }));
}

/** Written down before the storage hears of it: it goes with a run that dies. */
async function taken(moment: SourceMoment, context: StepContext): Promise<SnapshotView> {
  const { world, plan, results } = context;
  const storages = storagesIn(world);
  const volume = moment.volume as VolumeId;
  const name = moment.snapshot as SnapshotName;
  const tag: OwnershipTag = { agent: storages.agent, database: world.database.name, run: plan.run };
  const others = results.snapshots.asked?.snapshots ?? [];
  const { copyStallMs } = world.database.deadlines;
  const asked: DeleteSnapshots = {
    kind: "delete-snapshots",
    id: `${plan.run}/snapshots`,
    run: plan.run,
    database: world.database.name,
    openedAt: world.clock.now(),
    snapshots: [...others, { storage: moment.storage, volume, name, tag }],
    deadlineMs: copyStallMs,
  };
  results.snapshots.asked = asked;
  await world.state.snapshotObligations.open(asked);
  const storage = await storages.open(moment.storage, callOf(context));
  const paths = stepsWith(moment, context).map(({ path }) => path);
  results.snapshots.unanswered += 1;
  await storage.createSnapshot({ volume, name, tag, paths }, callOf(context));
  results.snapshots.unanswered -= 1;
  return await storage.showSnapshot({ volume, name, tag }, callOf(context));
}

async function listed(
  from: SourceMoment,
  moment: SourceMoment,
  context: StepContext,
): Promise<readonly (FileChange | undefined)[]> {
  const storage = await storagesIn(context.world).open(moment.storage, callOf(context));
  const files = stepsWith(moment, context)
    .filter((step) => step.kind === "refresh-datafile" && step.changesFrom?.snapshot === from.snapshot)
    .flatMap((step) => (step.moment === undefined ? [] : [step.moment.inside]));
  const request = {
    volume: moment.volume as VolumeId,
    earlier: from.snapshot as SnapshotName,
    later: moment.snapshot as SnapshotName,
    files,
  };
  return (await storage.changedBlocks?.between(request, callOf(context))) ?? [];
}

/** All steps whose files are in this snapshot. */
function stepsWith({ storage, volume, snapshot }: SourceMoment, { plan }: StepContext) {
  return flatSteps(plan.steps).flatMap((step) => {
    if (step.kind !== "copy-datafile" && step.kind !== "refresh-datafile") return [];
    const { moment } = step;
    if (moment?.snapshot !== snapshot || moment.volume !== volume || moment.storage !== storage) return [];
    return [step];
  });
}

function once<T>(known: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? work();
  known.set(key, found);
  return found;
}

/** A storage that fails costs time, and no refresh. */
async function noted<T>(
  what: "taken" | "listed",
  { results, signal }: StepContext,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isUmbraError(error) || signal.aborted) throw error;
    const failed = what === "taken" ? "no snapshot of the datafiles was taken" : "no changes were listed";
    results.notes.push(`${failed}, all was read: ${error.message}`);
    return undefined;
  }
}

function callOf({ world, signal }: StepContext): SnapshotCall {
  return { deadlineMs: world.database.deadlines.copyStallMs, signal };
}

/** What the files of one volume have in common. */
export function volumeKey({ storage, volume }: SourceMoment): string {
  return `${storage}\n${volume}`;
}
