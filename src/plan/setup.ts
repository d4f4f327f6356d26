import type { Facts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import { formatBytes } from "../domain/human.ts";
import type { FilePath } from "../domain/names.ts";
import type { Planned, Refusal, Warning } from "../domain/refusal.ts";
import type { SetupLook, SetupPlan, SetupStep } from "../domain/setup-plan.ts";
import { areaLayout } from "./area-layout.ts";
import { databaseSetup, databaseUndo } from "./database-setup.ts";
import { copyBytes } from "./hot-backup.ts";
import { refuseArea } from "./refuse-area.ts";
import { otherDbid } from "./refuse-database.ts";
import type { StepDescription } from "./describe-step.ts";
import { nameSnapshotControlfileScript, resetSnapshotControlfileScript } from "./rman-script.ts";
import { disableChangeTrackingSql, enableChangeTrackingSql } from "./sql-text.ts";
import { id } from "./step-parts.ts";

export interface SetupInput {
  readonly facts: Facts;
  readonly look: SetupLook;
  readonly config: DatabaseConfig;
}

/** Shorter than this, the control file may forget logs before anybody looks for them. */
const KEEP_DAYS = 7;

/** Makes the live area: directories and the mark, and what RMAN needs of the database. Touches nothing that is there. */
export function planSetup({ facts, look, config }: SetupInput): Planned<SetupPlan> {
  const refusals = [
    ...otherDbid(facts.identity, config),
    ...foreignArea(look, config),
    ...refuseArea(facts, config, 0).filter((one) => one.code !== "UMB-3115"),
  ];
  if (refusals.length > 0) return { ok: false, refusals };
  const { marker, ...layout } = areaLayout(config.backupArea);
  const missing = (path: FilePath) => !look.there.includes(path);
  const directories = [layout.directory, layout.data, layout.logs, layout.control, layout.parameters];
  const steps: SetupStep[] = [
    ...directories
      .filter(missing)
      .map((path) => ({ kind: "make-directory" as const, id: id(`make-directory:${path}`), path })),
    ...(missing(marker) ? [{ kind: "mark-area" as const, id: id("mark-area"), path: marker }] : []),
  ];
  const own = databaseSetup(facts, look, config);
  const warnings = [...tooSmall(facts), ...shortMemory(facts), ...own.warnings];
  return { ok: true, plan: { steps: [...steps, ...own.steps], warnings }, warnings };
}

/** Takes back what `planSetup` made, where nothing was put into it since but logs, which stay. */
export function planSetupUndo({ look, config }: Omit<SetupInput, "facts">): Planned<SetupPlan> {
  const { marker, ...layout } = areaLayout(config.backupArea);
  const refusals = [...foreignArea(look, config), ...inUse(look, layout.logs)];
  if (refusals.length > 0) return { ok: false, refusals };
  const hasLogs = look.filled.includes(layout.logs);
  const stays = hasLogs ? [layout.logs, layout.directory] : [];
  const isThere = (path: FilePath) => look.there.includes(path) && !stays.includes(path);
  const folders = [layout.data, layout.logs, layout.control, layout.parameters].filter(isThere);
  const gone = (path: FilePath) => ({
    kind: "remove-directory" as const,
    id: id(`remove-directory:${path}`),
    path,
  });
  const steps: SetupStep[] = [
    ...databaseUndo(look, config),
    ...folders.map(gone),
    ...(isThere(marker) ? [{ kind: "remove-mark" as const, id: id("remove-mark"), path: marker }] : []),
    ...[layout.directory].filter(isThere).map(gone),
  ];
  const warnings = hasLogs ? [logsStay(layout.logs)] : [];
  return { ok: true, plan: { steps, warnings }, warnings };
}

export function describeSetupStep(step: SetupStep): StepDescription {
  const titles = {
    "make-directory": "make the directory",
    "mark-area": "write the mark that says whose the live area is",
    "remove-mark": "remove the mark",
    "remove-directory": "remove the empty directory",
    "enable-change-tracking": "have the database note which blocks change, in",
    "disable-change-tracking": "have the database note no more which blocks change, in",
    "share-snapshot-controlfile": "put RMAN's snapshot of the control file where all instances reach it,",
    "reset-snapshot-controlfile":
      "let RMAN put its snapshot of the control file where it does by itself, not",
  } as const;
  return { id: step.id, title: titles[step.kind], target: step.path, ...sentBy(step) };
}

function sentBy({ kind, path }: SetupStep): Pick<StepDescription, "sql" | "script"> {
  switch (kind) {
    case "enable-change-tracking":
      return { sql: [enableChangeTrackingSql(path)] };
    case "disable-change-tracking":
      return { sql: [disableChangeTrackingSql()] };
    case "share-snapshot-controlfile":
      return { sql: [], script: nameSnapshotControlfileScript(path).text.trimEnd().split("\n") };
    case "reset-snapshot-controlfile":
      return { sql: [], script: resetSnapshotControlfileScript().text.trimEnd().split("\n") };
    case "make-directory":
    case "mark-area":
    case "remove-mark":
    case "remove-directory":
      return { sql: [] };
  }
}

function foreignArea({ foreign }: SetupLook, { backupArea }: DatabaseConfig): Refusal[] {
  if (!foreign) return [];
  const seen = `${backupArea}/live holds files and has no mark of umbra's`;
  return [{ code: "UMB-3133", seen, todo: "move them away, or configure another backup-area" }];
}

function inUse({ filled, foreign }: SetupLook, logs: FilePath): Refusal[] {
  if (filled.every((path) => path === logs) || foreign) return [];
  const seen = `the live area is in use: there are files in ${filled.join(", ")}`;
  const todo = "remove copies and logs by hand if they are not wanted any more; umbra does not";
  return [{ code: "UMB-3140", seen, todo }];
}

/** Other backups may need them. */
function logsStay(logs: FilePath): Warning {
  return { seen: `the archived logs in ${logs} stay`, todo: "remove them by hand if no backup needs them" };
}

function tooSmall({ backupArea, datafiles }: Facts): Warning[] {
  const bytes = datafiles.reduce((sum, file) => sum + copyBytes(file), 0);
  if (backupArea === undefined || backupArea.freeBytes >= bytes) return [];
  const seen = `the backup area has ${formatBytes(backupArea.freeBytes)} free, and the copies need ${formatBytes(bytes)}`;
  return [{ seen, todo: "enlarge the storage before `umbra baseline`" }];
}

function shortMemory({ parameters }: Facts): Warning[] {
  const days = Number(parameters["control_file_record_keep_time"] ?? KEEP_DAYS);
  if (!(days < KEEP_DAYS)) return [];
  const seen = `CONTROL_FILE_RECORD_KEEP_TIME is ${days} days: the control file may forget archived logs before they are missed`;
  return [{ seen, todo: `ALTER SYSTEM SET CONTROL_FILE_RECORD_KEEP_TIME=${KEEP_DAYS} or more` }];
}
