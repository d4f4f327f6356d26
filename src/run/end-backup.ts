import { readBackupMode } from "../discover/backup-mode.ts";
import { readIdentity } from "../discover/identity.ts";
import type { ContainerName } from "../domain/names.ts";
import type { Obligation } from "../domain/obligation.ts";
import type { ContainedStatement } from "../domain/reconcile-plan.ts";
import { formatScn, type Scn } from "../domain/scn.ts";
import { oraCodeOf } from "../errors/database-error.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import { scopeContainer } from "../plan/describe-step.ts";
import { isOurs } from "../plan/ownership.ts";
import { endBackupSql, endFileBackupSql } from "../plan/sql-text.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import type { World } from "./world.ts";

export interface Ended {
  /** At or above the END BACKUP of every file. */
  readonly scn: Scn;
  readonly note: string;
}

/** Nothing in backup mode (1142, 1199), no file that could be (1140), partial success (1235, 1260): v$backup decides. */
const JUDGED_BY_VIEW = new Set([1140, 1142, 1199, 1235, 1260]);
/** Pauses between attempts: a listener that restarts is back within seconds. */
const RETRY_PAUSES_MS = [100, 500, 1_000, 2_000, 4_000];
/** A BEGIN whose answer was lost may still be at its checkpoint in the server: so often, so long apart is looked again. */
const SETTLE_LOOKS = 8;
const SETTLE_PAUSE_MS = 250;

export interface EndOptions {
  /** Default: the statement of the scope, in its container. */
  readonly statements?: readonly ContainedStatement[];
  /** Where v$backup is read. Default: the scope's container. */
  readonly lookFrom?: ContainerName;
}

/**
 * Ends what one BEGIN began, on sessions of its own, and proves it by v$backup (rules 40, 43, 63); then the obligation
 * is discharged. Ends nothing that is not provably ours. Tries again on new sessions after any failure; throws
 * UMB-10001 when none helped, and the obligation stays. The run's signal does not stop it.
 */
export async function endBackup(world: World, obligation: Obligation, how: EndOptions = {}): Promise<Ended> {
  let problem: unknown;
  for (const pause of [0, ...RETRY_PAUSES_MS]) {
    if (pause > 0) await world.clock.sleep(pause);
    try {
      return await endOnce(world, obligation, how);
    } catch (error) {
      problem = error;
    }
  }
  throw new UmbraError(
    "UMB-10001",
    {
      database: world.database.name,
      files: obligation.files.map((file) => `file ${file.file}`),
      problem: problem instanceof Error ? problem.message : String(problem),
    },
    { cause: problem },
  );
}

async function endOnce(world: World, obligation: Obligation, how: EndOptions): Promise<Ended> {
  const { deadlines } = world.database;
  const { scope } = obligation;
  const options: CallOptions = { deadlineMs: deadlines.statementMs };
  const container = how.lookFrom ?? scopeContainer(scope);
  await using db = await world.connector.connect({ container, deadlineMs: deadlines.connectMs });
  const before = await settledFiles(world, db, obligation, options);
  if (before.length > 0) {
    const statements = how.statements ?? [{ container: scopeContainer(scope), sql: endBackupSql(scope) }];
    await sendAll(world, db, statements, before, options);
  }
  const after = before.length > 0 ? await activeFiles(db, obligation, options) : [];
  if (after.length > 0) throw new Error(`v$backup still shows file ${after.join(", ")} ACTIVE`);
  const { currentScn } = await readIdentity(db, options);
  const note = before.length > 0 ? `ended at SCN ${formatScn(currentScn)}` : "nothing was left to end";
  await world.state.obligations.discharge(obligation.id, world.clock.now(), note);
  return { scn: currentScn, note };
}

/** Our files that are ACTIVE. Where no CHANGE# was noted, BEGIN may still be under way: it is waited for. */
async function settledFiles(
  world: World,
  db: Database,
  obligation: Obligation,
  options: CallOptions,
): Promise<readonly number[]> {
  let active = await activeFiles(db, obligation, options);
  if (obligation.begun !== undefined) return active;
  for (let look = 0; look < SETTLE_LOOKS && active.length === 0; look += 1) {
    await world.clock.sleep(SETTLE_PAUSE_MS);
    active = await activeFiles(db, obligation, options);
  }
  return active;
}

/** Each in its container; a statement that is refused is followed by one for each file: tablespaces are renamed. */
async function sendAll(
  world: World,
  db: Database,
  statements: readonly ContainedStatement[],
  files: readonly number[],
  options: CallOptions,
): Promise<void> {
  const { connectMs } = world.database.deadlines;
  for (const { container, sql } of statements) {
    if (container === db.container) {
      await send(db, sql, files, options);
      continue;
    }
    await using other = await world.connector.connect({ container, deadlineMs: connectMs });
    await send(other, sql, files, options);
  }
}

async function send(
  db: Database,
  sql: string,
  files: readonly number[],
  options: CallOptions,
): Promise<void> {
  try {
    await db.execute(sql, options);
  } catch (error) {
    if (JUDGED_BY_VIEW.has(oraCodeOf(error) ?? 0)) return;
    if (!isUmbraError(error) || error.code !== "UMB-5201") throw error;
    for (const file of files) await sendForFile(db, file, options);
  }
}

async function sendForFile(db: Database, file: number, options: CallOptions): Promise<void> {
  try {
    await db.execute(endFileBackupSql(file), options);
  } catch (error) {
    if (!JUDGED_BY_VIEW.has(oraCodeOf(error) ?? 0)) throw error;
  }
}

/** Our files that v$backup shows ACTIVE. */
async function activeFiles(
  db: Database,
  obligation: Obligation,
  options: CallOptions,
): Promise<readonly number[]> {
  const modes = await readBackupMode(db, options);
  return obligation.files.filter((file) => isOurs(obligation, file, modes.get(file.file))).map((f) => f.file);
}
