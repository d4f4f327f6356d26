import type { LogMark } from "../domain/log-prune.ts";
import { LogsRecord } from "./logs-record.ts";
import type { World } from "./world.ts";

/**
 * Keeps all logs that were marked to go, but for those whose removal has begun. The next pruning decides anew: a hold, or a
 * longer time that is protected, keeps them from going again. Errors: UMB-8001 while others work on the logs.
 */
export async function undoLogPrune(world: World): Promise<readonly LogMark[]> {
  const { state, database } = world;
  const marks = state.logMarks.list(database.name);
  if (marks.length === 0) return [];
  return await new LogsRecord(world, "logs-prune").during(1, () => {
    const paths = marks.map(({ path }) => path);
    const kept = new Set(state.logMarks.takeBack(database.name, paths));
    return Promise.resolve(marks.filter(({ path }) => kept.has(path)));
  });
}
