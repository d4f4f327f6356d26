import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { expect } from "vitest";

import { openProgramDoor } from "../../simulator/programs/door.ts";
import { startListener } from "../../simulator/tns/listener.ts";
import type { ColdMode } from "../../src/domain/plan.ts";
import type { Step } from "../../src/domain/step.ts";
import { flatSteps } from "../../src/plan/describe-step.ts";
import { backupCold, planCold } from "../../src/run/backup-cold.ts";
import { reconcile } from "../../src/run/reconcile.ts";
import { verifyBackup } from "../../src/run/verify-backup.ts";
import { copiedPictures } from "../rigs/copied-pictures.ts";
import { hurried, owed } from "../rigs/owed-startup.ts";
import { type SimulatedWorld, simulatedWorld, type SimulatedWorldOptions } from "../rigs/simulated-world.ts";
import type { ColdAgentSpec, ColdDeath } from "./cold-agent-that-dies.ts";
import { DyingAgents } from "./ran-until-dead.ts";

/** A whole backup after each death would say the same many times over. */
const NEXT_BACKUP_EVERY = 12;

export interface ColdDying {
  readonly mode: ColdMode;
  readonly database: SimulatedWorldOptions["database"];
  /** Brings the database into the state that it must have after each death. */
  readonly prepare?: (rig: SimulatedWorld) => Promise<void>;
  /** Which of the plan's steps to die at; all unless told. */
  readonly steps?: (step: Step, index: number, all: readonly Step[]) => boolean;
  /** Numbers of copies to die in. */
  readonly copies?: readonly number[];
}

export interface ColdDeaths {
  readonly deaths: number;
  /** How many of them left the database down, or on its way. */
  readonly down: number;
  /** Kinds of the steps at which it died. */
  readonly kinds: ReadonlySet<string>;
}

/** Writes around which lies the whole of a run, beside its steps. */
const AROUND: readonly ColdDeath[] = [
  { at: "before", what: "openRun" },
  { at: "after", what: "openRun" },
  { at: "before", what: "owe startup" },
  { at: "after", what: "owe startup" },
  { at: "before", what: "discharge startup" },
  { at: "after", what: "discharge startup" },
  { at: "before", what: "add" },
  { at: "after", what: "add" },
  { at: "before", what: "closeRun" },
];

/**
 * A process for each death: before the effect of each step, after it, and around the other writes. After each one
 * reconcile must bring the database back to the state that it had, and no half backup may count.
 */
export async function dieThroughColdBackup(dying: ColdDying): Promise<ColdDeaths> {
  const picture = copiedPictures();
  const change = (world: SimulatedWorld["world"]) => hurried({ ...world, picture });
  const { mode, database = {} } = dying;
  await using rig = await simulatedWorld({ database, change, config: { cold: { mode } } });
  await dying.prepare?.(rig);
  const listener = await startListener({ engine: rig.engine });
  const { engine, instance, programs, directory } = rig;
  const { oracleHome, sid } = programs;
  const door = await openProgramDoor({ base: join(directory, "prod"), oracleHome, sid, engine, instance });
  const stateBefore = stateOf(rig);
  const connectString = `127.0.0.1:${listener.port}/ORCL_ADMIN`;
  using agents = new DyingAgents<ColdAgentSpec>("cold-agent-that-dies.ts");
  try {
    const planned = await planCold(rig.world);
    if (!planned.ok) throw new Error(JSON.stringify(planned.refusals));
    const steps = flatSteps(planned.plan.steps).filter(dying.steps ?? (() => true));
    const deaths = [
      ...(dying.steps === undefined ? AROUND : []),
      ...steps.flatMap(({ id }): readonly ColdDeath[] => [
        { at: "after", what: `intent ${id}` },
        { at: "before", what: `outcome ${id}` },
      ]),
      ...(dying.copies ?? []).map((copy): ColdDeath => ({ at: "copy", copy })),
    ];
    let down = 0;
    for (const [index, death] of deaths.entries()) {
      const died = await agents.ranUntilDead({ directory, connectString, mode, death });
      expect({ death, died }).toEqual({ death, died: true });
      if (instance.state !== "OPEN") down += 1;
      await expectPutRight(rig, stateBefore, death);
      if (index % NEXT_BACKUP_EVERY === 0) expect((await backupCold(rig.world)).ok).toBe(true);
    }
    return { deaths: deaths.length, down, kinds: new Set(steps.map(({ kind }) => kind)) };
  } finally {
    await door.close();
    await listener.close();
  }
}

/** What must hold after reconcile, wherever the agent died. */
async function expectPutRight(rig: SimulatedWorld, before: object, death: ColdDeath): Promise<void> {
  const { world, instance } = rig;
  const { name } = world.database;
  const known = new Set<string>((await world.state.catalog.list(name)).map(({ id }) => id));
  const outcome = await reconcile(world, { planOnly: false });
  expect({ death, outcome: outcome.ok ? "put right" : outcome.refusals }).toEqual({
    death,
    outcome: "put right",
  });
  expect({ death, ...stateOf(rig) }).toEqual({ death, ...before });
  expect(await owed(rig)).toEqual([]);
  expect(await world.state.journal.openRuns(name)).toEqual([]);
  const files = instance.controlFile?.datafiles ?? [];
  const pictures = new Set(files.flatMap(({ path }) => readdirSync(dirname(path))));
  expect([...pictures].filter((entry) => entry.startsWith(".picture"))).toEqual([]);
  const catalogued = await world.state.catalog.list(name);
  expect(backupDirectories(rig).toSorted()).toEqual(catalogued.map(({ id }) => id).toSorted());
  for (const { id } of catalogued.filter((one) => !known.has(one.id)))
    expect((await verifyBackup(world, id)).problems).toEqual([]);
}

/** What users see of the database. */
function stateOf({ instance }: SimulatedWorld): object {
  const control = instance.controlFile;
  return {
    openMode: instance.openMode,
    restricted: instance.restricted,
    containers: control?.containers.map(({ conId, name }) => [name, instance.pdbOpenMode(conId)]),
    services: instance.services.filter(({ running }) => running).map(({ conId, name }) => [conId, name]),
  };
}

function backupDirectories({ world }: SimulatedWorld): readonly string[] {
  const area = join(world.database.backupArea, "cold");
  return existsSync(area) ? readdirSync(area) : [];
}
