import type { ContainerFacts, DatabaseIdentity, DatafileFacts } from "../domain/facts.ts";
import type { RunRecord } from "../domain/journal.ts";
import { ROOT, type StepId } from "../domain/names.ts";
import type { Obligation, StartupObligation } from "../domain/obligation.ts";
import type { ContainedStatement, ReconcilePlan, ReconcileStep } from "../domain/reconcile-plan.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { Lease } from "../domain/retention.ts";
import { scopeContainer, scopeName } from "./describe-step.ts";
import { isOurs } from "./ownership.ts";
import { type OwedBySnapshots, snapshotSteps } from "./reconcile-snapshots.ts";
import { endBackupSql, endFileBackupSql } from "./sql-text.ts";

/** The database as it is now; readable in MOUNT too. */
interface ReconcileFacts {
  readonly identity: DatabaseIdentity;
  readonly containers: readonly ContainerFacts[];
  readonly datafiles: readonly DatafileFacts[];
}

export type InterruptedRun = {
  readonly record: RunRecord;
  /** It began to take a picture of the datafiles, and did not note that the picture was removed. */
  readonly picture?: boolean;
} & (
  | {
      /** Its manifest is there and is right, only the catalog's row is missing. */
      readonly finished: boolean;
    }
  /** Its directory could not be looked at. */
  | { readonly finished: "unknown"; readonly why: string }
);

/** The instance as the tool on its host sees it. */
export type InstanceLook =
  | { readonly state: string }
  /** `control`: there is a tool, and it failed; else the configuration names none. */
  | { readonly unknown: string; readonly control: boolean };

export interface ReconcileInput {
  readonly runs: readonly InterruptedRun[];
  /** STARTUP. */
  readonly startups: readonly StartupObligation[];
  /** END BACKUP. */
  readonly obligations: readonly Obligation[];
  /** Of backups by snapshots of the primary volumes; without views that a living process reads. */
  readonly snapshots?: readonly OwedBySnapshots[];
  /** Of runs that are over. */
  readonly leases?: readonly Lease[];
  /** Asked where STARTUP is owed. */
  readonly instance: InstanceLook;
  /** Why the database could not be asked, where it could not. */
  readonly database: ReconcileFacts | { readonly unreachable: string };
}

/**
 * What puts right what interrupted runs left: first the database is brought back, whoever shut it down since, then
 * backup mode, then the files of the runs, then the journal. Ends only what the journal proves to be ours (rules 43, 60,
 * 61); the rest stays open and says why. A run that still owes something is kept open.
 */
export function planReconcile(input: ReconcileInput): ReconcilePlan {
  const { runs, startups, obligations, database } = input;
  const steps: ReconcileStep[] = [];
  const left: Refusal[] = [];
  const heldRuns = new Set<string>();
  const { views, bySnapshots, ofRun } = snapshotSteps(input);
  steps.push(...bySnapshots);
  for (const startup of startups) {
    const why = reasonNotToStart(startup, input);
    if (why === undefined) {
      steps.push(bringBackStep(startup, input.instance));
      continue;
    }
    left.push(why);
    heldRuns.add(startup.run);
  }
  for (const obligation of obligations) {
    const why = reasonToLeave(obligation, obligations, database);
    if (why !== undefined || "unreachable" in database) {
      left.push(why ?? unreachable(obligation, "it cannot be asked"));
      heldRuns.add(obligation.run);
      continue;
    }
    steps.push(endStep(obligation, database));
  }
  steps.push(...views);
  const openRuns = new Set<string>(runs.map(({ record }) => record.id));
  for (const [run, own] of ofRun) if (!openRuns.has(run)) steps.push(...own);
  for (const run of runs) {
    if (heldRuns.has(run.record.id)) continue;
    steps.push(...(ofRun.get(run.record.id) ?? []));
    if (run.picture === true) steps.push(pictureStep(run.record.id));
    if (run.finished === "unknown") left.push(unseen(run.record, run.why));
    else steps.push(...runSteps(run.record, run.finished));
  }
  steps.push(...leaseSteps(input));
  return { steps, left };
}

