import { type ContainerName, type FilePath, ROOT, type StepId } from "../domain/names.ts";
import type { Plan } from "../domain/plan.ts";
import type { BackupScope, CopyDatafile, Step } from "../domain/step.ts";
import { isSnapshotStep } from "../domain/snapshot-step.ts";
import { describeAreaStep } from "./describe-area-step.ts";
import { describeColdStep } from "./describe-cold-step.ts";
import { describeSnapshotStep } from "./describe-snapshot-step.ts";
import { afterMoment } from "./source-moments.ts";
import {
  ARCHIVE_CURRENT_SQL,
  backupControlfileSql,
  beginBackupSql,
  createPfileSql,
  endBackupSql,
  traceControlfileSql,
} from "./sql-text.ts";

/** One step as `--plan` shows it: what is done, what is sent to the database, what is copied where. */
export interface StepDescription {
  readonly id: StepId;
  readonly title: string;
  /** Container in which `sql` is sent. */
  readonly container?: ContainerName;
  readonly sql: readonly string[];
  /** Lines that RMAN is given, its scripts one after the other. */
  readonly script?: readonly string[];
  readonly source?: FilePath;
  /** Where the source lies, unless on the database's host. */
  readonly sourceHost?: string;
  readonly target?: FilePath;
  readonly bytes?: number;
}

/** Every step of a plan in order, those that are performed at once one by one. */
export function describePlan(plan: Plan): readonly StepDescription[] {
  return flatSteps(plan.steps).map(describeStep);
}

/** Copies that are performed at once stand where their group stands. */
export function flatSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step): readonly Step[] => (step.kind === "in-parallel" ? step.steps : [step]));
}

function lastName(path: FilePath): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

// oxlint-disable-next-line complexity
export function describeStep(step: Step): StepDescription {
  if (isSnapshotStep(step)) return describeSnapshotStep(step);
  const { id } = step;
  switch (step.kind) {
    case "make-directory":
      return { id, title: `make the directory ${lastName(step.path)}`, sql: [], target: step.path };
    case "begin-backup":
      return inScope(id, `begin backup of ${scopeName(step.scope)}`, step.scope, beginBackupSql(step.scope));
    case "end-backup":
      return inScope(id, `end backup of ${scopeName(step.scope)}`, step.scope, endBackupSql(step.scope));
    case "copy-datafile":
      return describeCopy(step);
    case "in-parallel":
      return { id, title: `copy ${step.steps.length} datafiles, ${step.width} at once`, sql: [] };
    case "switch-logs":
      return inRoot(id, "switch and archive the redo logs of all threads", ARCHIVE_CURRENT_SQL);
    case "wait-for-logs":
      return { id, title: "wait until the redo of every thread is archived", sql: [] };
    case "copy-logs":
      return { id, title: "copy the archived logs", sql: [], target: step.directory };
    case "backup-controlfile":
      return intoFile(step, "back up the control file", backupControlfileSql(step.path));
    case "trace-controlfile":
      return intoFile(step, CONTROL_SCRIPT, traceControlfileSql(step.path));
    case "save-parameters":
      return intoFile(step, "write the parameters as text", createPfileSql(step.path, step.from));
    case "copy-file":
      return {
        id,
        title: `copy the ${fileNames[step.what]}`,
        sql: [],
        source: step.source,
        target: step.target,
      };
    case "confirm-identity":
      return { id, title: "confirm that it is still the same database", sql: [] };
    case "write-manifest":
      return { id, title: "write the manifest", sql: [], target: step.path };
    case "pre-copy-datafile":
    case "verify-copy":
    case "shut-down":
    case "prove-closed":
    case "take-picture":
    case "remove-picture":
    case "copy-controlfile":
    case "copy-redo":
    case "confirm-closed":
    case "start-up":
      return describeColdStep(step);
    case "refresh-datafile":
    case "rman-refresh":
    case "mark-dirty":
    case "collect-logs":
    case "take-snapshot":
    case "tidy-area":
      return describeAreaStep(step);
  }
}

const CONTROL_SCRIPT = "write the script that re-creates the control file";

const fileNames = { spfile: "server parameter file", "password-file": "password file" } as const;

function describeCopy(step: CopyDatafile): StepDescription {
  const { protection, refresh } = step;
  const why = protection.by === "nobody-writes" ? `, ${whyText[protection.why]}` : "";
  const what = refresh === true ? "bring up to date the copy of" : "copy";
  return {
    id: step.id,
    title: `${what} datafile ${step.file} of ${step.container}:${step.tablespace}${why}${afterMoment(step)}`,
    sql: [],
    source: step.path,
    target: step.target,
    bytes: (step.blocks + 1) * step.blockSize,
  };
}

const whyText = {
  "read-only": "read only",
  seed: "of the seed, read only",
  closed: "of a container that is closed cleanly",
  offline: "offline and consistent",
  "offline-needs-recovery": "offline, needs recovery",
} as const;

export function scopeName(scope: BackupScope): string {
  return scope.level === "database" ? "the whole database" : `${scope.container}:${scope.tablespace}`;
}

/** The container in which a scope's statements are sent. */
export function scopeContainer(scope: BackupScope): ContainerName {
  return scope.level === "database" ? ROOT : scope.container;
}

function inScope(id: StepId, title: string, scope: BackupScope, sql: string): StepDescription {
  return { id, title, container: scopeContainer(scope), sql: [sql] };
}

function inRoot(id: StepId, title: string, sql: string): StepDescription {
  return { id, title, container: ROOT, sql: [sql] };
}

function intoFile(
  { id, path }: { readonly id: StepId; readonly path: FilePath },
  title: string,
  sql: string,
): StepDescription {
  return { ...inRoot(id, title, sql), target: path };
}
