import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import type { ProgramCall } from "../../../simulator/doors/in-process-programs.ts";
import { discover } from "../../../src/discover/discover.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { databaseSetup } from "../../../src/plan/database-setup.ts";
import { setup } from "../../../src/run/setup.ts";
import type { World } from "../../../src/run/world.ts";
import {
  simulatedWorld,
  type SimulatedWorld,
  type SimulatedWorldOptions,
} from "../../rigs/simulated-world.ts";

const doIt = { undo: false, planOnly: false };
const planIt = { undo: false, planOnly: true };
const undoIt = { undo: true, planOnly: false };

async function rigWith(options: SimulatedWorldOptions = {}): Promise<SimulatedWorld> {
  return await simulatedWorld({
    ...options,
    database: { totalBytes: 2_000_000, ...options.database },
    config: { refresh: { engine: "rman" } },
  });
}

/** A database that says it is a cluster's. */
function asCluster({ instance }: SimulatedWorld): void {
  (instance.parameters as Map<string, string>).set("cluster_database", "TRUE");
}

async function stepsOf(world: World, how: Parameters<typeof setup>[1]): Promise<readonly string[]> {
  const done = await setup(world, how);
  if (!done.ok) throw new Error(done.refusals.map(({ seen }) => seen).join("; "));
  return done.plan.area.steps
    .filter(({ kind }) => !/^(make|mark|remove)-/.test(kind))
    .map(({ kind, path }) => `${kind} ${path}`);
}

function tracking({ instance }: SimulatedWorld): string | undefined {
  return instance.controlFile?.changeTracking?.path;
}

function trackingFile({ instance }: SimulatedWorld): string {
  return join(dirname(instance.controlFile?.datafiles[0]?.path ?? ""), "umbra_bct_orcl.ctf");
}

function snapshotControlfile({ instance }: SimulatedWorld): string | undefined {
  return instance.serverBackups.snapshotControlfile;
}

test("block change tracking is planned, enabled beside the datafiles, found enabled, and taken back", async () => {
  await using rig = await rigWith();
  const file = trackingFile(rig);
  expect(await stepsOf(rig.world, planIt)).toEqual([`enable-change-tracking ${file}`]);
  expect(tracking(rig)).toBeUndefined();
  expect(await stepsOf(rig.world, doIt)).toEqual([`enable-change-tracking ${file}`]);
  expect([tracking(rig), existsSync(file)]).toEqual([file, true]);
  expect(await stepsOf(rig.world, doIt)).toEqual([]);
  expect(await stepsOf(rig.world, undoIt)).toEqual([`disable-change-tracking ${file}`]);
  expect([tracking(rig), existsSync(file)]).toEqual([undefined, false]);
  expect(await stepsOf(rig.world, undoIt)).toEqual([]);
});

test("tracking that somebody else enabled stays, whatever setup and its undoing do", async () => {
  await using rig = await rigWith();
  const file = join(rig.directory, "theirs.ctf");
  rig.instance.serverBackups.trackChanges({ path: file, reuse: false, enterprise: true });
  expect(await stepsOf(rig.world, doIt)).toEqual([]);
  expect(await stepsOf(rig.world, undoIt)).toEqual([]);
  expect([tracking(rig), existsSync(file)]).toEqual([file, true]);
});

test("a file that a setup which died has left is no obstacle, nor is an answer that was lost", async () => {
  await using rig = await rigWith();
  const { connector } = rig.world;
  const lossy: World = {
    ...rig.world,
    connector: {
      connect: async (options) => {
        const db = await connector.connect(options);
        const execute: typeof db.execute = async (sql, how) => {
          await db.execute(sql, how);
          if (sql.includes("change tracking"))
            throw new UmbraError("UMB-5202", { ora: 3113, message: "ORA-03113", lost: true });
        };
        return {
          container: db.container,
          query: (sql, binds, how) => db.query(sql, binds, how),
          execute,
          close: () => db.close(),
          [Symbol.asyncDispose]: () => db.close(),
        };
      },
    },
  };
  await rig.world.databaseHost.writeAtomically(trackingFile(rig) as never, "old", { deadlineMs: 5_000 });
  expect(await stepsOf(lossy, doIt)).toHaveLength(1);
  expect(tracking(rig)).toBe(trackingFile(rig));
});

test("engine blocks, an edition without it, and a standby get no tracking", async () => {
  await using rig = await rigWith();
  const { database } = rig.world;
  const blocks = { ...database, refresh: { ...database.refresh, engine: "blocks" as const } };
  expect(await stepsOf({ ...rig.world, database: blocks }, doIt)).toEqual([]);
  const facts = await discover(rig.world);
  const instances = facts.instances.map((one) => ({ ...one, edition: "SE2" }));
  const identity = { ...facts.identity, role: "PHYSICAL STANDBY" };
  const steps = (found: typeof facts) => databaseSetup(found, {}, database).steps;
  expect(steps(facts)).toHaveLength(1);
  expect(steps({ ...facts, instances })).toEqual([]);
  expect(steps({ ...facts, identity })).toEqual([]);
});

test("on a cluster RMAN's snapshot control file goes into the area, and back to where it was", async () => {
  const scripts: ProgramCall[] = [];
  await using rig = await rigWith({ programFaults: { starting: (call) => void scripts.push(call) } });
  // One instance always reaches its own: RMAN is not even asked.
  await stepsOf(rig.world, planIt);
  expect(scripts).toEqual([]);
  asCluster(rig);
  const own = join(rig.world.database.backupArea, "snapcf_umbra.f");
  expect(await stepsOf(rig.world, planIt)).toContain(`share-snapshot-controlfile ${own}`);
  expect(snapshotControlfile(rig)).toBeUndefined();
  expect(await stepsOf(rig.world, doIt)).toContain(`share-snapshot-controlfile ${own}`);
  expect(snapshotControlfile(rig)).toBe(own);
  expect(await stepsOf(rig.world, doIt)).toEqual([]);
  expect(await stepsOf(rig.world, undoIt)).toContain(`reset-snapshot-controlfile ${own}`);
  expect(snapshotControlfile(rig)).toBeUndefined();
});

test("a snapshot control file that somebody has named stays, and is told", async () => {
  await using rig = await rigWith();
  asCluster(rig);
  rig.instance.serverBackups.nameSnapshotControlfile("/shared/snapcf.f");
  const done = await setup(rig.world, doIt);
  expect(done.ok && done.warnings).toContainEqual(
    expect.objectContaining({ rule: 114, seen: expect.stringContaining("/shared/snapcf.f") as string }),
  );
  await stepsOf(rig.world, undoIt);
  expect(snapshotControlfile(rig)).toBe("/shared/snapcf.f");
});