function bringBackStep({ id, run, saved }: StartupObligation, instance: InstanceLook): ReconcileStep {
  return {
    kind: "bring-back",
    id: `bring-back:${id}` as StepId,
    obligation: id,
    run,
    found: "state" in instance ? instance.state : "unknown",
    openMode: saved.openMode,
  };
}

function pictureStep(run: RunRecord["id"]): ReconcileStep {
  return { kind: "remove-picture", id: `remove-picture:${run}` as StepId, run };
}

/** Everything else is tried: only what cannot help is left. */
function reasonNotToStart(
  { run, dbid, database: name }: StartupObligation,
  { database, instance }: ReconcileInput,
): Refusal | undefined {
  const owed = `run ${run} shut ${name} down, or was about to`;
  if (!("unreachable" in database)) {
    if (database.identity.dbid === dbid) return undefined;
    const seen = `${owed}, and the connection leads to a database with DBID ${database.identity.dbid}, not ${dbid}`;
    return {
      code: "UMB-10002",
      rule: 2,
      seen,
      todo: "check the connect string, and whether the database is up",
    };
  }
  if ("state" in instance || instance.control) return undefined;
  const seen = `${owed}; it cannot be asked (${database.unreachable}), and ${instance.unknown}`;
  return {
    code: "UMB-10002",
    rule: 24,
    seen,
    todo: "start the database by hand, then run `umbra reconcile` again",
  };
}

function runSteps(record: RunRecord, finished: boolean): readonly ReconcileStep[] {
  const { id: run, directory } = record;
  const close: ReconcileStep = {
    kind: "close-run",
    id: `close-run:${run}` as StepId,
    run,
    outcome: finished ? "done" : "interrupted",
  };
  if (directory === undefined) return [close];
  const ended = finished ? "adopt-backup" : "remove-run";
  // The area is no run's own directory: nothing but what is half written may go.
  const kind = record.kind === "baseline" || record.kind === "refresh" ? "settle-area" : ended;
  return [{ kind, id: `${kind}:${run}` as StepId, run, directory }, close];
}

function leaseSteps({ leases = [] }: ReconcileInput): readonly ReconcileStep[] {
  return [...Map.groupBy(leases, ({ run }) => run)].map(([run, own]) => ({
    kind: "release-leases",
    id: `release-leases:${run}` as StepId,
    run,
    objects: own.map(({ object }) => object),
  }));
}

function reasonToLeave(
  obligation: Obligation,
  all: readonly Obligation[],
  database: ReconcileInput["database"],
): Refusal | undefined {
  if ("unreachable" in database) return unreachable(obligation, database.unreachable);
  const { identity, datafiles } = database;
  if (identity.dbid !== obligation.dbid) {
    return stays(
      obligation,
      2,
      `the database has DBID ${identity.dbid}, not ${obligation.dbid}`,
      "check the connect string",
    );
  }
  const listed = datafiles.filter((file) => isListed(obligation, file));
  const active = listed.filter((file) => file.backup.active);
  if (active.length === 0 && identity.controlfileType === "CURRENT") return undefined;
  const numbers = active.map((file) => file.file).join(", ");
  if (active.length > 0 && identity.resetlogsScn !== obligation.resetlogsScn) {
    const seen = `the database was opened with RESETLOGS since, and datafile ${numbers} is shown ACTIVE`;
    return stays(obligation, 60, seen, "a restored file is recovered, not ended: look at it by hand");
  }
  if (identity.controlfileType !== "CURRENT") {
    const seen = `the control file is ${identity.controlfileType}: v$backup proves nothing${active.length === 0 ? "" : `, and shows datafile ${numbers} ACTIVE`}`;
    return stays(
      obligation,
      61,
      seen,
      "finish the recovery of the database, then run `umbra reconcile` again",
    );
  }
  return inDoubt(obligation, active) ?? foreignSign(obligation, all, datafiles);
}

