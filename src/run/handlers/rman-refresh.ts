import { readLevelOnes, readRmanChannels, readRmanCopies } from "../../discover/rman-copies.ts";
import { readIdentity } from "../../discover/identity.ts";
import { counted, formatBytes } from "../../domain/human.ts";
import type { FilePath } from "../../domain/names.ts";
import type { RmanCopy, RmanScript } from "../../domain/rman.ts";
import type { RmanFile, RmanRefresh } from "../../domain/step.ts";
import { isUmbraError, UmbraError } from "../../errors/umbra-error.ts";
import { below } from "../../plan/backup-layout.ts";
import { mergeProblems } from "../../plan/rman-copies.ts";
import {
  autobackupsIn,
  imageCopyScript,
  isWritable,
  incrementalScript,
  isLevelOne,
  mergeScript,
  removeLevelOnesScript,
  uncatalogScript,
} from "../../plan/rman-script.ts";
import type { Rman, RmanReport } from "../../ports/rman.ts";
import { currentDatafiles } from "../current-datafiles.ts";
import { recordMerged } from "../record-merged.ts";
import type { Handler, StepContext } from "../step-context.ts";

/** A merge takes as long as what changed takes to be written: nobody can say how long. The run's signal ends it before. */
const SCRIPT_MS = 86_400_000;
const POLL_MS = 200;

/**
 * Copies and merges by RMAN. What RMAN says is not believed: after each script v$datafile_copy is asked, and at the end
 * the header of every copy. A lost answer is no failure where the database shows that the work was done. Level 1 backups
 * are removed when every copy is proved (rule 85); those of a run that died are merged by the next one.
 */
export const rmanRefresh: Handler<"rman-refresh"> = async (step, context) => {
  await noneAtWork(context);
  const before = await withoutForeign(await copiesOf(step, context), step, context);
  context.results.area.touched = true;
  const copied = step.files.filter(({ how }) => how === "copy");
  const merged = step.files.filter(({ how }) => how === "merge");
  const numbers = merged.map(({ file }) => file);
  const written: string[] = [];
  if (copied.length > 0) {
    const report = await performed(imageCopyScript(step.run, copied), copied, before, step, context);
    written.push(...handlesIn(report));
  }
  if (merged.length > 0) {
    const report = await rmanOf(context).run(incrementalScript(step.run, numbers), call(context));
    written.push(...handlesIn(report));
    refuseStrays(report, step);
    await performed(mergeScript(step.run, numbers), merged, before, step, context);
  }
  const seen = await prove(step.files, before, step, context);
  for (const file of step.files) await recordMerged(file, seen, context);
  const bytes = await removeLevelOnes(step, autobackupsIn(step.run, written), context);
  await removeUnknown(step, context);
  return {
    note: `${counted(copied.length, "datafile")} copied whole, ${formatBytes(bytes)} of changes merged`,
    bytesWritten: bytes,
  };
};

/**
 * Copies of files that the database does not have any more, and others of files that are copied now, are nobody's
 * parents: a second one under the tag would be (rule 79). What RMAN had put beside the area of its own accord goes.
 */
async function withoutForeign(
  known: readonly RmanCopy[],
  { files, run }: RmanRefresh,
  context: StepContext,
): Promise<readonly RmanCopy[]> {
  const { plan, world, hosts } = context;
  const foreign = known.filter((copy) => {
    const isGone = !plan.facts.datafiles.some(
      (one) => one.file === copy.file && one.creationScn === copy.creationScn,
    );
    const copied = files.find((one) => one.file === copy.file && one.how === "copy");
    return isGone || (copied !== undefined && copied.target !== copy.path);
  });
  const paths = foreign.map(({ path }) => path).filter((path) => isWritable(path));
  if (paths.length > 0) await rmanOf(context).run(uncatalogScript(paths), call(context));
  for (const path of paths) if (path.startsWith(`${run.strays}/`)) await world.backupHost.remove(path, hosts);
  return known.filter((copy) => !foreign.includes(copy));
}

/**
 * Server processes outlive a client that was killed or cut off: until they have ended nobody can say what they leave, and
 * two merges into one copy would spoil it. Waits as long as for an archived log; UMB-5507 then.
 */
async function noneAtWork({ world, sessions, statement, signal }: StepContext): Promise<void> {
  const until = world.clock.monotonicMs() + world.database.deadlines.archivedLogMs;
  for (;;) {
    const channels = await sessions.root((db) => readRmanChannels(db, statement));
    if (channels.length === 0) return;
    if (world.clock.monotonicMs() >= until) {
      const message = `an earlier script is still at work: ${channels.join(", ")}`;
      throw new UmbraError("UMB-5507", { action: "the refresh", message, codes: [], cause: "", lost: false });
    }
    await world.clock.sleep(POLL_MS, signal);
  }
}

