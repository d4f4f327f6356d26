import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { UmbraEvent } from "../../../src/domain/events.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { isUmbraError } from "../../../src/errors/umbra-error.ts";
import { backupCold } from "../../../src/run/backup-cold.ts";
import type { World } from "../../../src/run/world.ts";
import { copiedPictures } from "../../rigs/copied-pictures.ts";
import { simulatedWorld, type SimulatedWorld } from "../../rigs/simulated-world.ts";

/** Code and message of what the backup died of. */
async function failureOf(world: World, options = {}): Promise<{ code: string; message: string }> {
  try {
    return { code: "none", message: JSON.stringify(await backupCold(world, options)) };
  } catch (error) {
    if (!isUmbraError(error)) throw error;
    const { code, message } = error;
    return { code, message };
  }
}

/** The database is as it was, nothing is owed, and there is no half backup. */
async function expectNothingLeft({ world, instance, directory }: SimulatedWorld): Promise<void> {
  const { state, database } = world;
  expect(instance.openMode).toBe("READ WRITE");
  expect(await state.startups.pending(database.name)).toEqual([]);
  expect(await state.journal.openRuns(database.name)).toEqual([]);
  expect(await state.catalog.list(database.name)).toEqual([]);
  const cold = join(directory, "backup", "TEST", "cold");
  expect(existsSync(cold) ? readdirSync(cold) : []).toEqual([]);
}

function isOverrun(event: UmbraEvent): boolean {
  return event.kind === "warning" && /the limit, and the copies go on/.test(event.warning.seen);
}

test("a backup while a file is in backup mode is refused, and says which", async () => {
  await using rig = await simulatedWorld();
  await rig.instance.beginBackup({ level: "tablespace", conId: 0, name: "USERS" });
  const made = await backupCold(rig.world);
  if (made.ok) throw new Error("it was made");
  expect(made.refusals.map(({ code, rule }) => ({ code, rule }))).toEqual([{ code: "UMB-3105", rule: 20 }]);
  expect(made.refusals[0]?.seen).toContain("USERS");
});

test("an instance that somebody starts and opens during the copy makes the backup void, and is told", async () => {
  let started = false;
  await using rig = await simulatedWorld({
    whileCopying: async () => {
      if (rig.instance.state !== "IDLE" || started) return;
      started = true;
      await rig.programs.operations.startup(
        { to: "OPEN", readOnly: false, restricted: false },
        () => undefined,
      );
    },
  });
  const { code, message } = await failureOf(rig.world);
  expect(code).toBe("UMB-9022");
  expect(message).toMatch(/changed while it was copied/);
  expect(message).toMatch(/ORCL on dbhost was started at \d{4}-/);
  await expectNothingLeft(rig);
});

test("an instance that somebody only mounted during the copy makes the backup void", async () => {
  let started = false;
  await using rig = await simulatedWorld({
    whileCopying: async () => {
      if (rig.instance.state !== "IDLE" || started) return;
      started = true;
      await rig.programs.operations.startup(
        { to: "MOUNT", readOnly: false, restricted: false },
        () => undefined,
      );
    },
  });
  const { code, message } = await failureOf(rig.world);
  expect(code).toBe("UMB-9022");
  expect(message).toMatch(/ORCL was started at \d{4}-.*, not by umbra/);
  await expectNothingLeft(rig);
});

test("an instance that another home's tool started is seen by its process and its lock (rule 23)", async () => {
  let started = false;
  await using rig = await simulatedWorld({
    database: { name: "SIGNS" },
    signs: true,
    change: (world) => {
      const home = join(world.database.backupArea, "..", "..", "home") as FilePath;
      const { instance } = world;
      if (instance === undefined) throw new Error("no instance control");
      return {
        ...world,
        database: {
          ...world.database,
          instance: { by: "sqlplus", oracleHome: home, sid: "SIGNS", privilege: "sysbackup" },
        },
        // A tool that looks for another SID finds nothing: only the signs tell.
        instance: {
          ...instance,
          status: async (call) => {
            const found = await instance.status(call);
            return started && found.state === "mount" ? { ...found, state: "down", instances: [] } : found;
          },
        },
      };
    },
    whileCopying: async () => {
      if (rig.instance.state !== "IDLE" || started) return;
      started = true;
      await rig.programs.operations.startup(
        { to: "MOUNT", readOnly: false, restricted: false },
        () => undefined,
      );
    },
  });
  const { code, message } = await failureOf(rig.world);
  expect(code).toBe("UMB-9022");
  expect(message).toMatch(/is ora_pmon_SIGNS; process \d+ holds the lock of .*\/dbs\/lkSIGNS/);
});

