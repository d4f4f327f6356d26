import { formatDuration } from "../../domain/human.ts";
import { bringBack as bringBackAndProve } from "../bring-back.ts";
import type { Handler } from "../step-context.ts";

/** From MOUNT to the state that the database had; then it is no longer down (rules 24, 25, 26). */
export const bringBack: Handler<"bring-back"> = async (_step, { world, plan, results, downtime }) => {
  const { cold } = results;
  if (cold.startup === undefined) return { note: "nothing was shut down" };
  const { note, warnings } = await bringBackAndProve(world, cold.startup, { shutdown: cold.shutdown });
  cold.startup = undefined;
  downtime.end();
  for (const warning of warnings) {
    world.reporter.event({ kind: "warning", at: world.clock.now(), run: plan.run, warning });
    results.notes.push(warning.seen);
  }
  const ms = downtime.ms ?? 0;
  return { note: `${note}; it was down for ${formatDuration(ms)}`, downtimeMs: ms };
};
