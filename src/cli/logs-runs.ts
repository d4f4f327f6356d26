import type { LogMark } from "../domain/log-prune.ts";
import { describeBackfill } from "../plan/archive-backfill.ts";
import { describeLogSetup } from "../plan/archive-setup.ts";
import { backfillLogs, type Backfilled, planLogsBackfill } from "../run/logs-backfill.ts";
import { type Guarded, guardLogs } from "../run/logs-guard.ts";
import { type LogsPruned, pruneLogs, type PruneOptions } from "../run/logs-prune.ts";
import { type LogPrunePlanned, planLogPrune } from "../run/logs-prune-plan.ts";
import { undoLogPrune } from "../run/logs-prune-undo.ts";
import { type LogsSetUp, planLogsSetup, planLogsUndo, setUpLogs, undoLogs } from "../run/logs-setup.ts";
import { type LogsLook, verifyLogs } from "../run/logs-verify.ts";
import type { World } from "../run/world.ts";
import type { PlannedRun } from "./runs.ts";

/** What the commands of `umbra logs` ask of `run/`. */
export interface LogsRuns {
  /** Changes nothing. */
  planSetup(world: World, options: { readonly undo: boolean }): Promise<PlannedRun>;
  /** Returns when a log was seen to arrive; what could not be proved was undone, and is thrown. */
  setUp(world: World, options: { readonly undo: boolean }): Promise<LogsSetUp>;
  verify(world: World, options: { readonly deep: boolean }): Promise<LogsLook>;
  /** Changes nothing. */
  planBackfill(world: World, options: { readonly deep: boolean }): Promise<PlannedRun>;
  backfill(world: World, options: { readonly deep: boolean }): Promise<Backfilled>;
  guard(world: World, options: { readonly planOnly: boolean }): Promise<Guarded>;
  /** Changes nothing. */
  planPrune(world: World): Promise<LogPrunePlanned>;
  prune(world: World, options: PruneOptions): Promise<LogsPruned>;
  /** The logs that stay. */
  undoPrune(world: World): Promise<readonly LogMark[]>;
}

export const joinedLogs: LogsRuns = {
  async planSetup(world, { undo }) {
    const planned = await (undo ? planLogsUndo(world) : planLogsSetup(world));
    if (!planned.ok) return planned;
    return { ok: true, lines: describeLogSetup(planned.plan.steps), warnings: planned.warnings };
  },
  setUp: (world, { undo }) => (undo ? undoLogs(world) : setUpLogs(world)),
  verify: verifyLogs,
  async planBackfill(world, options) {
    const planned = await planLogsBackfill(world, options);
    if (!planned.ok) return planned;
    const { plan, standbys, unreachable } = planned;
    const asked = { seen: unreachable ?? "", todo: "run it again when the database answers" };
    const left = plan.left.map((one) => ({
      seen: `thread ${one.thread} sequence ${one.sequence} is ${one.class}: ${one.why}`,
      todo: "nothing that umbra can read holds it",
    }));
    const unused = standbys.map(({ standby, problem }) => ({
      seen: `the standby ${standby}: ${problem}`,
      todo: "look at that database, then run it again",
    }));
    const warnings = [...(unreachable === undefined ? [] : [asked]), ...unused, ...left];
    return { ok: true, lines: describeBackfill(plan), warnings };
  },
  backfill: backfillLogs,
  guard: guardLogs,
  planPrune: planLogPrune,
  prune: pruneLogs,
  undoPrune: undoLogPrune,
};