test("copies that take too long are stopped, and the database is started", async () => {
  await using rig = await simulatedWorld({
    whileCopying: () => new Promise((resolve) => setTimeout(resolve, 20)),
  });
  const { code } = await failureOf(rig.world, { maxDowntimeMs: 1_000, onOverrun: "stop-copy" });
  expect(code).toBe("UMB-5401");
  await expectNothingLeft(rig);
});

test("copies that take too long go on where that was wished, and it is told", async () => {
  const told = Promise.withResolvers<void>();
  await using rig = await simulatedWorld({
    change: (world) => ({
      ...world,
      reporter: {
        event: (event) => {
          world.reporter.event(event);
          if (isOverrun(event)) told.resolve();
        },
      },
    }),
    whileCopying: async () => {
      if (rig.instance.state === "IDLE") await told.promise;
    },
  });
  const made = await backupCold(rig.world, { maxDowntimeMs: 300, onOverrun: "continue" });
  expect(made.ok).toBe(true);
  expect(rig.events.filter(isOverrun)).toHaveLength(1);
  expect(rig.events.some((event) => event.kind === "step-progress" && (event.downMs ?? 0) > 300)).toBe(true);
});

test("a STARTUP that fails once and then succeeds costs nothing", async () => {
  await using rig = await simulatedWorld();
  rig.faults.plant({ kind: "fail", at: "start", code: 27_102, times: 1 });
  const made = await backupCold(rig.world);
  expect(made.ok).toBe(true);
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test("a STARTUP that fails for good is the loudest event, and stays owed", async () => {
  await using rig = await simulatedWorld({ config: { deadlines: { startupMs: 2_000 } } });
  rig.faults.plant({ kind: "fail", at: "start", code: 27_102 });
  const { code, message } = await failureOf(rig.world);
  expect(code).toBe("UMB-10002");
  expect(message).toContain("ORA-27102");
  const { state, database } = rig.world;
  expect(await state.startups.pending(database.name)).toHaveLength(1);
  expect(await state.journal.openRuns(database.name)).toHaveLength(1);
});

test("a SHUTDOWN that is stuck is not aborted without a written policy", async () => {
  await using rig = await simulatedWorld({ config: { deadlines: { shutdownMs: 300, startupMs: 4_000 } } });
  rig.faults.plant({ kind: "hang", at: "shutdown" });
  const failure = failureOf(rig.world);
  await expect
    .poll(() => rig.events.some((event) => event.kind === "step-failed"), { timeout: 15_000 })
    .toBe(true);
  rig.faults.lift();
  expect((await failure).code).toBe("UMB-5402");
  await expectNothingLeft(rig);
});

test("an interrupted backup starts the database first", async () => {
  const stop = new AbortController();
  await using rig = await simulatedWorld({
    change: (world) => ({ ...world, signal: stop.signal }),
    whileCopying: async () => {
      if (rig.instance.state === "IDLE") stop.abort(new Error("SIGTERM"));
    },
  });
  expect((await failureOf(rig.world)).code).toBe("UMB-13001");
  await expectNothingLeft(rig);
});

test("a copy that fails in mode snapshot leaves no picture", async () => {
  const picture = copiedPictures();
  await using rig = await simulatedWorld({
    config: { cold: { mode: "snapshot" } },
    change: (world) => ({ ...world, picture }),
    whileCopying: () => Promise.reject(new Error("the storage is gone")),
  });
  await expect(backupCold(rig.world)).rejects.toThrow("the storage is gone");
  expect(picture.there).toEqual(new Set());
  await expectNothingLeft(rig);
});
