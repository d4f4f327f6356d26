import { readContainers } from "../discover/containers.ts";
import { readDatafiles } from "../discover/datafiles.ts";
import { readIdentity } from "../discover/identity.ts";
import { readOnlineLogs } from "../discover/online-logs.ts";
import type { RunRecord } from "../domain/journal.ts";
import { ROOT, type RunId } from "../domain/names.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { CallOptions } from "../ports/database.ts";
import type { World } from "./world.ts";

const TAKEN = "take-picture";
const REMOVED = "remove-picture";

/** True where a run began to take a picture and did not note that it was removed. */
export async function leftPicture({ state }: World, { id }: RunRecord): Promise<boolean> {
  const steps = await state.journal.steps(id);
  const began = steps.some(({ step }) => step === TAKEN);
  return began && !steps.some(({ step, state: end }) => step === REMOVED && end === "done");
}

/**
 * Removes what a run that died took, or half took. The storage finds it by the run's name where the datafiles are, which
 * the database tells. UMB-8005 where the configuration names no storage that could do it.
 */
export async function removeLeftPicture(world: World, run: RunId): Promise<void> {
  const { picture, database } = world;
  if (picture === undefined) {
    const seen = `run ${run} may have left a picture of the datafiles, and the configuration names no storage that takes them`;
    throw new UmbraError("UMB-8005", { seen });
  }
  const { connectMs, statementMs, copyStallMs } = database.deadlines;
  const options: CallOptions = { deadlineMs: statementMs };
  await using db = await world.connector.connect({ container: ROOT, deadlineMs: connectMs });
  const containers = await readContainers(db, await readIdentity(db, options), options);
  const files = (await readDatafiles(db, containers, options)).map((file) => file.path);
  const redo = (await readOnlineLogs(db, options)).flatMap((log) => log.members);
  await picture.remove(run, [...files, ...redo], { deadlineMs: copyStallMs });
}
