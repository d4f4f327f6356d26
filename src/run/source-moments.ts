import { type FileChange, pathInView, type SnapshotView } from "../../storage-adapters/contract.ts";
import type { FilePath } from "../domain/names.ts";
import { formatScn } from "../domain/scn.ts";
import type { DeleteSnapshots } from "../domain/snapshot-obligation.ts";
import type { OwnershipTag, SnapshotName, VolumeId } from "../domain/snapshot.ts";
import { firstMoment, type SourceMoment } from "../domain/source-moment.ts";
import type { CopyDatafile, RefreshDatafile } from "../domain/step.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { flatSteps } from "../plan/describe-step.ts";
import type { ByteExtent } from "../ports/copier.ts";
import type { SnapshotCall } from "../ports/snapshots.ts";
import type { Place } from "./at-its-place.ts";
import { storagesIn } from "./snapshot-plan.ts";
import type { StepContext } from "./step-context.ts";

type Read = Pick<CopyDatafile, "file" | "path" | "moment" | "checkpointScn">;

/**
 * The snapshot in which a file is to be read, taken now if no other file of its tablespace has had it taken, after the
 * first one of the run. undefined where none is planned, the file is not where the plan saw it, or the storage failed,
 * which is noted: the file is read where it lies then. The manifest names the first beside the copy. The rule:
 * domain/source-moment.ts.
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
  const first = firstMoment(moment, context.plan.run);
  if ((await viewOf(first, context)) === undefined) return undefined;
  area.changesFrom.set(step.file, { ...first, checkpointScn: formatScn(step.checkpointScn) });
  const view = await viewOf(moment, context);
  return view === undefined ? undefined : pathInView(view, moment);
}

function viewOf(moment: SourceMoment, context: StepContext): Promise<SnapshotView | undefined> {
  const key = `${volumeKey(moment)}\n${moment.snapshot}`;
  const { views } = context.results.area;
  return once(views, key, () => noted("taken", context, () => taken(moment, context)));
}

/** What the storage lists of a file from the moment of its copy to the one it is read in; undefined where it cannot say. */
export async function listedChanges(
  step: Pick<RefreshDatafile, "changesFrom" | "moment" | "blockSize">,
  place: Place,
  context: StepContext,
): Promise<readonly ByteExtent[] | undefined> {
  const { changesFrom: from, moment } = step;
  if (from === undefined || moment === undefined) return undefined;
  const first = firstMoment(moment, context.plan.run);
  const own = first.snapshot === moment.snapshot ? [] : [[first, moment] as const];
  const changes: FileChange[] = [];
  for (const [begin, end] of [[from, first] as const, ...own]) {
    const change = await changeBetween(begin, end, context);
    if (change === undefined) return undefined;
    changes.push(change);
  }
  // It grew after the moment.
  if ((changes.at(-1)?.bytes ?? 0) < (place.blocks + 1) * step.blockSize) return undefined;
  return changes.flatMap(({ extents }) => extents.map(({ offset, length }) => ({ offset, bytes: length })));
}

async function changeBetween(
  from: SourceMoment,
  to: SourceMoment,
  context: StepContext,
): Promise<FileChange | undefined> {
  const key = `${volumeKey(to)}\n${from.snapshot}\n${to.snapshot}`;
  const { lists } = context.results.area;
  const list = await once(lists, key, () => noted("listed", context, () => listed(from, to, context)));
  return list?.find((one) => one?.inside === to.inside);
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
  const paths = stepsIn(moment, context).map(({ path }) => path);
  results.snapshots.unanswered += 1;
  await storage.createSnapshot({ volume, name, tag, paths }, callOf(context));
  results.snapshots.unanswered -= 1;
  return await storage.showSnapshot({ volume, name, tag }, callOf(context));
}

/** Of all files in the later snapshot at once: how much is listed costs time, not how often it is looked up. */
async function listed(
  from: SourceMoment,
  to: SourceMoment,
  context: StepContext,
): Promise<readonly (FileChange | undefined)[]> {
  const storage = await storagesIn(context.world).open(to.storage, callOf(context));
  const files = stepsIn(to, context).flatMap((step) =>
    step.changesFrom === undefined || step.moment === undefined ? [] : [step.moment.inside],
  );
  const request = {
    volume: to.volume as VolumeId,
    earlier: from.snapshot as SnapshotName,
    later: to.snapshot as SnapshotName,
    files,
  };
  return (await storage.changedBlocks?.between(request, callOf(context))) ?? [];
}

/** All steps whose files are wanted in this snapshot: of the volume in the first one, of a tablespace in the others. */
function stepsIn(
  wanted: SourceMoment,
  { plan }: StepContext,
): readonly Pick<RefreshDatafile, "path" | "moment" | "changesFrom">[] {
  const isFirst = wanted.snapshot === firstMoment(wanted, plan.run).snapshot;
  return flatSteps(plan.steps).flatMap((step) => {
    if (step.kind !== "copy-datafile" && step.kind !== "refresh-datafile") return [];
    const { moment } = step;
    if (moment === undefined || volumeKey(moment) !== volumeKey(wanted)) return [];
    return isFirst || moment.snapshot === wanted.snapshot ? [step] : [];
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
