import type { PrunedLogs } from "../domain/log-prune.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { messageOf } from "./failure-words.ts";
import { pruneLogs, type PruneOptions } from "./logs-prune.ts";
import type { World } from "./world.ts";

export interface PrunedAfter {
  /** Absent where there was nothing to prune, or it failed. */
  readonly logs?: PrunedLogs;
  readonly problems: readonly { readonly object: string; readonly problem: string }[];
}

/** Codes of refusals that say that there is nothing to prune: no policy, no log directory. */
const NOTHING: ReadonlySet<string> = new Set(["UMB-3161", "UMB-3147"]);

/**
 * Archived logs at the end of a retention: a policy that kept them for ever would fill the disk. Never throws but where it is
 * interrupted: what the retention did is done.
 */
export async function pruneAfter(
  world: World,
  options: Pick<PruneOptions, "byPolicy" | "alone">,
): Promise<PrunedAfter> {
  const object = "archived logs";
  try {
    const pruned = await pruneLogs(world, options);
    if (!pruned.ok) {
      const refused = pruned.refusals.filter(({ code }) => !NOTHING.has(code));
      return { problems: refused.map(({ seen }) => ({ object, problem: seen })) };
    }
    const { applied } = pruned;
    const problems = applied.problems.map(({ path, problem }) => ({ object: path, problem }));
    return { logs: applied, problems };
  } catch (error) {
    if (world.signal.aborted) throw error;
    // A backup, or other work on the logs, has begun: they wait for the next retention.
    if (isUmbraError(error) && error.code === "UMB-8001") return { problems: [] };
    return { problems: [{ object, problem: messageOf(error) }] };
  }
}
