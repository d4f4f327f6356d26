import { readInstances } from "../../discover/instances.ts";
import { readOpenWork } from "../../discover/open-work.ts";
import type { DatafileFacts } from "../../domain/facts.ts";
import { formatDuration } from "../../domain/human.ts";
import type { StartupObligation } from "../../domain/obligation.ts";
import type { SavedState } from "../../domain/saved-state.ts";
import { formatScn } from "../../domain/scn.ts";
import type { ShutDown } from "../../domain/step.ts";
import { isUmbraError, UmbraError } from "../../errors/umbra-error.ts";
import { rollbackMs, rollbackText } from "../../plan/downtime.ts";
import type { Database } from "../../ports/database.ts";
import { coldPlan, instanceControl } from "../cold-context.ts";
import { currentDatafiles } from "../current-datafiles.ts";
import { identityChanges } from "../identity-changes.ts";
import { readAutoRestart, readSavedState } from "../saved-state.ts";
import { instanceTold } from "../same-instance.ts";
import { shutDownInstance } from "../shut-down-instance.ts";
import type { Handler, StepContext } from "../step-context.ts";
import { requireThisInstance } from "../way-to-instance.ts";
import { stopApply } from "../standby-apply.ts";

/** What the plan counted on. */
const SAME = ["dbid", "role", "openMode", "logMode", "resetlogsId", "controlfileType"] as const;

/**
 * Looks a last time, writes the obligation, and only then changes anything: clusterware, apply, then the instances (rules 20 to 22, 26).
 * Whatever goes wrong after that, the run brings the database back.
 */
export const shutDown: Handler<"shut-down"> = async (step, context) => {
  const { world, results, sessions, downtime } = context;
  const control = instanceControl(context);
  const obligation = await lookAndOblige(step, context);
  const { cold } = results;
  const { saved } = obligation;
  const call = { deadlineMs: world.database.deadlines.statementMs, signal: context.signal };
  if (saved.autoRestart === true) await control.autoRestart?.set(false, call);
  if (saved.apply !== undefined) await sessions.root((db) => stopApply(db, world));
  // SHUTDOWN NORMAL would wait for our own sessions.
  await sessions[Symbol.asyncDispose]();
  context.signal.throwIfAborted();
  downtime.begin();
  cold.shutdown = "unknown";
  const begunMs = world.clock.monotonicMs();
  const { note, now } = await shutDownInstance(world, control, step).catch((error: unknown) => {
    // ORA-01149 is an answer: nothing is on its way any more.
    if (isUmbraError(error) && error.code === "UMB-5302") cold.shutdown = "answered";
    throw error;
  });
  cold.shutdown = "answered";
  cold.down = now;
  downtime.watch(coldPlan(context));
  const took = world.clock.monotonicMs() - begunMs;
  return { note: note ?? `down after ${formatDuration(took)}`, ms: took };
};

function lookAndOblige(step: ShutDown, context: StepContext): Promise<StartupObligation> {
  const { world, plan, results, statement, signal } = context;
  return context.sessions.root(async (db) => {
    const { identity, saved, startedAt } = await readSavedState(world, db, statement);
    const restarts = (await readAutoRestart(world, signal)) ? ({ autoRestart: true } as const) : {};
    const files = await currentDatafiles(db, identity, statement);
    const changes = [
      ...identityChanges(plan.facts.identity, identity, SAME),
      ...files.filter((file) => file.backup.active).map((file) => `datafile ${file.file} is in backup mode`),
      ...fileChanges(plan.facts.datafiles, files),
      ...stateChanges(coldPlan(context).saved, saved),
    ];
    if (changes.length > 0) throw new UmbraError("UMB-9024", { changes });
    await requireShortRollback(db, context);
    await requireThisInstance(world, { identity, instances: await readInstances(db, statement) });
    const told = instanceTold(world.database);
    for (const file of files) results.cold.last.set(file.file, file);
    const obligation: StartupObligation = {
      id: `${plan.run}/${step.id}`,
      run: plan.run,
      database: plan.database,
      dbid: identity.dbid,
      resetlogsScn: identity.resetlogsScn,
      saved: { ...saved, ...restarts, ...(told === undefined ? {} : { instanceTold: told }) },
      startedAt,
      openedAt: world.clock.now(),
    };
    await world.state.startups.open(obligation);
    results.cold.startup = obligation;
    return obligation;
  });
}

/** Copies that were made before it took their time, and long work may have begun meanwhile (rule 29). */
async function requireShortRollback(db: Database, context: StepContext): Promise<void> {
  const { maxDowntimeMs } = coldPlan(context);
  const work = await readOpenWork(db, context.statement);
  if (maxDowntimeMs === undefined || rollbackMs(work) <= maxDowntimeMs) return;
  throw new UmbraError("UMB-3121", { seen: rollbackText(work), rule: 29 });
}

/** What the plan counted on: which instances run, and which containers are open and so get a checkpoint. */
function stateChanges(before: SavedState, now: SavedState): readonly string[] {
  const instances = (state: SavedState) => state.instances.toSorted().join(", ");
  const modes = new Map(before.containers.map((one) => [one.name, one.openMode]));
  return [
    ...(instances(before) === instances(now)
      ? []
      : [`the instances were ${instances(before)} and are ${instances(now)}`]),
    ...now.containers
      .filter((one) => modes.get(one.name) !== one.openMode)
      .map((one) => `${one.name} was ${modes.get(one.name) ?? "not there"} and is ${one.openMode}`),
  ];
}

/** A file may have grown; one that came, went, moved or changed its state was not planned for. */
function fileChanges(before: readonly DatafileFacts[], now: readonly DatafileFacts[]): readonly string[] {
  const key = ({ file, creationScn }: DatafileFacts) => `${file}/${formatScn(creationScn)}`;
  const old = new Map(before.map((file) => [key(file), file]));
  const fresh = new Set(now.map(key));
  return [
    ...before
      .filter((file) => !fresh.has(key(file)))
      .map((file) => `datafile ${file.file} (${file.path}) is gone`),
    ...now.flatMap((file) => {
      const was = old.get(key(file));
      if (was === undefined) return [`datafile ${file.file} (${file.path}) was added`];
      return [
        ...changed(file, "path", was.path, file.path),
        ...changed(file, "status", was.status, file.status),
        ...changed(file, "mode", was.enabled, file.enabled),
      ];
    }),
  ];
}

function changed({ file }: DatafileFacts, what: string, was: string, now: string): readonly string[] {
  return was === now ? [] : [`datafile ${file}: its ${what} was ${was} and is ${now}`];
}
