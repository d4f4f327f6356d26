import type { ArchivedLogFacts } from "../domain/facts.ts";
import { asArchivedLog, readAreaRedo } from "./area-redo.ts";
import type { StepContext } from "./step-context.ts";

/** Whole logs that lie in the live area already, whoever put them there; none for other kinds of runs. */
export async function logsInArea({
  plan,
  world,
  hosts,
  results,
}: Pick<StepContext, "plan" | "world" | "hosts" | "results">): Promise<readonly ArchivedLogFacts[]> {
  if (plan.kind !== "baseline" && plan.kind !== "refresh") return [];
  const directory = plan.layout.logs;
  const { dbid } = plan.facts.identity;
  const redo = await readAreaRedo(world.backupHost, { directory, dbid }, hosts, results.area.redo);
  return [...redo.values()].map((one) => asArchivedLog(one, directory));
}
