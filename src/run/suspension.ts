import { readOwnSession, readSessionStatus } from "../discover/sessions.ts";
import { readSuspension } from "../discover/suspension.ts";
import { present } from "../discover/row-reader.ts";
import { ROOT, type RunId, type StepId } from "../domain/names.ts";
import type { InstanceStart, ResumeObligation } from "../domain/snapshot-obligation.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { RESUME_SQL, SUSPEND_SQL } from "../plan/sql-text.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { messageOf } from "./failure-words.ts";
import type { World } from "./world.ts";

const POLL_MS = 100;
const RETRY_PAUSES_MS = [0, 100, 500, 1_000, 2_000, 4_000];

export interface Suspended {
  readonly obligation: ResumeObligation;
  /** Opened before: a login may need what SUSPEND keeps back (rule 72). The caller closes it. */
  readonly spare: Database;
}

/**
 * ALTER SYSTEM SUSPEND on `db`, after the obligation is on stable storage and with a second session in hand; returns when
 * every instance says SUSPENDED. `owed` is told of the obligation before SUSPEND is sent: whatever is thrown after it,
 * RESUME is owed.
 */
export async function suspendIo(
  world: World,
  { db, run, step }: { readonly db: Database; readonly run: RunId; readonly step: StepId },
  owed: (suspended: Suspended) => void,
): Promise<readonly InstanceStart[]> {
  const { database, clock, connector, state, signal } = world;
  const { connectMs, statementMs, beginBackupMs } = database.deadlines;
  const statement: CallOptions = { deadlineMs: statementMs, signal };
  const spare = await connector.connect({ container: ROOT, deadlineMs: connectMs, signal });
  // Asked once on each session before it counts, so that nothing of it must be read from a file then.
  await readSuspension(spare, statement);
  const instances = await readSuspension(db, statement);
  const obligation: ResumeObligation = {
    kind: "resume",
    id: `${run}/${step}`,
    run,
    database: database.name,
    openedAt: clock.now(),
    instances: instances.map(({ instance, startedAt }) => ({ instance, startedAt })),
    ...present("session", await readOwnSession(db, statement)),
    deadlineMs: beginBackupMs,
  };
  owed({ obligation, spare });
  await state.snapshotObligations.open(obligation);
  await db.execute(SUSPEND_SQL, { deadlineMs: beginBackupMs, signal });
  const giveUpAt = clock.monotonicMs() + beginBackupMs;
  for (;;) {
    const writing = (await readSuspension(spare, statement)).filter(({ suspended }) => !suspended);
    if (writing.length === 0) return obligation.instances;
    if (clock.monotonicMs() >= giveUpAt) {
      const seen = `instance ${writing.map(({ instance }) => instance).join(", ")} is not suspended`;
      throw new UmbraError("UMB-9061", { seen, rule: 72 });
    }
    await clock.sleep(POLL_MS, signal);
  }
}

/**
 * ALTER SYSTEM RESUME until every instance that was suspended with the obligation says ACTIVE; then it is discharged.
 * On the spare session first, then on new ones. The run's signal does not stop it. Throws UMB-10003 where nothing helped.
 * Gives instances that started while others were suspended: they wrote.
 */
export async function resumeIo(
  world: World,
  obligation: ResumeObligation,
  spare?: Database,
): Promise<{ readonly note: string; readonly startedMeanwhile: readonly number[] }> {
  const { connector, clock, database, state } = world;
  let problem: unknown;
  for (const [attempt, pause] of RETRY_PAUSES_MS.entries()) {
    if (pause > 0) await clock.sleep(pause);
    try {
      const own = attempt === 0 ? spare : undefined;
      const options = { container: ROOT, deadlineMs: database.deadlines.connectMs };
      await using fresh = own === undefined ? await connector.connect(options) : undefined;
      const db = own ?? fresh;
      if (db === undefined) continue;
      const { sent, startedMeanwhile } = await resumeOn(world, db, obligation);
      const note = sent ? "resumed" : "nothing was suspended any more";
      await state.snapshotObligations.discharge(obligation.id, clock.now(), note);
      return { note, startedMeanwhile };
    } catch (error) {
      problem = error;
    }
  }
  const context = { database: database.name, problem: messageOf(problem) };
  throw new UmbraError("UMB-10003", context, { cause: problem });
}

async function resumeOn(world: World, db: Database, obligation: ResumeObligation) {
  const { clock, database } = world;
  const { statementMs, beginBackupMs } = database.deadlines;
  const options: CallOptions = { deadlineMs: statementMs };
  const giveUpAt = clock.monotonicMs() + beginBackupMs;
  let sent = false;
  for (;;) {
    // Asked before the state is: what is ACTIVE after that stays so.
    const mayComeYet = !sent && (await suspendMayComeYet(world, db, obligation, options));
    const now = await readSuspension(db, options);
    const ours = now.filter((one) => one.suspended && isListed(obligation, one));
    if (ours.length === 0 && !mayComeYet) {
      const known = new Set(
        obligation.instances.map(({ instance, startedAt }) => `${instance} ${startedAt}`),
      );
      const later = now.filter(({ instance, startedAt }) => !known.has(`${instance} ${startedAt}`));
      return { sent, startedMeanwhile: later.map(({ instance }) => instance) };
    }
    if (clock.monotonicMs() >= giveUpAt) {
      throw new Error(`instance ${ours.map(({ instance }) => instance).join(", ")} stays suspended`);
    }
    if (ours.length > 0) {
      await db.execute(RESUME_SQL, options);
      sent = true;
    }
    await clock.sleep(POLL_MS);
  }
}

/** A SUSPEND whose answer was lost may still be at work in its session. */
async function suspendMayComeYet(
  { clock }: World,
  db: Database,
  { session, openedAt, deadlineMs }: ResumeObligation,
  options: CallOptions,
): Promise<boolean> {
  if (clock.now() >= openedAt + deadlineMs) return false;
  if (session === undefined) return false;
  return (await readSessionStatus(db, session, options)) === "ACTIVE";
}

function isListed({ instances }: ResumeObligation, { instance, startedAt }: InstanceStart): boolean {
  return instances.some((one) => one.instance === instance && one.startedAt === startedAt);
}
