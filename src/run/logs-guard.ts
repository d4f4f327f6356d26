import { readArchiveLook } from "../discover/archive-look.ts";
import type { ArchiveLook, LogDestination } from "../domain/archive.ts";
import { counted } from "../domain/human.ts";
import type { FilePath, RunId, StepId } from "../domain/names.ts";
import type { Refusal } from "../domain/refusal.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import {
  type DirectoryAnswer,
  type GuardAction,
  type GuardFinding,
  planGuard,
} from "../plan/archive-guard.ts";
import { isSetTo, liveLogs, ownSlot, setParameterSql, stateName } from "../plan/archive-parameters.ts";
import { refuseIdentity } from "../plan/archive-setup.ts";
import { below } from "../plan/backup-layout.ts";
import { inRoot } from "./in-root.ts";
import { copyAll } from "./backfill-copies.ts";
import { planLogsBackfill } from "./logs-backfill.ts";
import { LogsRecord, type LogsStepOutcome } from "./logs-record.ts";
import { notSetUp } from "./logs-verify.ts";
import type { World } from "./world.ts";

export type Guarded =
  | {
      readonly ok: true;
      readonly findings: readonly GuardFinding[];
      /** What was done, or with `planOnly` would be done. */
      readonly action: GuardAction;
      readonly run?: RunId;
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** An archiver that waits for the directory does not wait for a slow probe. */
const PROBE_MS = 10_000;
const PROBE_NAME = ".umbra-probe";

/**
 * Looks at umbra's destination once, and acts by the policy: for a timer, each minute. What it finds wrong is in the result.
 * Errors: UMB-5xxx where the database cannot be asked, UMB-9042 where DEFER or ENABLE did not take effect.
 */
export async function guardLogs(
  world: World,
  options: { readonly planOnly?: boolean } = {},
): Promise<Guarded> {
  const { database, state } = world;
  const directory = liveLogs(database.backupArea);
  const look = await inRoot(world, (db, statement) => readArchiveLook(db, statement));
  const others = refuseIdentity(look, database).filter((one) => one.code === "UMB-3101");
  if (others.length > 0) return { ok: false, refusals: others };
  const noted = await state.logDestinations.find(database.name);
  const slot = ownSlot(look, directory);
  if (slot === undefined && noted === undefined) return { ok: false, refusals: [notSetUp(directory)] };
  const answer = await askDirectory(world, directory);
  const plan = planGuard({ look, slot, noted, directory, answer, config: database.logs });
  const { action } = plan;
  if (action.kind === "none" || options.planOnly === true) return { ok: true, ...plan };
  const record = new LogsRecord(world, "logs-guard");
  if (action.kind === "defer") {
    const owing = noted ?? recognised(world, look, directory, action.number);
    await record.during(3, () => defer(world, record, action, owing), { lock: false });
    return { ok: true, ...plan, run: record.run };
  }
  try {
    await record.during(4, () => restore(world, record, action));
    return { ok: true, ...plan, run: record.run };
  } catch (error) {
    if (!isUmbraError(error) || error.code !== "UMB-8001") throw error;
    const seen = `the destination is not enabled again yet: ${error.message}`;
    const findings = [
      ...plan.findings,
      { level: "warning" as const, seen, todo: "the next guard tries again" },
    ];
    return { ok: true, findings, action: { kind: "none" } };
  }
}

/** Written and read where the archiver writes, within a bound: a hanging storage must not hold the guard up. */
async function askDirectory(world: World, directory: FilePath): Promise<DirectoryAnswer> {
  const { databaseHost, database, signal } = world;
  const options = { deadlineMs: Math.min(PROBE_MS, database.deadlines.statementMs), signal };
  const probe = below(directory, PROBE_NAME);
  try {
    await databaseHost.writeAtomically(probe, "umbra was here\n", options);
    await databaseHost.remove(probe, options);
    const names = (await databaseHost.list(directory, options)) ?? [];
    return { kind: "ok", freeBytes: await databaseHost.freeBytes(directory, options), names };
  } catch (error) {
    if (!isUmbraError(error) || signal.aborted) throw error;
    return { kind: HANGS.has(error.code) ? "hangs" : "fails", seen: error.message };
  }
}

const HANGS: ReadonlySet<string> = new Set(["UMB-7107", "UMB-7202", "UMB-6103", "UMB-7106"]);

/** Of a destination that umbra set and whose note was lost. */
function recognised(world: World, look: ArchiveLook, directory: FilePath, number: number): LogDestination {
  const { currentScn: sinceScn, resetlogsId: incarnation } = look;
  const slot = { form: "numbered", number } as const;
  return { directory, slot, changes: [], setAt: world.clock.now(), sinceScn, incarnation };
}

/** The obligation first: what is deferred and not noted would stay deferred. */
async function defer(
  world: World,
  record: LogsRecord,
  { number, why }: Extract<GuardAction, { kind: "defer" }>,
  owing: LogDestination,
): Promise<void> {
  const { state, database, clock } = world;
  await record.step(id("owe"), "note that ENABLE is owed", async () => {
    const deferred = { at: clock.now(), run: record.run, why };
    await state.logDestinations.note(database.name, { ...owing, deferred });
    return { note: why };
  });
  await setState(world, record, number, "DEFER");
}

/** Every log that did not come meanwhile is brought before ENABLE; what was switched between the two, after it. */
async function restore(
  world: World,
  record: LogsRecord,
  { number, enabled }: Extract<GuardAction, { kind: "restore" }>,
): Promise<void> {
  const { state, database } = world;
  await record.step(id("before"), "bring what is missing", () => bring(world, record));
  if (!enabled) await setState(world, record, number, "ENABLE");
  await record.step(id("settle"), "note that it is enabled", async () => {
    await state.logDestinations.enabled(database.name);
    return {};
  });
  await record.step(id("after"), "bring what was switched meanwhile", () => bringLate(world, record));
}

async function bring(world: World, record: LogsRecord): Promise<LogsStepOutcome> {
  const planned = await planLogsBackfill(alone(world));
  if (!planned.ok || planned.plan.copies.length === 0) return {};
  return toldOf(await copyAll(world, record, planned.plan, planned.dbid));
}

/** Nothing is on its way that the archiver has done with; a file that it may be writing is left alone. */
async function bringLate(world: World, record: LogsRecord): Promise<LogsStepOutcome> {
  const impatient: World = {
    ...alone(world),
    database: { ...world.database, logs: { ...world.database.logs, lagMs: 0 } },
  };
  const planned = await planLogsBackfill(impatient);
  if (!planned.ok) return {};
  const copies = planned.plan.copies.filter((copy) => copy.damaged === undefined);
  if (copies.length === 0) return {};
  return toldOf(await copyAll(world, record, { ...planned.plan, copies }, planned.dbid));
}

/** ENABLE waits for no standby: what only they have, `backfill` brings. */
function alone(world: World): World {
  return { ...world, standbys: [] };
}

function toldOf({ copied, failed }: Awaited<ReturnType<typeof copyAll>>): LogsStepOutcome {
  const bad = failed.length === 0 ? "" : `; not: ${failed.map((one) => one.problem).join("; ")}`;
  return { note: `${counted(copied.length, "log")} copied${bad}` };
}

async function setState(
  world: World,
  record: LogsRecord,
  number: number,
  value: "DEFER" | "ENABLE",
): Promise<void> {
  const name = stateName(number);
  await record.step(id(value.toLowerCase()), `set ${name} to ${value}`, async () => {
    await inRoot(world, (db, statement) => db.execute(setParameterSql(name, value), statement));
    const look = await inRoot(world, (db, statement) => readArchiveLook(db, statement));
    const found = look.destinations.find((one) => one.id === number)?.status ?? "not there";
    const isSo = isSetTo(look, name, value) && (found === "DEFERRED") === (value === "DEFER");
    if (!isSo) throw new UmbraError("UMB-9042", { name, wanted: value, found });
    return {};
  });
}

function id(text: string): StepId {
  return `logs:${text}` as StepId;
}
