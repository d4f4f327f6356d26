import type { SnapshotBackupPlan } from "../../domain/plan.ts";
import type { DeleteSnapshots } from "../../domain/snapshot-obligation.ts";
import type { SnapshotVolumes } from "../../domain/snapshot-step.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { SnapshotCall } from "../../ports/snapshots.ts";
import { readSnapshotTime } from "../snapshot-time.ts";
import { snapshotPlan, storagesIn } from "../snapshot-plan.ts";
import type { Handler, StepContext } from "../step-context.ts";

/** What is asked for is on stable storage before the storage hears of it: nothing of umbra's stays there unknown. */
export const snapshotVolumes: Handler<"snapshot-volumes"> = async (step, context) => {
  const { world, results, signal } = context;
  const plan = snapshotPlan(context);
  await owe(plan, context);
  const call: SnapshotCall = { deadlineMs: world.database.deadlines.copyStallMs, signal };
  results.snapshots.unanswered += 1;
  await take(step, plan, context, call);
  results.snapshots.unanswered -= 1;
  if (plan.mode === "backup-mode") return { storage: step.storage, name: step.name };
  const moment = await readSnapshotTime(context);
  results.snapshots.snapshotTime = moment;
  return { note: `SNAPSHOT TIME ${moment.local}`, storage: step.storage, name: step.name };
};

/** All of the run at once, before the first. */
async function owe(plan: SnapshotBackupPlan, { world, results }: StepContext): Promise<void> {
  if (results.snapshots.asked !== undefined) return;
  const { database, state, clock } = world;
  const volumes = plan.snapshots.length;
  const asked: DeleteSnapshots = {
    kind: "delete-snapshots",
    id: `${plan.run}/snapshots`,
    run: plan.run,
    database: database.name,
    openedAt: clock.now(),
    snapshots: plan.snapshots.map(({ storage, volume, name, tag }) => ({ storage, volume, name, tag })),
    // One after the other, each with its own.
    deadlineMs: volumes * database.deadlines.copyStallMs,
  };
  results.snapshots.asked = asked;
  await state.snapshotObligations.open(asked);
}

async function take(
  { storage: name, volumes, atOnce, name: snapshot }: SnapshotVolumes,
  plan: SnapshotBackupPlan,
  { world }: StepContext,
  call: SnapshotCall,
): Promise<void> {
  const storage = await storagesIn(world).open(name, call);
  const tag = plan.snapshots.find((one) => one.storage === name)?.tag;
  if (tag === undefined) throw new UmbraError("UMB-1001", { what: `no snapshot on ${name} in the plan` });
  if (atOnce && storage.group !== undefined) {
    const paths = volumes.flatMap((one) => one.paths);
    const ids = volumes.map(({ volume }) => volume);
    await storage.group.createSnapshots({ volumes: ids, name: snapshot, tag, paths }, call);
    return;
  }
  for (const { volume, paths } of volumes) {
    await storage.createSnapshot({ volume, name: snapshot, tag, paths }, call);
  }
}
