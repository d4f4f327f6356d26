import type { DatafileFacts, Facts } from "../domain/facts.ts";
import type { DatabaseConfig, HotBackupMode } from "../domain/fleet.ts";
import type { RunId } from "../domain/names.ts";
import type { HotBackupOptions, HotBackupPlan } from "../domain/plan.ts";
import type { Planned, Refusal } from "../domain/refusal.ts";
import { backupLayout } from "./backup-layout.ts";
import { type Treatment, treatmentOf } from "./file-treatment.ts";
import { hotBackupSteps } from "./hot-backup-steps.ts";
import { hotBackupWarnings } from "./hot-backup-warnings.ts";
import { refuseArea } from "./refuse-area.ts";
import { refuseDatabase } from "./refuse-database.ts";
import { same, selectTablespaces } from "./select-tablespaces.ts";

export interface HotBackupInput {
  readonly facts: Facts;
  readonly config: DatabaseConfig;
  readonly options: HotBackupOptions;
  readonly runId: RunId;
}

/** The steps of one hot backup, or every reason why there can be none. */
export function planHotBackup(input: HotBackupInput): Planned<HotBackupPlan> {
  const { facts, config, options, runId } = input;
  const mode = options.mode ?? config.backup.mode;
  const selection =
    options.tablespaces === undefined ? undefined : selectTablespaces(facts, options.tablespaces);
  const files = facts.datafiles.filter(
    (file) => selection === undefined || selection.tablespaces.some((one) => same(one, file)),
  );
  const treatments = files.map((file) => treatmentOf(file, facts, mode));
  const bytes = files.reduce((sum, file) => sum + copyBytes(file), 0);
  const refusals = [
    ...refuseDatabase(facts, config),
    ...refuseOptions(mode, options),
    ...(selection?.refusals ?? []),
    ...treatments.flatMap((treatment) => (treatment.how === "refused" ? [treatment.refusal] : [])),
    ...refuseArea(facts, config, bytes),
  ];
  if (refusals.length > 0) return { ok: false, refusals };
  const layout = backupLayout(config.backupArea, runId, "hot");
  const warnings = hotBackupWarnings(facts, treatments);
  const width = Math.max(1, Math.trunc(options.parallel ?? config.backup.parallel));
  const plan: HotBackupPlan = {
    kind: "hot-backup",
    run: runId,
    database: config.name,
    mode,
    directory: layout.directory,
    layout,
    ...(selection === undefined ? {} : { onlyTablespaces: selection.tablespaces }),
    steps: hotBackupSteps({ facts, mode, width, layout, treatments: treatments.filter(isCopied) }),
    files: files.length,
    bytes,
    warnings,
    facts,
  };
  return { ok: true, plan, warnings };
}

export type CopiedFile = Exclude<Treatment, { readonly how: "refused" }>;

function isCopied(treatment: Treatment): treatment is CopiedFile {
  return treatment.how !== "refused";
}

/** With block 0, the operating system header (rule 15). */
export function copyBytes(file: DatafileFacts): number {
  return (file.blocks + 1) * file.blockSize;
}

function refuseOptions(mode: HotBackupMode, options: HotBackupOptions): readonly Refusal[] {
  if (mode !== "database" || options.tablespaces === undefined) return [];
  return [
    {
      code: "UMB-3118",
      seen: "--tablespaces was asked for with mode database, which puts every file into backup mode",
      todo: "use --mode per-tablespace with --tablespaces",
    },
  ];
}
