import { expect, test } from "vitest";

import { backupHot, planHot } from "../../../src/run/backup-hot.ts";
import { execute } from "../../../src/run/execute.ts";
import { changedSessions } from "../../fakes/changed-sessions.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

const options = { tablespaces: ["USERS"] };

const activeFiles = ({ instance }: SimulatedWorld) =>
  (instance.controlFile?.datafiles ?? []).filter((file) => instance.backupMode(file).status === "ACTIVE");

const pending = ({ world }: SimulatedWorld) => world.state.obligations.pending(world.database.name);

/** The database says yes to a statement and does nothing. */
const swallowing = (statement: RegExp) =>
  simulatedWorld({
    change: (world) =>
      changedSessions(world, (inner) => ({
        execute: async (sql, call) => (statement.test(sql) ? undefined : await inner.execute(sql, call)),
      })),
  });

test("a BEGIN after which v$backup does not show the files ACTIVE fails the run before anything is copied", async () => {
  await using rig = await swallowing(/begin backup$/);
  await expect(backupHot(rig.world, options)).rejects.toMatchObject({
    code: "UMB-9008",
    context: { rule: 38 },
  });
  const copied = rig.events.filter(
    (event) => event.kind === "step-started" && event.step.startsWith("copy-"),
  );
  expect(copied).toEqual([]);
  expect(await pending(rig)).toEqual([]);
});

test("an END after which v$backup still shows the files ACTIVE is told as production at risk", async () => {
  await using rig = await swallowing(/end backup$/);
  const world = {
    ...rig.world,
    clock: { ...rig.world.clock, sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) },
  };
  await expect(backupHot(world, options)).rejects.toMatchObject({ code: "UMB-10001", exit: 10 });
  expect(await pending(rig)).toHaveLength(1);
  expect(await rig.world.state.journal.openRuns(rig.world.database.name)).toHaveLength(1);
});

test("a control file that the database did not write fails the run", async () => {
  await using rig = await swallowing(/backup controlfile to '/);
  await expect(backupHot(rig.world, options)).rejects.toMatchObject({ code: "UMB-9007" });
  expect(await rig.world.state.catalog.list()).toEqual([]);
});

test("a backup mode that somebody else began since the plan is refused at BEGIN, and left to them", async () => {
  await using rig = await simulatedWorld();
  const planned = await planHot(rig.world, options);
  if (!planned.ok) throw new Error(JSON.stringify(planned.refusals));
  await rig.instance.beginBackup({ level: "tablespace", conId: 0, name: "USERS" });
  await expect(execute(planned.plan, rig.world)).rejects.toMatchObject({
    code: "UMB-3105",
    context: { rule: 36 },
  });
  expect(activeFiles(rig)).toHaveLength(1);
  expect(await pending(rig)).toEqual([]);
});

test("an archived log whose header is not the log that the database named fails the run", async () => {
  await using rig = await simulatedWorld({
    change: (world) => {
      const { databaseHost } = world;
      const copy: typeof databaseHost.copy = async (request) => {
        const result = await databaseHost.copy(request);
        // The header of block 1 with another sequence: its checksum does not fit any more.
        if (request.mode === "redo") result.head.writeUInt32LE(4711, request.blockSize + 8);
        return result;
      };
      return { ...world, databaseHost: { ...databaseHost, copy } };
    },
  });
  await expect(backupHot(rig.world, options)).rejects.toMatchObject({
    code: "UMB-9003",
    context: { rule: 94 },
  });
});
