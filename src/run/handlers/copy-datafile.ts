import { formatScn } from "../../domain/scn.ts";
import type { CopyDatafile } from "../../domain/step.ts";
import { atItsPlace, type Place } from "../at-its-place.ts";
import { copyClosed } from "../copy-closed.ts";
import { copyProblems } from "../copied-header.ts";
import { recordDatafile } from "../record-datafile.ts";
import { takeMoment } from "../source-moments.ts";
import { seeUntouched } from "../untouched-source.ts";
import type { Handler, StepContext, StepOutcome } from "../step-context.ts";
import type { CopyMode, CopyResult } from "../../ports/copier.ts";
import { UmbraError } from "../../errors/umbra-error.ts";

/** Copies, then compares the header of the copy with what the database says (rule 128). */
export const copyDatafile: Handler<"copy-datafile"> = async (step, context) => {
  if (step.protection.by === "closed") return await copyClosed(step, context);
  return await atItsPlace(step, context, (place) => copyFrom(step, place, context));
};

async function copyFrom(step: CopyDatafile, place: Place, context: StepContext): Promise<StepOutcome> {
  const { world, results } = context;
  const beginScn = results.begun.get(step.file);
  const totalBytes = (place.blocks + 1) * step.blockSize;
  // What is listed from there on is what the copy will lack.
  await takeMoment(step, place, context);
  // It may take the place of one that a manifest names.
  results.area.touched = true;
  const result = await world.databaseHost.copy({
    source: place.path,
    target: step.target,
    mode: beginScn === undefined ? "consistent" : "backup-mode",
    blockSize: step.blockSize,
    expectedBlocks: place.blocks,
    relativeFile: step.relativeFile,
    bigfile: step.bigfile,
    signal: context.signal,
    stallMs: world.database.deadlines.copyStallMs,
    onProgress: (bytes) => context.progress(step.id, bytes, totalBytes),
  });
  const { header, problems } = copyProblems(result.head, step, {
    dbid: context.plan.facts.identity.dbid,
    resetlogsScn: context.plan.facts.identity.resetlogsScn,
    beginScn,
  });
  if (header === undefined || problems.length > 0) {
    throw new UmbraError("UMB-9001", { path: step.target, problems, rule: 128 });
  }
  if (beginScn === undefined) await seeUntouched(step, place.path, result.head, context);
  const mode = beginScn === undefined ? "consistent" : "backup-mode";
  recordDatafile(step, { source: place.path, header, mode, result }, context);
  return {
    ...noteOf(result, mode),
    bytes: result.bytes,
    sha256: result.sha256,
    checkpointScn: formatScn(header.checkpoint.scn),
    blocks: result.blocks,
  };
}

function noteOf(result: CopyResult, mode: CopyMode): { readonly note?: string } {
  const { fractured, reread } = result.blocks;
  if (mode === "backup-mode" && fractured > 0)
    return { note: `${fractured} fractured, as is legal in backup mode` };
  return reread > 0 ? { note: `${reread} blocks were read again` } : {};
}
