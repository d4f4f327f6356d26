import { readIdentity } from "../../discover/identity.ts";
import { formatBytes } from "../../domain/human.ts";
import type { RefreshedDatafile } from "../../domain/manifest.ts";
import { formatUtc } from "../../domain/instant.ts";
import { formatScn } from "../../domain/scn.ts";
import type { RefreshDatafile } from "../../domain/step.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { FindChanges, RefreshRequest, RefreshResult } from "../../ports/copier.ts";
import { atItsPlace, type Place } from "../at-its-place.ts";
import { copyProblems } from "../copied-header.ts";
import { tellDoubt } from "../list-doubt.ts";
import { markCopies } from "../mark-copies.ts";
import { recordOf } from "../record-datafile.ts";
import { areaPlan } from "../area-plan.ts";
import { listedChanges, takeMoment } from "../source-moments.ts";
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
  // A snapshot of before would be kept for as long as nobody writes the file.
  const { changesFrom: _, ...rest } = entry;
  results.area.kept.push({ ...rest, source: place.path, recoverFrom: formatScn(currentScn) });
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
  const result = await host.refresh({
    ...(await findChanges(step, place, context)),
    target: step.target,
    mode: results.begun.has(step.file) ? "backup-mode" : "consistent",
    blockSize: step.blockSize,
    expectedBlocks: place.blocks,
    relativeFile: step.relativeFile,
    bigfile: step.bigfile,
    ...(step.hashes === undefined
      ? {}
      : { hashes: { path: step.hashes, generation: step.generation, next: plan.run } }),
    signal,
    stallMs: world.database.deadlines.copyStallMs,
    onProgress: (bytes) => context.progress(step.id, bytes, totalBytes),
  });
  if (result.doubt !== undefined) tellDoubt(step, result.doubt, entryOf(step, context), context);
  return result;
}

/** A list is about the snapshot at its end, and is read there. Everything else is read where it lies. */
async function findChanges(
  step: RefreshDatafile,
  place: Place,
  context: StepContext,
): Promise<Pick<RefreshRequest, "source" | "changes">> {
  const { find, prove, changesFrom } = step;
  const inSnapshot = await takeMoment(step, place, context);
  const source = place.path;
  if (find === "compare") return { source, changes: { by: "compare" } };
  const extents = inSnapshot === undefined ? undefined : await listedChanges(step, place, context);
  if (inSnapshot === undefined || extents === undefined) {
    return { source, changes: { by: prove === true ? "compare" : "hashes" } };
  }
  const checkpoint = entryOf(step, context)?.checkpointScn;
  const changes: FindChanges = {
    by: "list",
    extents,
    ...(checkpoint === undefined || changesFrom === undefined
      ? {}
      : { newerThan: { begin: BigInt(changesFrom.checkpointScn), copy: BigInt(checkpoint) } }),
    ...(prove === true ? { prove } : {}),
  };
  return { source: inSnapshot, changes };
}

function entryOf(step: RefreshDatafile, context: Pick<StepContext, "plan">): RefreshedDatafile | undefined {
  const created = formatScn(step.creationScn);
  const { previous } = areaPlan(context);
  return previous?.datafiles.find((one) => one.file === step.file && one.creationScn === created);
}
