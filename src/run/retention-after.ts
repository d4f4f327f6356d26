import type { Warning } from "../domain/refusal.ts";
import { messageOf } from "./failure-words.ts";
import { applyRetention } from "./retention-apply.ts";
import type { World } from "./world.ts";

/**
 * Retention at the end of a refresh, where the configuration wants it. The caller has the database's lock. A failure is a
 * warning: the refresh is done, whatever could not be removed.
 */
export async function retentionAfter(world: World): Promise<readonly Warning[]> {
  if (world.database.retention?.afterRefresh !== true) return [];
  const todo = `look at \`umbra retention plan ${world.database.name}\``;
  try {
    const done = await applyRetention(world, { byPolicy: true, alone: true });
    if (!done.ok) return done.refusals.map(({ seen }) => ({ seen: `retention: ${seen}`, todo }));
    return done.applied.problems.map(({ object, problem }) => ({
      seen: `retention: ${object}: ${problem}`,
      todo,
    }));
  } catch (error) {
    if (world.signal.aborted) throw error;
    return [{ seen: `retention was not done: ${messageOf(error)}`, todo }];
  }
}
