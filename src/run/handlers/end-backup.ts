import { formatScn } from "../../domain/scn.ts";
import { endBackup as endOnFreshSession } from "../end-backup.ts";
import type { Handler } from "../step-context.ts";

/** Nothing to do where BEGIN was not needed. */
export const endBackup: Handler<"end-backup"> = async (step, { world, results }) => {
  const obligation = results.open.get(step.begin);
  if (obligation === undefined) return { note: "nothing was begun" };
  const { scn, note } = await endOnFreshSession(world, obligation);
  results.open.delete(step.begin);
  results.ends.push(scn);
  return { note, scn: formatScn(scn) };
};
