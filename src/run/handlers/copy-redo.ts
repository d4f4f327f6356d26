import type { Handler } from "../step-context.ts";

/** Bytes as they are: behind the end of the log lie blocks of older ones (rule 9). */
export const copyRedo: Handler<"copy-redo"> = async (step, context) => {
  const { world, plan, results, signal } = context;
  const { cold } = results;
  const { bytes, sha256 } = await world.databaseHost.copy({
    source: cold.picture?.files.get(step.source) ?? step.source,
    target: step.target,
    mode: "plain",
    blockSize: 512,
    signal,
    stallMs: world.database.deadlines.copyStallMs,
  });
  const name = step.target.slice(plan.directory.length + 1);
  cold.onlineRedo.push({
    name,
    bytes,
    sha256,
    thread: step.thread,
    group: step.group,
    source: step.source,
  });
  return { bytes, sha256 };
};