/** Runs a script; where its answer was lost, the database tells whether it was done when its channels have ended. */
async function performed(
  script: RmanScript,
  files: readonly RmanFile[],
  before: readonly RmanCopy[],
  step: RmanRefresh,
  context: StepContext,
): Promise<RmanReport> {
  try {
    return await rmanOf(context).run(script, call(context));
  } catch (error) {
    const isLost = isUmbraError(error) && (error.code === "UMB-5502" || error.code === "UMB-5503");
    if (!isLost || context.signal.aborted) throw error;
    await noneAtWork(context);
    const { problems } = await looked(files, before, step, context);
    if (problems.length > 0) throw error;
    context.results.notes.push(
      `the answer of RMAN to ${script.action} was lost; the database shows that it was done`,
    );
    return { events: [] };
  }
}

/** A parent that vanished after the look: RMAN made a full copy of its own accord (rule 79). */
function refuseStrays({ events }: RmanReport, { run }: RmanRefresh): void {
  const files = events.flatMap((event) => (event.kind === "no-parent" ? [event.file] : []));
  if (files.length === 0) return;
  const problems = files.map(
    (file) => `datafile ${file}: its parent was gone, and RMAN made a full copy in ${run.strays}`,
  );
  throw new UmbraError("UMB-9071", { tag: run.tag, problems, rule: 79 });
}

async function prove(
  files: readonly RmanFile[],
  before: readonly RmanCopy[],
  step: RmanRefresh,
  context: StepContext,
) {
  const { problems, ...seen } = await looked(files, before, step, context);
  if (problems.length > 0) throw new UmbraError("UMB-9071", { tag: step.run.tag, problems, rule: 83 });
  return seen;
}

/** An SCN from before the look, the copies, the files, and what is wrong with the copies. */
async function looked(
  files: readonly RmanFile[],
  before: readonly RmanCopy[],
  step: RmanRefresh,
  context: StepContext,
) {
  const { sessions, statement, plan } = context;
  const { identity } = plan.facts;
  return await sessions.root(async (db) => {
    const { currentScn } = await readIdentity(db, statement);
    const copies = await readRmanCopies(db, step.run.tag, statement);
    const datafiles = await currentDatafiles(db, identity, statement);
    const problems = mergeProblems(files, copies, {
      resetlogsScn: identity.resetlogsScn,
      before: new Map(before.map((one) => [one.file, one.checkpointScn])),
      current: new Map(datafiles.map((one) => [one.file, one.checkpointScn])),
    });
    return { seenAt: currentScn, copies, datafiles, problems };
  });
}

/** Gives the bytes that they held. One that is merged and cannot be removed is told, and stops nothing. */
async function removeLevelOnes(
  step: RmanRefresh,
  autobackups: readonly FilePath[],
  context: StepContext,
): Promise<number> {
  const { sessions, statement, results } = context;
  const pieces = await sessions.root((db) => readLevelOnes(db, step.run.tag, statement));
  const keys = [...new Set(pieces.map(({ key }) => key))];
  if (keys.length + autobackups.length === 0) return 0;
  try {
    await rmanOf(context).run(removeLevelOnesScript(keys, autobackups), call(context));
  } catch (error) {
    if (context.signal.aborted || !isUmbraError(error)) throw error;
    results.notes.push(`merged level 1 backups were not removed: ${error.message}`);
  }
  return pieces.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * What a server process that died was writing, and never told the control file of: RMAN does not know it, so nobody else
 * removes it. Every copy is proved by now, and no script is at work.
 */
async function removeUnknown(
  { run }: RmanRefresh,
  { world, sessions, statement, hosts }: StepContext,
): Promise<void> {
  if (run.pieces.startsWith("+")) return;
  const names = ((await world.backupHost.list(run.pieces, hosts)) ?? []).filter((name) => isLevelOne(name));
  if (names.length === 0) return;
  const known = await sessions.root((db) => readLevelOnes(db, run.tag, statement));
  for (const path of names.map((name) => below(run.pieces, name)))
    if (!known.some(({ handle }) => handle === path)) await world.backupHost.remove(path, hosts);
}

function handlesIn({ events }: RmanReport): readonly string[] {
  return events.flatMap((event) => (event.kind === "piece-written" ? [event.handle] : []));
}

function copiesOf({ run }: RmanRefresh, { sessions, statement }: StepContext): Promise<RmanCopy[]> {
  return sessions.root((db) => readRmanCopies(db, run.tag, statement));
}

function rmanOf({ world }: StepContext): Rman {
  if (world.rman === undefined) throw new UmbraError("UMB-1001", { what: "a plan for RMAN without RMAN" });
  return world.rman;
}

function call({ signal }: StepContext) {
  return { deadlineMs: SCRIPT_MS, signal };
}
