import { expect, test } from "vitest";

import { entryOf } from "./raised.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import type { Host } from "../../src/ports/host.ts";
import { backupHot } from "../../src/run/backup-hot.ts";
import type { World } from "../../src/run/world.ts";
import { simulatedWorld, type SimulatedWorld } from "../rigs/simulated-world.ts";
import { activeFiles, expectNextBackup, expectPutRight } from "./after-a-death.ts";

/** Takes a backup in a changed world; what ended it must be told, and everything must be as before. */
async function failed(rig: SimulatedWorld, change: (world: World) => World): Promise<UmbraError> {
  const failure = await backupHot(change(rig.world), {}).catch((error: unknown) => error);
  expect(activeFiles(rig)).toEqual([]);
  expect(await rig.world.state.journal.openRuns(rig.world.database.name)).toEqual([]);
  await expectPutRight(rig);
  return entryOf(failure);
}

const onCopy = (world: World, copy: (host: Host) => Host["copy"]): World => {
  const host: Host = { ...world.databaseHost, copy: copy(world.databaseHost) };
  return { ...world, databaseHost: host, backupHost: host };
};

test("a backup area that fills up in the middle ends the run, and leaves its space free again", async () => {
  await using rig = await simulatedWorld();
  let copies = 0;
  const full = (world: World) =>
    onCopy(world, (host) => (request) => {
      copies += 1;
      if (copies < 3) return host.copy(request);
      return Promise.reject(new UmbraError("UMB-6102", { path: request.target, errno: "ENOSPC" }));
    });
  expect(await failed(rig, full)).toMatchObject({ code: "UMB-6102", exit: 6 });
  await expectNextBackup(rig);
});

test("a source file that vanished while the database still has it ends the run with its name", async () => {
  await using rig = await simulatedWorld();
  const path = rig.instance.controlFile?.datafiles.at(-1)?.path ?? "";
  const vanishing = (world: World) =>
    onCopy(world, (host) => (request) => {
      const gone = { ...request, source: `${request.source}.gone` as typeof request.source };
      return host.copy(request.source === path ? gone : request);
    });
  const error = await failed(rig, vanishing);
  expect(error.code).toBe("UMB-7101");
  expect(error.message).toContain(path);
  await expectNextBackup(rig);
});

test("a log that never arrives ends the run at its deadline, and says which one", async () => {
  let hangs = true;
  await using rig = await simulatedWorld({
    database: { faults: { archiveFault: () => (hangs ? "hang" : undefined) } },
    config: { deadlines: { archivedLogMs: 1_000, statementMs: 2_000 } },
  });
  const error = await failed(rig, (world) => world);
  expect(error.code).toBe("UMB-9004");
  expect(error.message).toMatch(/thread 1/);
  hangs = false;
  await expectNextBackup(rig);
});

test("a source that umbra's user may not read ends the run before the next tablespace is begun", async () => {
  await using rig = await simulatedWorld();
  const [system] = rig.instance.controlFile?.datafiles ?? [];
  const unreadable = (world: World) =>
    onCopy(
      world,
      (host) => (request) =>
        request.source === system?.path
          ? Promise.reject(
              new UmbraError("UMB-7103", { path: request.source, operation: "open", errno: "EACCES" }),
            )
          : host.copy(request),
    );
  expect(await failed(rig, unreadable)).toMatchObject({ code: "UMB-7103", exit: 7 });
  await expectNextBackup(rig);
});
