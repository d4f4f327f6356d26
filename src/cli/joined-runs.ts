import type { Plan } from "../domain/plan.ts";
import type { Planned } from "../domain/refusal.ts";
import { describeLogSetup } from "../plan/archive-setup.ts";
import { describePlan } from "../plan/describe-step.ts";
import { downtimeText } from "../plan/downtime.ts";
import { describeSetupStep } from "../plan/setup.ts";
import { backupCold, planCold } from "../run/backup-cold.ts";
import { backupRefresh, baseline, planBaselineRun, planRefreshRun } from "../run/backup-refresh.ts";
import { backupHot, planHot } from "../run/backup-hot.ts";
import { backupSnapshot, planSnapshot } from "../run/backup-snapshot.ts";
import { coverageReport } from "../run/coverage.ts";
import { noteHeartbeat } from "../run/heartbeat.ts";
import { rebuildCatalog } from "../run/rebuild-catalog.ts";
import { reconcile } from "../run/reconcile.ts";
import { setup } from "../run/setup.ts";
import { verifyBackup } from "../run/verify-backup.ts";
import { joinedKeeping } from "./keeping-runs.ts";
import { joinedLogs } from "./logs-runs.ts";
import type { PlannedRun, Runs } from "./runs.ts";

/** The real thing behind the commands: `run/` in the shape that they show. */
export const joinedRuns: Runs = {
  async planHot(world, options) {
    return described(await planHot(world, options));
  },
  backupHot,
  async planCold(world, options) {
    const planned = await planCold(world, options);
    if (!planned.ok) return planned;
    const { downtime, onOverrun, maxDowntimeMs } = planned.plan;
    const limit = { onOverrun, ...(maxDowntimeMs === undefined ? {} : { maxDowntimeMs }) };
    const text = downtimeText(downtime, limit);
    return { ...described(planned), downtime: { text, ...downtime, ...limit } };
  },
  backupCold,
  async setup(world, options) {
    const planned = await setup(world, options);
    if (!planned.ok) return planned;
    const { plan, warnings } = planned;
    const area = plan.area.steps.map(describeSetupStep);
    const logs = describeLogSetup(plan.logs?.steps ?? []);
    return { ok: true, lines: options.undo ? [...logs, ...area] : [...area, ...logs], warnings };
  },
  async planBaseline(world, options) {
    return described(await planBaselineRun(world, options));
  },
  baseline,
  async planRefresh(world, options) {
    return described(await planRefreshRun(world, options));
  },
  backupRefresh,
  async planSnapshot(world, options) {
    return described(await planSnapshot(world, options));
  },
  backupSnapshot,
  reconcile,
  verifyBackup,
  rebuildCatalog,
  coverageReport,
  noteHeartbeat,
  keeping: joinedKeeping,
  logs: joinedLogs,
};

function described(planned: Planned<Plan>): PlannedRun {
  if (!planned.ok) return planned;
  return { ok: true, lines: describePlan(planned.plan), warnings: planned.warnings };
}