/** Begun after we asked, but at a time that does not fit: a clock may have jumped, or somebody else began it. */
function inDoubt(obligation: Obligation, active: readonly DatafileFacts[]): Refusal | undefined {
  if (obligation.begun !== undefined) return undefined;
  const doubtful = active.filter(
    (file) => file.backup.changeScn >= obligation.asked.scn && !isOurs(obligation, file, file.backup),
  );
  if (doubtful.length === 0) return undefined;
  const seen = `datafile ${doubtful.map((file) => file.file).join(", ")} is in backup mode since ${doubtful[0]?.backup.at ?? "?"}, and it cannot be told whether umbra began that`;
  return stays(obligation, 43, seen, "end it by hand if no other backup is at work, then run this again");
}

/** Without a noted CHANGE# a BEGIN of somebody else at the same time cannot be told from ours. */
function foreignSign(
  obligation: Obligation,
  all: readonly Obligation[],
  datafiles: readonly DatafileFacts[],
): Refusal | undefined {
  if (obligation.begun !== undefined) return undefined;
  const strangers = datafiles.filter(
    (file) =>
      file.backup.active &&
      file.backup.changeScn >= obligation.asked.scn &&
      !all.some((one) => isListed(one, file)),
  );
  if (strangers.length === 0) return undefined;
  const seen = `datafile ${strangers.map((file) => file.file).join(", ")} is in backup mode too, and was not begun by umbra`;
  return stays(obligation, 43, seen, "wait for the end of the other backup, or end this one by hand");
}

function endStep(obligation: Obligation, facts: ReconcileFacts): ReconcileStep {
  const ours = facts.datafiles.filter((file) => isOurs(obligation, file, file.backup));
  return {
    kind: "end-backup",
    id: `end-backup:${obligation.id}` as StepId,
    obligation: obligation.id,
    files: ours.map((file) => file.file),
    statements: statementsFor(obligation, ours, facts),
  };
}

/**
 * The statement of the scope where all that it would end is ours and its container is open; else file by file. In a
 * mounted database everything is sent from the root (rule 59).
 */
function statementsFor(
  { scope }: Obligation,
  ours: readonly DatafileFacts[],
  { containers, datafiles, identity }: ReconcileFacts,
): readonly ContainedStatement[] {
  if (ours.length === 0) return [];
  const mounted = identity.openMode === "MOUNTED";
  const container = scopeContainer(scope);
  const open = containers.find((one) => one.name === container)?.openMode === "READ WRITE";
  const touched = datafiles.filter(
    (file) =>
      file.backup.active &&
      (scope.level === "database" || (file.container === container && file.tablespace === scope.tablespace)),
  );
  if (open && touched.every((file) => ours.includes(file))) return [{ container, sql: endBackupSql(scope) }];
  return ours.map((file) => ({
    container: mounted ? ROOT : file.container,
    sql: endFileBackupSql(file.file),
  }));
}

function isListed(obligation: Obligation, { file, creationScn }: DatafileFacts): boolean {
  return obligation.files.some((one) => one.file === file && one.creationScn === creationScn);
}

function unreachable(obligation: Obligation, why: string): Refusal {
  return stays(
    obligation,
    58,
    `the database cannot be asked: ${why}`,
    "start the database, to MOUNT at least, and run `umbra reconcile` again",
  );
}

function unseen({ id, directory }: RunRecord, why: string): Refusal {
  const seen = `run ${id} left its journal open, and ${directory ?? "its directory"} cannot be looked at: ${why}`;
  return { code: "UMB-8005", seen, todo: "mount the backup storage, then run `umbra reconcile` again" };
}

function stays(obligation: Obligation, rule: number, why: string, todo: string): Refusal {
  const seen = `run ${obligation.run} may have left ${scopeName(obligation.scope)} in backup mode: ${why}`;
  return { code: "UMB-8005", rule, seen, todo };
}
