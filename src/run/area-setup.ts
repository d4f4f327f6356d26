import { discover } from "../discover/discover.ts";
import type { FilePath } from "../domain/names.ts";
import type { Planned } from "../domain/refusal.ts";
import type { SetupLook, SetupPlan, SetupStep } from "../domain/setup-plan.ts";
import { areaLayout } from "../plan/area-layout.ts";
import { needsSharedSnapshotControlfile } from "../plan/database-setup.ts";
import { planSetup, planSetupUndo } from "../plan/setup.ts";
import type { HostOptions } from "../ports/host.ts";
import { performOnDatabase, readSnapshotControlfile, readTracking } from "./database-setup.ts";
import { newRunId } from "./run-id.ts";
import type { World } from "./world.ts";

export interface SetupOptions {
  readonly undo: boolean;
  readonly planOnly: boolean;
}

/**
 * Makes the directories and the mark of a live backup area and what RMAN needs of the database, or takes that back. May be
 * run again at any time. The plan is what was done, or what would be. Errors: UMB-8001 while a run is at work; those of
 * `discover` and `performOnDatabase`.
 */
export async function setUpArea(world: World, { undo, planOnly }: SetupOptions): Promise<Planned<SetupPlan>> {
  const { database, state, clock, signal } = world;
  const options: HostOptions = { deadlineMs: database.deadlines.statementMs, signal };
  using _lock = planOnly ? undefined : state.locks.take(database.name, newRunId(world, "setup"), clock.now());
  const area = await lookForSetup(world, options);
  const planned = undo
    ? planSetupUndo({ look: { ...area, ...(await lookForUndo(world)) }, config: database })
    : await planForward(world, area);
  if (planned.ok && !planOnly) {
    for (const step of planned.plan.steps) await perform(world, step, options);
  }
  return planned;
}

async function planForward(world: World, area: SetupLook): Promise<Planned<SetupPlan>> {
  const facts = await discover(world);
  const { database: config } = world;
  const isAsked = needsSharedSnapshotControlfile(facts, config);
  const look = { ...area, ...(isAsked ? await snapshotControlfileIn(world) : {}) };
  return planSetup({ facts, look, config });
}

async function lookForUndo(world: World): Promise<Pick<SetupLook, "changeTracking" | "snapshotControlfile">> {
  const changeTracking = await readTracking(world);
  const isRman = world.database.refresh.engine === "rman";
  return {
    ...(changeTracking === undefined ? {} : { changeTracking }),
    ...(isRman ? await snapshotControlfileIn(world) : {}),
  };
}

async function snapshotControlfileIn(world: World): Promise<Pick<SetupLook, "snapshotControlfile">> {
  const snapshotControlfile = await readSnapshotControlfile(world);
  return snapshotControlfile === undefined ? {} : { snapshotControlfile };
}

async function perform(world: World, step: SetupStep, options: HostOptions): Promise<void> {
  const { backupHost, database } = world;
  switch (step.kind) {
    case "make-directory":
      return await backupHost.makeDirectory(step.path, options);
    case "mark-area":
      return await backupHost.writeAtomically(step.path, `${database.name}\n`, options);
    case "remove-mark":
    case "remove-directory":
      return await backupHost.remove(step.path, options);
    case "enable-change-tracking":
    case "disable-change-tracking":
    case "share-snapshot-controlfile":
    case "reset-snapshot-controlfile":
      return await performOnDatabase(world, step);
  }
}

async function lookForSetup({ backupHost, database }: World, options: HostOptions): Promise<SetupLook> {
  const { directory, marker, ...layout } = areaLayout(database.backupArea);
  const folders = [layout.data, layout.logs, layout.control, layout.parameters];
  const there: FilePath[] = [];
  const filled: FilePath[] = [];
  for (const path of folders) {
    const names = await backupHost.list(path, options);
    if (names !== undefined) there.push(path);
    if (names !== undefined && names.length > 0) filled.push(path);
  }
  const top = await backupHost.list(directory, options);
  const own = new Set([...folders, marker].map((path) => path.slice(directory.length + 1)));
  if (top !== undefined) there.push(directory);
  if (top?.some((name) => !own.has(name)) === true) filled.push(directory);
  const isMarked = top?.includes(marker.slice(directory.length + 1)) === true;
  if (isMarked) there.push(marker);
  return { there, filled, foreign: !isMarked && filled.some((path) => path !== layout.logs) };
}
