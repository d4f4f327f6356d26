import { ROOT } from "../../domain/names.ts";
import { formatScn } from "../../domain/scn.ts";
import type { StepId } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { currentDatafiles } from "../current-datafiles.ts";
import { endBackup as endOnFreshSession } from "../end-backup.ts";
import type { Handler, StepContext } from "../step-context.ts";

/** Nothing to do where BEGIN was not needed. What somebody else ended in between was copied without protection. */
export const endBackup: Handler<"end-backup"> = async (step, context) => {
  const { world, results } = context;
  const obligation = results.open.get(step.begin);
  if (obligation === undefined) return { note: "nothing was begun" };
  const { scn, note, found } = await endOnFreshSession(world, obligation);
  results.open.delete(step.begin);
  results.ends.push(scn);
  results.endedAt.set(step.begin, scn);
  const begun = Object.keys(obligation.begun ?? {}).map(Number);
  const missing = begun.filter((file) => !found.includes(file));
  if (missing.length > 0) await refuseUnlessDropped(step.begin, missing, context);
  return { note, scn: formatScn(scn) };
};

async function refuseUnlessDropped(
  begin: StepId,
  missing: readonly number[],
  { sessions, plan, statement }: StepContext,
): Promise<void> {
  const now = await sessions.use(ROOT, (db) => currentDatafiles(db, plan.facts.identity, statement));
  const files = missing.filter((number) => now.some((one) => one.file === number));
  if (files.length > 0) throw new UmbraError("UMB-9009", { step: begin, files, rule: 38 });
}
