import { readIdentity } from "../../discover/identity.ts";
import { formatBytes } from "../../domain/human.ts";
import type { RefreshedDatafile } from "../../domain/manifest.ts";
import { formatUtc } from "../../domain/instant.ts";
import { formatScn } from "../../domain/scn.ts";
import type { RefreshDatafile } from "../../domain/step.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { FindChanges, RefreshResult } from "../../ports/copier.ts";
import { atItsPlace, type Place } from "../at-its-place.ts";
import { copyProblems } from "../copied-header.ts";
import { markCopies } from "../mark-copies.ts";
import { recordOf } from "../record-datafile.ts";
import { areaPlan } from "../area-plan.ts";
import { seeUntouched } from "../untouched-source.ts";
import type { Handler, StepContext, StepOutcome } from "../step-context.ts";

/**
 * Rewrites the blocks of a copy that differ from the file's, then compares the copy's header with what the database says
 * (rule 128). A file that nobody wrote since the last time is not read.
 */
export const refreshDatafile: Handler<"refresh-datafile"> = async (step, context) =>
  await atItsPlace(step, context, async (place) => {
    if (step.maybeUnchanged && !context.results.begun.has(step.file)) {
      if (await isUnchanged(step, place, context)) return { note: "unchanged since the last refresh" };
      await markCopies([step], context);
    }
    return await bringForward(step, place, context);
  });

/**
 * The header of a file is written before anything else of it. Where it is byte for byte that of a copy which was taken
 * while nobody wrote, the whole file is what the copy is.
 */
async function isUnchanged(step: RefreshDatafile, place: Place, context: StepContext): Promise<boolean> {
  const { world, hosts, results, sessions, statement, plan } = context;
  const entry = entryOf(step, context);
  const bytes = (place.blocks + 1) * step.blockSize;
  if (entry === undefined || entry.bytes !== bytes) return false;
  const { currentScn } = await sessions.root((db) => readIdentity(db, statement));
  const range = { offset: 0, length: 2 * step.blockSize };
  const source = await world.databaseHost.read(place.path, range, hosts);
  const copy = await world.backupHost.read(step.target, range, hosts);
  if (source.length < range.length || !source.equals(copy)) return false;
  const { identity } = plan.facts;
  const expected = { dbid: identity.dbid, resetlogsScn: identity.resetlogsScn, beginScn: undefined };
  const { header, problems } = copyProblems(copy, step, expected);
  if (problems.length > 0 || header === undefined) return false;
  if (header.status.hotBackup || formatScn(header.checkpoint.scn) !== entry.checkpointScn) return false;
  results.area.kept.push({ ...entry, source: place.path, recoverFrom: formatScn(currentScn) });
  return true;
}

async function bringForward(step: RefreshDatafile, place: Place, context: StepContext): Promise<StepOutcome> {
  const { results, plan } = context;
  const beginScn = results.begun.get(step.file);
  results.area.touched = true;
  const result = await refreshed(step, place, context);
  const { identity } = plan.facts;
  const { header, problems } = copyProblems(result.head, step, {
    dbid: identity.dbid,
    resetlogsScn: identity.resetlogsScn,
    beginScn,
  });
  if (header === undefined || problems.length > 0) {
    throw new UmbraError("UMB-9001", { path: step.target, problems, rule: 128 });
  }
  if (beginScn === undefined) await seeUntouched(step, place.path, result.head, context);
  const mode = beginScn === undefined ? "consistent" : "backup-mode";
  const { sha256 } = result;
  const record = recordOf(step, { source: place.path, header, mode, result }, context);
  const comparedAt = lastCompared(step, result, context);
  results.area.refreshed.push({ ...record, ...present({ sha256, comparedAt }) });
  return {
    note: `${formatBytes(result.bytesWritten)} had changed`,
    bytes: result.bytes,
    bytesWritten: result.bytesWritten,
    foundBy: result.foundBy,
    checkpointScn: formatScn(header.checkpoint.scn),
    blocks: result.blocks,
    ...present({ sha256 }),
  };
}

/** Hashes and lists trust the copy; comparing reads it. */
function lastCompared(
  step: RefreshDatafile,
  { foundBy }: RefreshResult,
  context: StepContext,
): string | undefined {
  return foundBy === "compare" ? formatUtc(context.world.clock.now()) : entryOf(step, context)?.comparedAt;
}

function present<K extends string>(
  values: Readonly<Record<K, string | undefined>>,
): { readonly [P in K]?: string } {
  const there = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { readonly [P in K]?: string };
}

async function refreshed(step: RefreshDatafile, place: Place, context: StepContext): Promise<RefreshResult> {
  const { world, results, plan, signal } = context;
  const { databaseHost: host } = world;
  if (host.refresh === undefined) throw new UmbraError("UMB-1001", { what: "the host lost its engine" });
  const totalBytes = (place.blocks + 1) * step.blockSize;
  return await host.refresh({
    source: place.path,
    target: step.target,
    mode: results.begun.has(step.file) ? "backup-mode" : "consistent",
    blockSize: step.blockSize,
    expectedBlocks: place.blocks,
    relativeFile: step.relativeFile,
    bigfile: step.bigfile,
    changes: await findChanges(step, place, context),
    ...(step.hashes === undefined
      ? {}
      : { hashes: { path: step.hashes, generation: step.generation, next: plan.run } }),
    signal,
    stallMs: world.database.deadlines.copyStallMs,
    onProgress: (bytes) => context.progress(step.id, bytes, totalBytes),
  });
}

/** A list of the storage's is only for a copy that is what the list begins at. */
async function findChanges(step: RefreshDatafile, place: Place, context: StepContext): Promise<FindChanges> {
  const { world, signal } = context;
  const entry = entryOf(step, context);
  if (world.changedBlocks === undefined || entry?.refreshedBy !== step.generation) return { by: step.find };
  const call = { deadlineMs: world.database.deadlines.statementMs, signal };
  const generation = step.generation;
  const extents = await world.changedBlocks.since({ path: place.path, generation }, call);
  return extents === undefined ? { by: step.find } : { by: "list", extents };
}

function entryOf(step: RefreshDatafile, context: StepContext): RefreshedDatafile | undefined {
  const created = formatScn(step.creationScn);
  const { previous } = areaPlan(context);
  return previous?.datafiles.find((one) => one.file === step.file && one.creationScn === created);
}
