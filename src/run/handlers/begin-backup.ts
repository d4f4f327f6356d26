import { readBackupMode } from "../../discover/backup-mode.ts";
import { readClock } from "../../discover/clock.ts";
import { readIdentity } from "../../discover/identity.ts";
import { present } from "../../discover/row-reader.ts";
import { readOwnSession } from "../../discover/sessions.ts";
import type { DatafileFacts } from "../../domain/facts.ts";
import { formatUtc, instant } from "../../domain/instant.ts";
import type { Obligation } from "../../domain/obligation.ts";
import { formatScn, type Scn } from "../../domain/scn.ts";
import type { BackupScope, BeginBackup } from "../../domain/step.ts";
import { connectionLost, oraCodeOf } from "../../errors/database-error.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { scopeContainer, scopeName } from "../../plan/describe-step.ts";
import { beginBackupSql } from "../../plan/sql-text.ts";
import type { Database } from "../../ports/database.ts";
import { currentDatafiles } from "../current-datafiles.ts";
import type { Handler, StepContext, StepOutcome } from "../step-context.ts";

/** The tablespace became read only (1642) or went offline (1128) since the plan was made: no BEGIN is needed. */
const NOT_NEEDED = new Set([1128, 1642]);

/**
 * Looks whether the files are free (rule 36), writes the obligation (rule 37), begins, and reads v$backup back
 * (rules 35, 38). Whatever goes wrong after the obligation is written, the run ends it.
 */
export const beginBackup: Handler<"begin-backup"> = (step, context) =>
  context.sessions.use(scopeContainer(step.scope), async (db) => {
    const obligation = await oblige(db, step, context);
    if (obligation === undefined) return { note: `${scopeName(step.scope)} was dropped meanwhile` };
    const { world, results, plan } = context;
    try {
      const deadlineMs = world.database.deadlines.beginBackupMs;
      await db.execute(beginBackupSql(step.scope), { deadlineMs, signal: context.signal });
    } catch (error) {
      return await refusedBegin(db, step, { obligation, error }, context);
    }
    const begun = await readBegun(db, obligation, context);
    const noted = { ...obligation, begun: Object.fromEntries(begun) };
    results.open.set(step.id, noted);
    for (const [file, changeScn] of begun) results.begun.set(file, changeScn);
    await world.state.obligations.begun(obligation.id, noted.begun);
    await requireActive(db, step, begun, context);
    return outcome(plan.facts.clock.offset, begun);
  });

/** Where the database said no and v$backup agrees, nothing was begun. Else the outcome is unknown, and the run ends it. */
async function refusedBegin(
  db: Database,
  step: BeginBackup,
  { obligation, error }: { readonly obligation: Obligation; readonly error: unknown },
  context: StepContext,
): Promise<StepOutcome> {
  const { world, results, signal } = context;
  const code = oraCodeOf(error);
  if (connectionLost(error) || code === undefined || signal.aborted) throw error;
  if ((await readBegun(db, obligation, context)).size > 0) throw error;
  await world.state.obligations.discharge(obligation.id, world.clock.now(), "BEGIN was refused");
  results.open.delete(step.id);
  if (!NOT_NEEDED.has(code)) throw error;
  const note = `${scopeName(step.scope)} is read only or offline by now: copied as it is`;
  results.notes.push(note);
  return { note };
}

/** Undefined where no file is left that could be begun. */
async function oblige(
  db: Database,
  step: BeginBackup,
  context: StepContext,
): Promise<Obligation | undefined> {
  const { world, plan, statement, results } = context;
  const identity = await readIdentity(db, statement);
  const files = inScope(await currentDatafiles(db, plan.facts.identity, statement), step.scope);
  if (files.length === 0) return undefined;
  refuseForeign(files, step.scope);
  // Read now: since the plan was made hours may have passed, and summer time may have ended.
  const clock = await readClock(db, world.clock, statement);
  const session = await readOwnSession(db, statement);
  const openedAt = world.clock.now();
  const obligation: Obligation = {
    id: `${plan.run}/${step.id}`,
    run: plan.run,
    database: plan.database,
    dbid: identity.dbid,
    resetlogsScn: identity.resetlogsScn,
    scope: step.scope,
    files: files.map(({ file, creationScn }) => ({ file, creationScn })),
    asked: {
      scn: identity.currentScn,
      localTime: formatUtc(instant(clock.databaseUtc + offsetMs(clock.offset))).slice(0, 19),
      deadlineMs: world.database.deadlines.beginBackupMs,
      ...present("session", session),
    },
    openedAt,
  };
  results.open.set(step.id, obligation);
  await world.state.obligations.open(obligation);
  return obligation;
}

function inScope(files: readonly DatafileFacts[], scope: BackupScope): readonly DatafileFacts[] {
  if (scope.level === "database") return files;
  return files.filter((file) => file.container === scope.container && file.tablespace === scope.tablespace);
}

function refuseForeign(files: readonly DatafileFacts[], scope: BackupScope): void {
  const active = files.filter((file) => file.backup.active).map((file) => file.file);
  if (active.length === 0) return;
  const seen = `${scopeName(scope)} was put into backup mode by somebody else meanwhile: datafile ${active.join(", ")}`;
  throw new UmbraError("UMB-3105", { seen, rule: 36 });
}

/** All were NOT ACTIVE a moment ago (rule 36), so what is active with a higher CHANGE# is ours. */
async function readBegun(
  db: Database,
  obligation: Obligation,
  { statement }: StepContext,
): Promise<ReadonlyMap<number, Scn>> {
  const modes = await readBackupMode(db, statement);
  const begun = new Map<number, Scn>();
  for (const file of obligation.files) {
    const mode = modes.get(file.file);
    if (mode?.active === true && mode.changeScn >= obligation.asked.scn) begun.set(file.file, mode.changeScn);
  }
  return begun;
}

/** A required file that is not ACTIVE fails the run, unless it was dropped or needs no backup mode any more (rule 38). */
async function requireActive(
  db: Database,
  step: BeginBackup,
  begun: ReadonlyMap<number, Scn>,
  { plan, statement }: StepContext,
): Promise<void> {
  const missing = step.files.filter((file) => file.required && !begun.has(file.file));
  if (missing.length === 0) return;
  const now = await currentDatafiles(db, plan.facts.identity, statement);
  const wrong = missing.filter((wanted) => {
    const file = now.find((one) => one.file === wanted.file && one.creationScn === wanted.creationScn);
    return file !== undefined && file.enabled === "READ WRITE" && ["ONLINE", "SYSTEM"].includes(file.status);
  });
  if (wrong.length === 0) return;
  throw new UmbraError("UMB-9008", { files: wrong.map((file) => `${file.file} (${file.path})`), rule: 38 });
}

function outcome(offset: string, begun: ReadonlyMap<number, Scn>): StepOutcome {
  const files = [...begun].map(([file, changeScn]) => ({ file, changeScn: formatScn(changeScn) }));
  return { note: `${files.length} file${files.length === 1 ? "" : "s"} in backup mode`, files, offset };
}

/** `+01:00`, `-03:30`. */
function offsetMs(offset: string): number {
  const found = /^([+-])(\d\d):(\d\d)$/.exec(offset);
  if (!found) return 0;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return (found[1] === "-" ? -minutes : minutes) * 60_000;
}
