import { formatDuration } from "../../domain/human.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { type BroughtBack, bringBack } from "../bring-back.ts";
import { coldPlan } from "../cold-context.ts";
import { confirmApply } from "../confirm-apply.ts";
import { proveInMount } from "../prove-in-mount.ts";
import type { Handler } from "../step-context.ts";

/**
 * Starts the database, reads the proof while it is mounted, and opens it to the state that it had (rules 18, 19, 22, 24,
 * 25, 26). A proof that fails keeps nobody from working: the database is opened first, then the backup is void.
 */
export const startUp: Handler<"start-up"> = async (_step, context) => {
  const { world, plan, results, downtime } = context;
  const { cold } = results;
  if (cold.startup === undefined) return { note: "nothing was shut down" };
  const sentAt = world.clock.now();
  const back = await bringBack(world, cold.startup, {
    shutdown: cold.shutdown,
    // `confirm-closed` saw no sign of an instance since.
    known: cold.down,
    whenMounted: (db) => proveInMount(db, sentAt, context),
    whenProved: () => downtime.end(),
  });
  const isApplied = cold.startup.saved.apply !== undefined;
  cold.startup = undefined;
  const lagging = isApplied ? await confirmApply(context, coldPlan(context).applyLagSeconds) : [];
  for (const warning of [...back.warnings, ...lagging]) {
    world.reporter.event({ kind: "warning", at: world.clock.now(), run: plan.run, warning });
    results.notes.push(warning.seen);
  }
  requireProof(back);
  const ms = downtime.ms ?? 0;
  return { note: `${back.note}; it was down for ${formatDuration(ms)}`, downtimeMs: ms };
};

function requireProof({ started, mounted, now }: BroughtBack): void {
  if (!started) {
    const seen = now.startedAt.map(({ instance, at }) => `${instance} was started at ${at}, not by umbra`);
    throw new UmbraError("UMB-9022", { seen, rule: 22 });
  }
  if (mounted === "not-seen") throw new UmbraError("UMB-9025", { rule: 19 });
  if (mounted !== "seen") throw mounted.failed;
}
