import type { DatafileFacts, Facts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { RunId } from "../domain/names.ts";
import type { PlannedSnapshot, SnapshotBackupOptions, SnapshotBackupPlan } from "../domain/plan.ts";
import type { PrimaryLook } from "../domain/primary-look.ts";
import type { Planned } from "../domain/refusal.ts";
import { formatSnapshotName, primaryLabel } from "../domain/snapshot.ts";
import { backupLayout } from "./backup-layout.ts";
import { treatmentOf } from "./file-treatment.ts";
import { copyBytes } from "./hot-backup.ts";
import { refuseArea } from "./refuse-area.ts";
import { refuseDatabase } from "./refuse-database.ts";
import { refusePlaces, refuseSnapshotTime } from "./refuse-snapshot.ts";
import { snapshotBackupSteps } from "./snapshot-backup-steps.ts";
import { snapshotBackupWarnings } from "./snapshot-backup-warnings.ts";

export interface SnapshotBackupInput {
  readonly facts: Facts;
  readonly config: DatabaseConfig;
  readonly options: SnapshotBackupOptions;
  readonly runId: RunId;
  readonly look: PrimaryLook;
}

/** The steps of a backup by snapshots of the primary volumes (rules 64 to 72), or every reason why there can be none. */
export function planSnapshotBackup(input: SnapshotBackupInput): Planned<SnapshotBackupPlan> {
  const { facts, config, options, runId, look } = input;
  const mode = options.snapshotTime === true ? "snapshot-time" : "backup-mode";
  const treatments = facts.datafiles.map((file) => treatmentOf(file, facts, "database"));
  const refusals = [
    ...refuseDatabase(facts, config),
    ...treatments.flatMap((one) => (one.how === "refused" ? [one.refusal] : [])),
    ...refusePlaces(look),
    ...(mode === "snapshot-time" ? refuseSnapshotTime(facts, look, options) : []),
    // Nothing but logs and control file is written there.
    ...refuseArea(facts, config, 0),
  ];
  if (refusals.length > 0) return { ok: false, refusals };
  const layout = backupLayout(config.backupArea, runId, "snapshot");
  const snapshots = plannedSnapshots(input);
  const suspend = options.suspend === true;
  const warnings = snapshotBackupWarnings(facts, treatments, look, mode);
  const plan: SnapshotBackupPlan = {
    kind: "snapshot-backup",
    run: runId,
    database: config.name,
    mode,
    suspend,
    snapshots,
    directory: layout.directory,
    layout,
    steps: snapshotBackupSteps({
      facts,
      look,
      mode,
      suspend,
      verify: options.verify === true,
      width: config.backup.parallel,
      layout,
      snapshots,
      treatments: treatments.flatMap((one) => (one.how === "refused" ? [] : [one])),
    }),
    files: facts.datafiles.length,
    bytes: facts.datafiles.reduce((sum: number, file: DatafileFacts) => sum + copyBytes(file), 0),
    warnings,
    facts,
  };
  return { ok: true, plan, warnings };
}

/** One name for all volumes of a storage; its label tells it from a snapshot of the backup area. */
function plannedSnapshots({ config, runId, look }: SnapshotBackupInput): readonly PlannedSnapshot[] {
  const storages = [...new Set(look.volumes.map(({ storage }) => storage))];
  const nameOn = (storage: string) => {
    // Two storages of the configuration may keep their snapshots in one place.
    return formatSnapshotName({ run: runId, label: primaryLabel(storages.indexOf(storage)) });
  };
  const tag = { agent: look.agent, database: config.name, run: runId };
  return look.volumes.map(({ storage, volume, mountPoint }) => {
    return { storage, volume, mountPoint, name: nameOn(storage), tag };
  });
}
