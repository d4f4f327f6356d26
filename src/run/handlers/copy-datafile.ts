import { ROOT } from "../../domain/names.ts";
import { formatScn } from "../../domain/scn.ts";
import type { CopyDatafile } from "../../domain/step.ts";
import { isUmbraError } from "../../errors/umbra-error.ts";
import { copyClosed } from "../copy-closed.ts";
import { copyProblems } from "../copied-header.ts";
import { currentDatafiles } from "../current-datafiles.ts";
import { recordDatafile } from "../record-datafile.ts";
import { requireUntouched } from "../untouched-source.ts";
import type { Handler, StepContext, StepOutcome } from "../step-context.ts";
import type { CopyMode, CopyResult } from "../../ports/copier.ts";
import type { FilePath } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";

/** The source vanished, shrank, or has fewer blocks than planned: the database says whether that is right. */
const MOVED_OR_RESIZED = new Set(["UMB-7101", "UMB-7104", "UMB-7105"]);

/** Where a file is now and how many blocks it has; undefined where it was dropped. */
interface Place {
  readonly path: FilePath;
  readonly blocks: number;
}

/** Copies, then compares the header of the copy with what the database says (rule 128). */
export const copyDatafile: Handler<"copy-datafile"> = async (step, context) => {
  if (step.protection.by === "closed") return await copyClosed(step, context);
  const unmarked = step.protection.by === "backup-mode" && !context.results.begun.has(step.file);
  // BEGIN found it read only, offline or gone: a dropped file may still lie where it was.
  const first = unmarked ? await placeNow(step, context) : step;
  if (first === undefined) return dropped(step, context);
  let place: Place = first;
  for (let again = true; ; again = false) {
    try {
      return await copyFrom(step, place, context);
    } catch (error) {
      if (!isUmbraError(error) || !MOVED_OR_RESIZED.has(error.code)) throw error;
      const now = await placeNow(step, context);
      if (now === undefined) return dropped(step, context);
      if (!again || (now.path === place.path && now.blocks >= place.blocks)) throw error;
      place = now;
    }
  }
};

async function copyFrom(step: CopyDatafile, place: Place, context: StepContext): Promise<StepOutcome> {
  const { world, results } = context;
  const beginScn = results.begun.get(step.file);
  const totalBytes = (place.blocks + 1) * step.blockSize;
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
  if (beginScn === undefined) await requireUntouched(place.path, result.head, context);
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

async function placeNow(step: CopyDatafile, context: StepContext): Promise<Place | undefined> {
  const files = await context.sessions.use(ROOT, (db) =>
    currentDatafiles(db, context.plan.facts.identity, context.statement),
  );
  return files.find((one) => one.file === step.file && one.creationScn === step.creationScn);
}

function dropped(step: CopyDatafile, { results }: StepContext): StepOutcome {
  const { file, path } = step;
  const note = `datafile ${file} (${path}) was dropped while the backup ran (rule 56)`;
  results.absent.push({ file, creationScn: formatScn(step.creationScn), source: path, why: "dropped" });
  results.notes.push(note);
  return { note };
}

function noteOf(result: CopyResult, mode: CopyMode): { readonly note?: string } {
  const { fractured, reread } = result.blocks;
  if (mode === "backup-mode" && fractured > 0)
    return { note: `${fractured} fractured, as is legal in backup mode` };
  return reread > 0 ? { note: `${reread} blocks were read again` } : {};
}
