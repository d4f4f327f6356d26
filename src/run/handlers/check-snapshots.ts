import { ROOT } from "../../domain/names.ts";
import { counted } from "../../domain/human.ts";
import { formatUtc } from "../../domain/instant.ts";
import { formatScn } from "../../domain/scn.ts";
import type { SnapshottedFile } from "../../domain/snapshot-step.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { cloneRoot } from "../../plan/restore-places.ts";
import { currentDatafiles } from "../current-datafiles.ts";
import { snapshottedProblems } from "../snapshotted-header.ts";
import { snapshotPlan, storagesIn } from "../snapshot-plan.ts";
import { type ShownSnapshots, withViews } from "../snapshot-views.ts";
import { seeUntouched } from "../untouched-source.ts";
import type { Handler, StepContext } from "../step-context.ts";

/** Reads the headers from the snapshots themselves and compares them with what the database said (rule 128). */
export const checkSnapshots: Handler<"check-snapshots"> = async (step, context) => {
  const plan = snapshotPlan(context);
  await noteSnapshots(step.files, context);
  await withViews(context.world, plan.run, plan.snapshots, async (shown) => {
    for (const file of step.files) await checkFile(file, shown, context);
  });
  const { files } = context.results.snapshots;
  return { note: `${counted(files.length, "header")} checked` };
};

/** What the storages say of the snapshots that they took. */
async function noteSnapshots(files: readonly SnapshottedFile[], context: StepContext): Promise<void> {
  const { world, results, signal } = context;
  const call = { deadlineMs: world.database.deadlines.copyStallMs, signal };
  for (const { storage, volume, mountPoint, name, tag } of snapshotPlan(context).snapshots) {
    const adapter = await storagesIn(world).open(storage, call);
    const found = await adapter.findSnapshot({ volume, name }, call);
    if (found === undefined)
      throw new UmbraError("UMB-6306", { storage, what: `snapshot ${name} of ${volume}` });
    const createdAt = formatUtc(found.createdAt);
    const byHand = adapter.byHand?.(
      { volume, name },
      cloneRoot({ storage, volume, mountPoint, name }, files),
    );
    results.snapshots.snapshots.push({
      storage,
      volume,
      mountPoint,
      name,
      id: found.id,
      createdAt,
      tag,
      ...(byHand === undefined ? {} : { byHand }),
    });
  }
}

async function checkFile(file: SnapshottedFile, shown: ShownSnapshots, context: StepContext): Promise<void> {
  const { world, plan, results, hosts } = context;
  const path = shown.pathOf(file);
  const stat = await world.databaseHost.stat(path, hosts);
  if (stat === undefined) return await gone(file, context);
  const length = 2 * file.blockSize;
  const head = await world.databaseHost.read(path, { offset: 0, length }, hosts);
  const beginScn = results.begun.get(file.file);
  const { identity } = plan.facts;
  const { header, problems } = snapshottedProblems(head, stat.bytes, file, { ...identity, beginScn });
  if (header === undefined || problems.length > 0) {
    throw new UmbraError("UMB-9001", {
      path: `${file.path} in snapshot ${file.snapshot}`,
      problems,
      rule: 128,
    });
  }
  const timed = file.protection.by === "snapshot-time";
  const quiet = !timed && beginScn === undefined;
  if (quiet) await seeUntouched(file, file.path, head, context);
  if (timed) results.snapshots.neededFrom.push(header.checkpoint.scn);
  const { container, tablespace, storage, volume, snapshot, inside, name } = file;
  results.snapshots.files.push({
    name,
    bytes: stat.bytes,
    file: file.file,
    creationScn: formatScn(file.creationScn),
    relativeFile: file.relativeFile,
    bigfile: file.bigfile,
    container,
    tablespace,
    source: file.path,
    blockSize: file.blockSize,
    mode: timed ? "snapshot-time" : quiet ? "consistent" : "backup-mode",
    needsRecovery: file.protection.by === "nobody-writes" && file.protection.why === "offline-needs-recovery",
    checkpointScn: formatScn(header.checkpoint.scn),
    hotBackup: header.status.hotBackup,
    resetlogsScn: formatScn(header.resetlogsScn),
    blocks: {},
    storage,
    volume,
    snapshot,
    inside,
  });
}

/** Dropped before the snapshot, or it is not where it should be. */
async function gone(file: SnapshottedFile, context: StepContext): Promise<void> {
  const { plan, results, sessions, statement } = context;
  const now = await sessions.use(ROOT, (db) => currentDatafiles(db, plan.facts.identity, statement));
  const still = now.some((one) => one.file === file.file && one.creationScn === file.creationScn);
  if (still) {
    const problems = ["it is not there: the file was moved since the plan was made"];
    throw new UmbraError("UMB-9001", {
      path: `${file.path} in snapshot ${file.snapshot}`,
      problems,
      rule: 56,
    });
  }
  const creationScn = formatScn(file.creationScn);
  results.absent.push({ file: file.file, creationScn, source: file.path, why: "dropped" });
  results.notes.push(`datafile ${file.file} (${file.path}) was dropped while the backup ran (rule 56)`);
}
