import type { ColdLook } from "../domain/cold-look.ts";
import type { Facts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { RunId } from "../domain/names.ts";
import type { ColdBackupOptions, ColdBackupPlan, ColdMode } from "../domain/plan.ts";
import type { Planned, Refusal } from "../domain/refusal.ts";
import { backupLayout } from "./backup-layout.ts";
import { coldBackupSteps } from "./cold-backup-steps.ts";
import { coldBackupWarnings } from "./cold-backup-warnings.ts";
import { closedTreatmentOf } from "./closed-treatment.ts";
import { predictedDowntime, refuseDowntime } from "./downtime.ts";
import { copyBytes } from "./hot-backup.ts";
import { refuseArea } from "./refuse-area.ts";
import { refuseCold } from "./refuse-cold.ts";

export interface ColdBackupInput {
  readonly facts: Facts;
  readonly look: ColdLook;
  readonly config: DatabaseConfig;
  readonly options: ColdBackupOptions;
  readonly runId: RunId;
}

/** The steps of one cold backup, or every reason why there can be none. */
export function planColdBackup(input: ColdBackupInput): Planned<ColdBackupPlan> {
  const { facts, look, config, options, runId } = input;
  const mode = modeOf(options.mode ?? config.cold.mode, look);
  const maxDowntimeMs = options.maxDowntimeMs ?? config.cold.maxDowntimeMs;
  const onOverrun = options.onOverrun ?? config.cold.onOverrun;
  const treatments = facts.datafiles.map((file) => closedTreatmentOf(file, facts, look.kept));
  const copied = treatments.filter((one) => one.how === "copied");
  const bytes = copied.reduce((sum, one) => sum + copyBytes(one.file), 0);
  const downtime = predictedDowntime({ mode, bytes, look });
  const limit = { ...(maxDowntimeMs === undefined ? {} : { maxDowntimeMs }), onOverrun };
  const refusals = [
    ...refuseCold(facts, look, config),
    ...refuseMode(mode, look),
    ...treatments.flatMap((one) => (one.how === "refused" ? [one.refusal] : [])),
    ...refuseDowntime(downtime, limit),
    ...refuseArea(facts, config, bytes),
  ];
  if (refusals.length > 0) return { ok: false, refusals };
  const layout = backupLayout(config.backupArea, runId, "cold");
  const kept = treatments.flatMap((one) => (one.how === "kept" ? [one.copy] : []));
  const warnings = coldBackupWarnings({ facts, look, treatments, downtime, limit });
  const width = Math.max(1, Math.trunc(options.parallel ?? config.backup.parallel));
  const plan: ColdBackupPlan = {
    kind: "cold-backup",
    run: runId,
    database: config.name,
    mode,
    directory: layout.directory,
    layout,
    saved: look.saved,
    ...(look.applyLagSeconds === undefined ? {} : { applyLagSeconds: look.applyLagSeconds }),
    downtime,
    ...limit,
    kept,
    steps: coldBackupSteps({
      facts,
      look,
      config,
      mode,
      width,
      layout,
      treatments: treatments.filter((one) => one.how !== "refused"),
    }),
    // Mode pre-copy reads each file twice, once before and once in the downtime.
    files: mode === "pre-copy" ? 2 * copied.length : copied.length,
    bytes: mode === "pre-copy" ? 2 * bytes : bytes,
    warnings,
    facts,
  };
  return { ok: true, plan, warnings };
}

/** The shortest downtime that the storage of the datafiles allows. */
function modeOf(wanted: DatabaseConfig["cold"]["mode"], { noPicture, refresh }: ColdLook): ColdMode {
  if (wanted !== "auto") return wanted;
  if (noPicture === undefined) return "snapshot";
  return refresh ? "pre-copy" : "plain";
}

function refuseMode(mode: ColdMode, { noPicture, refresh }: ColdLook): readonly Refusal[] {
  if (mode === "snapshot" && noPicture !== undefined) {
    const seen = `mode snapshot was asked for, and the storage of the datafiles cannot do it: ${noPicture}`;
    const todo = "use --mode pre-copy, or put the datafiles on storage with snapshots or reflinks";
    return [{ code: "UMB-3124", seen, todo }];
  }
  if (mode === "pre-copy" && !refresh) {
    const seen =
      "mode pre-copy was asked for, and there is no umbra on the database's host to bring copies up to date";
    return [
      { code: "UMB-3124", seen, todo: "install umbra there (umbra: of the host), or use --mode plain" },
    ];
  }
  return [];
}
