import type { DatabaseName } from "../domain/names.ts";
import type { Obligation, StartupObligation } from "../domain/obligation.ts";
import type { ResumeObligation } from "../domain/snapshot-obligation.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { State } from "../state/state.ts";
import type { World } from "./world.ts";

export type OpenObligation = Obligation | StartupObligation | ResumeObligation;

/** All that umbra still owes this database: one that is down, then one that does not write, comes first. */
export async function openObligations(
  {
    startups,
    obligations,
    snapshotObligations,
  }: Pick<State, "startups" | "obligations" | "snapshotObligations">,
  database: DatabaseName,
): Promise<readonly OpenObligation[]> {
  const owed = await snapshotObligations.pending(database);
  const resumes = owed.filter((one) => one.kind === "resume");
  return [...(await startups.pending(database)), ...resumes, ...(await obligations.pending(database))];
}

/** UMB-8002 where a journal or an obligation is open: the database may be down, or something in backup mode. */
export async function refuseOpenRuns({ state, database }: World): Promise<void> {
  const { name } = database;
  const runs = [
    ...(await state.journal.openRuns(name)).map((run) => run.id),
    ...(await openObligations(state, name)).map((obligation) => obligation.run),
  ];
  if (runs.length > 0) throw new UmbraError("UMB-8002", { database: name, runs: [...new Set(runs)] });
}
