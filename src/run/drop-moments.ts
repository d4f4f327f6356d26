import type { RefreshedManifest } from "../domain/manifest.ts";
import { counted } from "../domain/human.ts";
import type { VolumeId } from "../domain/snapshot.ts";
import { isMomentName, type SourceMoment } from "../domain/source-moment.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import type { SnapshotCall } from "../ports/snapshots.ts";
import { areaPlan } from "./area-plan.ts";
import { storagesIn } from "./snapshot-plan.ts";
import { volumeKey } from "./source-moments.ts";
import type { StepContext } from "./step-context.ts";

/**
 * After the manifest is durable: the moments that it does not name go, of earlier runs and of those that died, each with
 * its tag read back. The others stay until the next refresh, and are not shown. A storage that fails stops nothing: the
 * next refresh tries it again. Gives a note for people.
 */
export async function dropMoments(
  manifest: RefreshedManifest,
  context: StepContext,
): Promise<string | undefined> {
  const { world, results, signal } = context;
  const kept = momentsIn(manifest);
  const asked = results.snapshots.asked?.snapshots ?? [];
  const past = momentsIn(areaPlan(context).previous);
  const own = asked.map(({ name, ...at }): SourceMoment => ({ ...at, snapshot: name, inside: "" }));
  const volumes = new Map([...past, ...kept, ...own].map((one) => [volumeKey(one), one]));
  let count = 0;
  for (const one of volumes.values()) {
    try {
      count += await dropOn(one, kept, context);
    } catch (error) {
      if (!isUmbraError(error) || signal.aborted) throw error;
      const seen = `snapshots of the datafiles that no refresh needs stay: ${error.message}`;
      const warning = { seen, todo: "nothing; the next refresh removes them" };
      world.reporter.event({ kind: "warning", at: world.clock.now(), run: manifest.run as never, warning });
    }
  }
  return count === 0 ? undefined : `${counted(count, "snapshot")} of the datafiles removed`;
}

async function dropOn(
  { storage: name, volume: id }: SourceMoment,
  kept: readonly SourceMoment[],
  { world, signal }: StepContext,
): Promise<number> {
  const call: SnapshotCall = { deadlineMs: world.database.deadlines.copyStallMs, signal };
  const storages = storagesIn(world);
  const storage = await storages.open(name, call);
  const volume = id as VolumeId;
  let count = 0;
  for (const { name: snapshot, tag } of await storage.listSnapshots(volume, call)) {
    if (tag === undefined || !isMomentName(snapshot)) continue;
    if (tag.database !== world.database.name || tag.agent !== storages.agent) continue;
    await storage.hideSnapshot({ volume, name: snapshot, tag }, call);
    if (kept.some((one) => one.snapshot === snapshot && one.volume === id && one.storage === name)) continue;
    await storage.deleteSnapshot({ volume, name: snapshot, tag }, call);
    count += 1;
  }
  return count;
}

function momentsIn(manifest: RefreshedManifest | undefined): readonly SourceMoment[] {
  return (manifest?.datafiles ?? []).flatMap(({ changesFrom }) => changesFrom ?? []);
}
