import { readApplyLag } from "../discover/apply-lag.ts";
import { formatDuration } from "../domain/human.ts";
import type { Warning } from "../domain/refusal.ts";
import type { StepContext } from "./step-context.ts";

const POLL_MS = 500;
/** So long apply may take to begin with what arrived during the downtime. */
const PATIENCE_MS = 30_000;
/** v$dataguard_stats is computed now and then. */
const SLACK_SECONDS = 60;

/**
 * Redo apply of a standby runs again; that it comes forward shows in its lag (rule 26): it is what it was before, or it
 * shrinks. What does not is a warning: the database is up, and its primary works.
 */
export async function confirmApply(
  context: StepContext,
  before: number | undefined,
): Promise<readonly Warning[]> {
  const { world, sessions, statement, signal } = context;
  const look = () => sessions.root((db) => readApplyLag(db, statement));
  const until = world.clock.monotonicMs() + Math.min(PATIENCE_MS, world.database.deadlines.startupMs / 2);
  const first = await look();
  for (let lag = first; ; lag = await look()) {
    if (lag !== undefined && (lag <= (before ?? 0) + SLACK_SECONDS || lag < (first ?? 0))) return [];
    if (world.clock.monotonicMs() >= until) return [notForward(lag)];
    await world.clock.sleep(POLL_MS, signal);
  }
}

function notForward(lag: number | undefined): Warning {
  const text = lag === undefined ? "unknown" : formatDuration(lag * 1000);
  return {
    rule: 26,
    seen: `redo apply runs again, and its lag is ${text} and does not shrink`,
    todo: "look at v$dataguard_process and the alert log: logs of the downtime may not have arrived",
  };
}
