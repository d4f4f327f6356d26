import { readArchiveFacts } from "../discover/archive-look.ts";
import type { ArchiveFacts, LogDestination, ParameterChange } from "../domain/archive.ts";
import type { FilePath, RunId } from "../domain/names.ts";
import type { Planned, Refusal, Warning } from "../domain/refusal.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { isSetTo, setParameterSql } from "../plan/archive-parameters.ts";
import {
  describeLogSetup,
  type LogSetupPlan,
  type LogSetupStep,
  planLogSetup,
} from "../plan/archive-setup.ts";
import { planLogUndo } from "../plan/archive-undo.ts";
import { createPfileSql } from "../plan/sql-text.ts";
import { failureText } from "./failure-words.ts";
import { inRoot } from "./in-root.ts";
import { proveArrival } from "./logs-arrival.ts";
import { LogsRecord, type LogsStepOutcome } from "./logs-record.ts";
import type { World } from "./world.ts";

export type LogsSetUp =
  /** `run` is absent where nothing had to be done. */
  | {
      readonly ok: true;
      readonly plan: LogSetupPlan;
      readonly warnings: readonly Warning[];
      readonly run?: RunId;
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** What `setUpLogs` would do. Changes nothing. */
export async function planLogsSetup(world: World): Promise<Planned<LogSetupPlan>> {
  const noted = await world.state.logDestinations.find(world.database.name);
  return planLogSetup(await look(world), world.database, { proved: noted?.provedAt !== undefined });
}

/** What `undoLogs` would do. Changes nothing. */
export async function planLogsUndo(world: World): Promise<Planned<LogSetupPlan>> {
  const noted = await world.state.logDestinations.find(world.database.name);
  return planLogUndo(await look(world), world.database, noted);
}

/**
 * Gives the database its archive destination in the live area, and proves that a log arrives. Set up already: nothing is
 * sent. Errors: UMB-9041 where no log arrived, UMB-9042 where a parameter is not what it was set to; then everything that
 * this run set has its old value again. UMB-5xxx of the database, UMB-8001 while others work on the logs.
 */
export async function setUpLogs(world: World): Promise<LogsSetUp> {
  const { logDestinations } = world.state;
  const noted = await logDestinations.find(world.database.name);
  const facts = await look(world);
  const planned = planLogSetup(facts, world.database, { proved: noted?.provedAt !== undefined });
  if (!planned.ok) return planned;
  const { plan, warnings } = planned;
  if (plan.steps.length === 0) return { ok: true, plan, warnings };
  const record = new LogsRecord(world, "logs-setup");
  await record.during(plan.steps.length, async () => {
    const destination = destinationOf(world, facts, plan, noted);
    await logDestinations.note(world.database.name, destination);
    const sent = new Set<string>();
    const isProved = noted?.provedAt !== undefined;
    try {
      await perform(world, record, plan.steps, sent);
    } catch (error) {
      try {
        await takeBack(world, isProved ? plan.changes : destination.changes, noted, sent);
      } catch (left) {
        // It is noted still: undo finds it, and the next setup proves it.
        const seen = `what was set could not be taken back: ${failureText(left)}`;
        record.warn({ seen, todo: "run `umbra logs setup --undo`, or `umbra logs setup` again" });
      }
      throw error;
    }
    await logDestinations.note(world.database.name, { ...destination, provedAt: world.clock.now() });
  });
  return { ok: true, plan, warnings, run: record.run };
}

/** Takes the destination away again, with the old values. Not set up: nothing is sent. Errors as of `setUpLogs`. */
export async function undoLogs(world: World): Promise<LogsSetUp> {
  const planned = await planLogsUndo(world);
  if (!planned.ok) return planned;
  const { plan, warnings } = planned;
  const { logDestinations } = world.state;
  if (plan.steps.length === 0) {
    await logDestinations.forget(world.database.name);
    return { ok: true, plan, warnings };
  }
  const record = new LogsRecord(world, "logs-undo");
  await record.during(plan.steps.length, async () => {
    await perform(world, record, plan.steps, new Set());
    await logDestinations.forget(world.database.name);
  });
  return { ok: true, plan, warnings, run: record.run };
}

async function look(world: World): Promise<ArchiveFacts> {
  return await inRoot(world, (db, statement) => readArchiveFacts(db, statement));
}

/** With the old values, also those of an earlier setup: what is not noted cannot be undone. */
function destinationOf(
  world: World,
  facts: ArchiveFacts,
  { directory, slot, changes }: LogSetupPlan,
  noted: LogDestination | undefined,
): LogDestination {
  const again = noted?.changes ?? [];
  const first = (change: ParameterChange): ParameterChange => {
    const before = again.find((one) => one.name === change.name);
    return before === undefined ? change : { ...change, previous: before.previous };
  };
  const others = again.filter((one) => changes.every((change) => change.name !== one.name));
  return {
    directory,
    slot,
    changes: [...others, ...changes.map(first)],
    setAt: noted?.setAt ?? world.clock.now(),
    sinceScn: noted?.sinceScn ?? facts.currentScn,
    incarnation: noted?.incarnation ?? facts.resetlogsId,
    ...(noted?.deferred === undefined ? {} : { deferred: noted.deferred }),
  };
}

/** `sent` gets the names of the parameters that may have been set. */
async function perform(
  world: World,
  record: LogsRecord,
  steps: readonly LogSetupStep[],
  sent: Set<string>,
): Promise<void> {
  const described = describeLogSetup(steps);
  for (const [index, step] of steps.entries()) {
    world.signal.throwIfAborted();
    const { id, title } = described[index] ?? { id: record.run as never, title: step.kind };
    if (step.kind === "set-parameter") sent.add(step.change.name);
    await record.step(id, title, () => performStep(world, step));
  }
}

async function performStep(world: World, step: LogSetupStep): Promise<LogsStepOutcome> {
  const host = { deadlineMs: world.database.deadlines.statementMs, signal: world.signal };
  switch (step.kind) {
    case "make-directory":
      await world.databaseHost.makeDirectory(step.path, host);
      return {};
    case "probe":
      return await probe(world, step.path);
    case "set-parameter": {
      const { name, value } = step.change;
      await inRoot(world, (db, statement) => db.execute(setParameterSql(name, value), statement));
      return {};
    }
    case "confirm":
      return await confirm(world, step.changes);
    case "prove":
      return await proveArrival(world);
  }
}

/** What the instance cannot write it would not archive either; found out before anything is set. */
async function probe(world: World, path: FilePath): Promise<LogsStepOutcome> {
  const host = { deadlineMs: world.database.deadlines.statementMs, signal: world.signal };
  try {
    await inRoot(world, (db, statement) => db.execute(createPfileSql(path, "memory"), statement));
  } finally {
    await world.databaseHost.remove(path, host);
  }
  return {};
}

async function confirm(world: World, changes: readonly ParameterChange[]): Promise<LogsStepOutcome> {
  const facts = await look(world);
  for (const { name, value } of changes) {
    if (isSetTo(facts, name, value)) continue;
    const found = facts.parameters.find((one) => one.name === name)?.value ?? "not set";
    throw new UmbraError("UMB-9042", { name, wanted: value === "" ? "nothing" : value, found });
  }
  return {};
}

/** The signal does not count any more: what was set without being proved must not stay. */
async function takeBack(
  world: World,
  changes: readonly ParameterChange[],
  noted: LogDestination | undefined,
  sent: ReadonlySet<string>,
): Promise<void> {
  const calm: World = { ...world, signal: new AbortController().signal };
  const isProved = noted?.provedAt !== undefined;
  // What an earlier run set and did not prove goes too.
  const names = new Set([...sent, ...(isProved ? [] : (noted?.changes ?? []).map((one) => one.name))]);
  for (const { name, previous } of changes.toReversed()) {
    if (!names.has(name)) continue;
    await inRoot(calm, (db, statement) => db.execute(setParameterSql(name, previous), statement));
  }
  const { logDestinations } = world.state;
  if (isProved) await logDestinations.note(world.database.name, noted);
  else await logDestinations.forget(world.database.name);
}
