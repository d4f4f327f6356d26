import type { ContainerFacts, DatabaseIdentity, DatafileFacts } from "../domain/facts.ts";
import type { RunRecord } from "../domain/journal.ts";
import { ROOT, type StepId } from "../domain/names.ts";
import type { Obligation } from "../domain/obligation.ts";
import type { ContainedStatement, ReconcilePlan, ReconcileStep } from "../domain/reconcile-plan.ts";
import type { Refusal } from "../domain/refusal.ts";
import { scopeContainer, scopeName } from "./describe-step.ts";
import { isOurs } from "./ownership.ts";
import { endBackupSql, endFileBackupSql } from "./sql-text.ts";

/** The database as it is now; readable in MOUNT too. */
interface ReconcileFacts {
  readonly identity: DatabaseIdentity;
  readonly containers: readonly ContainerFacts[];
  readonly datafiles: readonly DatafileFacts[];
}

export type InterruptedRun =
  /** Finished: its manifest is there and is right, only the catalog's row is missing. */
  | { readonly record: RunRecord; readonly finished: boolean }
  /** Its directory could not be looked at. */
  | { readonly record: RunRecord; readonly finished: "unknown"; readonly why: string };

export interface ReconcileInput {
  readonly runs: readonly InterruptedRun[];
  readonly obligations: readonly Obligation[];
  /** Why the database could not be asked, where it could not. */
  readonly database: ReconcileFacts | { readonly unreachable: string };
}

/**
 * What puts right what interrupted runs left: backup mode first, then their files, then the journal. Ends only what the
 * journal proves to be ours (rules 43, 60, 61); the rest stays open and says why.
 */
export function planReconcile({ runs, obligations, database }: ReconcileInput): ReconcilePlan {
  const steps: ReconcileStep[] = [];
  const left: Refusal[] = [];
  const heldRuns = new Set<string>();
  for (const obligation of obligations) {
    const why = reasonToLeave(obligation, obligations, database);
    if (why !== undefined || "unreachable" in database) {
      left.push(why ?? unreachable(obligation, "it cannot be asked"));
      heldRuns.add(obligation.run);
      continue;
    }
    steps.push(endStep(obligation, database));
  }
  for (const run of runs) {
    if (heldRuns.has(run.record.id)) continue;
    if (run.finished === "unknown") left.push(unseen(run.record, run.why));
    else steps.push(...runSteps(run.record, run.finished));
  }
  return { steps, left };
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
  const kind = finished ? "adopt-backup" : "remove-run";
  return [{ kind, id: `${kind}:${run}` as StepId, run, directory }, close];
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
