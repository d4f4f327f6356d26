import { readIdentity } from "../discover/identity.ts";
import type { ContainerName } from "../domain/names.ts";
import type { Obligation } from "../domain/obligation.ts";
import type { ContainedStatement } from "../domain/reconcile-plan.ts";
import { formatScn, type Scn } from "../domain/scn.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { scopeContainer } from "../plan/describe-step.ts";
import { endBackupSql } from "../plan/sql-text.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { beginMayComeYet, lookAtBackupMode } from "./backup-mode-look.ts";
import { messageOf } from "./failure-words.ts";
import { sendEnds } from "./send-ends.ts";
import type { World } from "./world.ts";

export interface Ended {
  /** At or above the END BACKUP of every file. */
  readonly scn: Scn;
  readonly note: string;
  /** Files that were ACTIVE and ours before END was sent; the others had been ended by somebody else, or were dropped. */
  readonly found: readonly number[];
}

/** Pauses between attempts: a listener that restarts is back within seconds. */
const RETRY_PAUSES_MS = [100, 500, 1_000, 2_000, 4_000];
/** A BEGIN whose answer was lost may still be at its checkpoint in the server: it is looked again after so long. */
const SETTLE_PAUSE_MS = 250;
/** END is sent so often on one session before v$backup must agree: a late BEGIN may put files back. */
const MOST_ENDS = 3;

export interface EndOptions {
  /** Default: the statement of the scope, in its container. */
  readonly statements?: readonly ContainedStatement[];
  /** Where v$backup is read. Default: the scope's container. */
  readonly lookFrom?: ContainerName;
}

/** Waiting longer, or another session, would not help: the BEGIN that was sent is still being performed. */
class StillBeginning extends Error {}

/**
 * Ends what one BEGIN began, on sessions of its own, and proves it by v$backup (rules 40, 43, 63); then the obligation
 * is discharged. Ends nothing that is not provably ours. Tries again on new sessions after any failure; throws
 * UMB-10001 when none helped, and the obligation stays. The run's signal does not stop it.
 * UMB-8006: it was ended, but the state could not be told.
 */
export async function endBackup(world: World, obligation: Obligation, how: EndOptions = {}): Promise<Ended> {
  const ended = await proved(world, obligation, how);
  await world.state.obligations.discharge(obligation.id, world.clock.now(), ended.note);
  return ended;
}

async function proved(world: World, obligation: Obligation, how: EndOptions): Promise<Ended> {
  const first: FirstLook = { found: undefined };
  let problem: unknown;
  for (const pause of [0, ...RETRY_PAUSES_MS]) {
    if (pause > 0) await world.clock.sleep(pause);
    try {
      return await endOnce(world, obligation, how, first);
    } catch (error) {
      problem = error;
      if (error instanceof StillBeginning) break;
    }
  }
  const files = obligation.files.map((file) => `file ${file.file}`);
  const context = { database: world.database.name, files, problem: messageOf(problem) };
  throw new UmbraError("UMB-10001", context, { cause: problem });
}

/** Kept over all attempts: what a later one finds ended may have been ended by an earlier one. */
interface FirstLook {
  found: readonly number[] | undefined;
}

async function endOnce(
  world: World,
  obligation: Obligation,
  how: EndOptions,
  first: FirstLook,
): Promise<Ended> {
  const { deadlines } = world.database;
  const { scope } = obligation;
  const options: CallOptions = { deadlineMs: deadlines.statementMs };
  const container = how.lookFrom ?? scopeContainer(scope);
  await using db = await world.connector.connect({ container, deadlineMs: deadlines.connectMs });
  await requireSameDatabase(db, obligation, options);
  const statements = how.statements ?? [{ container: scopeContainer(scope), sql: endBackupSql(scope) }];
  const giveUpAt = world.clock.monotonicMs() + deadlines.beginBackupMs;
  for (let ends = 0; ;) {
    // Asked before v$backup is read: what is not ACTIVE after that stays so.
    const mayComeYet = await beginMayComeYet(world, db, obligation, options);
    const { active, doubts } = await lookAtBackupMode(db, obligation, options);
    first.found ??= active;
    if (active.length > 0) {
      if (ends === MOST_ENDS) throw new Error(`v$backup still shows file ${active.join(", ")} ACTIVE`);
      await sendEnds(world, db, statements, active, options);
      ends += 1;
      continue;
    }
    if (!mayComeYet) {
      if (doubts.length > 0) throw new Error(doubts.join("; "));
      break;
    }
    if (world.clock.monotonicMs() >= giveUpAt) {
      throw new StillBeginning("the session that sent BEGIN BACKUP is still there: it may take effect yet");
    }
    await world.clock.sleep(SETTLE_PAUSE_MS);
  }
  const { currentScn } = await readIdentity(db, options);
  const found = first.found;
  const note = found.length > 0 ? `ended at SCN ${formatScn(currentScn)}` : "nothing was left to end";
  return { scn: currentScn, note, found };
}

/** A service that leads elsewhere by now shows files that are not in backup mode; that proves nothing. */
async function requireSameDatabase(db: Database, { dbid }: Obligation, options: CallOptions): Promise<void> {
  const found = (await readIdentity(db, options)).dbid;
  if (found !== dbid) throw new Error(`the connection leads to a database with DBID ${found}, not ${dbid}`);
}
