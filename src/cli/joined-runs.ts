import { describePlan } from "../plan/describe-step.ts";
import { backupCold, planCold } from "../run/backup-cold.ts";
import { backupHot, planHot } from "../run/backup-hot.ts";
import { coverageReport } from "../run/coverage.ts";
import { noteHeartbeat } from "../run/heartbeat.ts";
import { rebuildCatalog } from "../run/rebuild-catalog.ts";
import { reconcile } from "../run/reconcile.ts";
import { verifyBackup } from "../run/verify-backup.ts";
import type { Runs } from "./runs.ts";

/** The real thing behind the commands: `run/` in the shape that they show. */
export const joinedRuns: Runs = {
  async planHot(world, options) {
    const planned = await planHot(world, options);
    if (!planned.ok) return planned;
    return { ok: true, lines: describePlan(planned.plan), warnings: planned.warnings };
  },
  backupHot,
  async planCold(world, options) {
    const planned = await planCold(world, options);
    if (!planned.ok) return planned;
    return { ok: true, lines: describePlan(planned.plan), warnings: planned.warnings };
  },
  backupCold,
  reconcile,
  verifyBackup,
  rebuildCatalog,
  coverageReport,
  noteHeartbeat,
};
