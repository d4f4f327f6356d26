import type { DatabaseName } from "../domain/names.ts";
import type { Obligation, StartupObligation } from "../domain/obligation.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { State } from "../state/state.ts";
import type { World } from "./world.ts";

/** All that umbra still owes this database, of both kinds: a database that is down comes first. */
export async function openObligations(
  { startups, obligations }: Pick<State, "startups" | "obligations">,
  database: DatabaseName,
): Promise<readonly (Obligation | StartupObligation)[]> {
  return [...(await startups.pending(database)), ...(await obligations.pending(database))];
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
