import { type FilePath, ROOT } from "../domain/names.ts";
import { formatScn } from "../domain/scn.ts";
import type { CopyDatafile } from "../domain/step.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { currentDatafiles } from "./current-datafiles.ts";
import type { StepContext, StepOutcome } from "./step-context.ts";

/** What a step that copies a file and one that brings its copy forward have in common. */
export type Transfer = Omit<CopyDatafile, "kind" | "refresh">;

/** Where a file is now and how many blocks it has. */
export interface Place {
  readonly path: FilePath;
  readonly blocks: number;
}

/** The source vanished, shrank, or has fewer blocks than planned: the database says whether that is right. */
const MOVED_OR_RESIZED = new Set(["UMB-7101", "UMB-7104", "UMB-7105"]);

/** Transfers a file from where it is. A file that was moved or resized meanwhile is tried again; a dropped one is noted. */
export async function atItsPlace(
  step: Transfer,
  context: StepContext,
  transfer: (place: Place) => Promise<StepOutcome>,
): Promise<StepOutcome> {
  const unmarked = step.protection.by === "backup-mode" && !context.results.begun.has(step.file);
  // BEGIN found it read only, offline or gone: a dropped file may still lie where it was.
  const first = unmarked ? await placeNow(step, context) : step;
  if (first === undefined) return dropped(step, context);
  let place: Place = first;
  for (let again = true; ; again = false) {
    try {
      return await transfer(place);
    } catch (error) {
      if (!isUmbraError(error) || !MOVED_OR_RESIZED.has(error.code)) throw error;
      const now = await placeNow(step, context);
      if (now === undefined) return dropped(step, context);
      if (!again || (now.path === place.path && now.blocks >= place.blocks)) throw error;
      place = now;
    }
  }
}

async function placeNow(step: Transfer, context: StepContext): Promise<Place | undefined> {
  const files = await context.sessions.use(ROOT, (db) =>
    currentDatafiles(db, context.plan.facts.identity, context.statement),
  );
  return files.find((one) => one.file === step.file && one.creationScn === step.creationScn);
}

function dropped(step: Transfer, { results }: StepContext): StepOutcome {
  const { file, path } = step;
  const note = `datafile ${file} (${path}) was dropped while the backup ran (rule 56)`;
  results.absent.push({ file, creationScn: formatScn(step.creationScn), source: path, why: "dropped" });
  results.notes.push(note);
  return { note };
}
