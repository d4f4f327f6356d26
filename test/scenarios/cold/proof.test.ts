import { expect, test } from "vitest";

import { isUmbraError, UmbraError } from "../../../src/errors/umbra-error.ts";
import type { Database } from "../../../src/ports/database.ts";
import { backupCold } from "../../../src/run/backup-cold.ts";
import type { World } from "../../../src/run/world.ts";
import { changedSessions } from "../../fakes/changed-sessions.ts";
import { simulatedWorld, type SimulatedWorld } from "../../rigs/simulated-world.ts";

/** Code and message; the database is up again, and nothing of the backup is left. */
async function voidBackup({ world, instance }: SimulatedWorld): Promise<{ code: string; message: string }> {
  const failure = await backupCold(world).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!isUmbraError(failure)) throw failure;
  const { state, database } = world;
  expect(instance.openMode).toBe("READ WRITE");
  expect(await state.startups.pending(database.name)).toEqual([]);
  expect(await state.journal.openRuns(database.name)).toEqual([]);
  expect(await state.catalog.list(database.name)).toEqual([]);
  const { code, message } = failure;
  return { code, message };
}

test("an instance that was aborted instead of shut down is not backed up (rule 16)", async () => {
  await using rig = await simulatedWorld({
    change: (world) => {
      const { instance } = world;
      if (instance === undefined) throw new Error("no instance control");
      const shutdown = async () => {
        await rig.engine.shutdown("ABORT");
        return { changed: true };
      };
      return { ...world, instance: { ...instance, shutdown } };
    },
  });
  const { code, message } = await voidBackup(rig);
  expect(code).toBe("UMB-9021");
  expect(message).toMatch(/datafile 1 .*: its header says that it needs recovery/);
});

/** What the mounted database says of its datafiles, changed. */
function toldInMount(world: World, change: Readonly<Record<string, string | null>>): World {
  return changedSessions(world, (db) => ({
    query: async (sql, binds, options) => {
      const rows = await db.query(sql, binds, options);
      const wanted = sql.includes("from v$datafile d") || sql.includes("from v$datafile_header");
      const mounted = wanted && (await isMounted(db));
      return mounted ? rows.map((row) => (keysOf(change, row) ? { ...row, ...change } : row)) : rows;
    },
  }));
}

function keysOf(change: object, row: object): boolean {
  return Object.keys(change).every((key) => key in row);
}

async function isMounted(db: Database): Promise<boolean> {
  const rows = await db.query("select open_mode from v$database", {}, { deadlineMs: 10_000 });
  return rows.some((row) => row["open_mode"] === "MOUNTED");
}

test.each([
  ["a file without a stop SCN (rule 19)", { last_scn: null }, /last_change# is not set/],
  [
    "a file with another checkpoint (rule 19)",
    { checkpoint_scn: "1", last_scn: "1" },
    /checkpoint_change# is 1, not/,
  ],
  ["a fuzzy header (rule 18)", { fuzzy: "YES" }, /v\$datafile_header\.fuzzy is YES/],
])("%s in MOUNT makes the backup void", async (_what, change, said) => {
  await using rig = await simulatedWorld({ change: (world) => toldInMount(world, change) });
  const { code, message } = await voidBackup(rig);
  expect(code).toBe("UMB-9021");
  expect(message).toMatch(said);
});

test("an instance that somebody started right before umbra's STARTUP makes the backup void (rule 22)", async () => {
  let copied = false;
  await using rig = await simulatedWorld({
    change: (world) => {
      const { instance } = world;
      if (instance === undefined) throw new Error("no instance control");
      return {
        ...world,
        reporter: {
          event: (event) => {
            world.reporter.event(event);
            if (event.kind === "step-started" && event.step === "start-up") copied = true;
          },
        },
        instance: {
          ...instance,
          status: async (call) => {
            if (copied) {
              copied = false;
              const order = { to: "MOUNT", readOnly: false, restricted: false } as const;
              await rig.programs.operations.startup(order, () => undefined);
            }
            return await instance.status(call);
          },
        },
      };
    },
  });
  const { code, message } = await voidBackup(rig);
  expect(code).toBe("UMB-9022");
  expect(message).toMatch(/ORCL was started at \d{4}-.*, not by umbra/);
});

test("members of the control file that differ make the backup void (rule 10)", async () => {
  await using rig = await simulatedWorld({
    change: (world) => ({
      ...world,
      databaseHost: {
        ...world.databaseHost,
        verify: async (request) => {
          const found = await world.databaseHost.verify(request);
          return request.path.endsWith(".ctl") ? { ...found, sha256Matches: false } : found;
        },
      },
    }),
  });
  expect((await voidBackup(rig)).code).toBe("UMB-9023");
});

test("a backup area that fills up in the middle costs the backup only", async () => {
  await using rig = await simulatedWorld({
    change: (world) => ({
      ...world,
      databaseHost: {
        ...world.databaseHost,
        copy: async (request) => {
          if (!request.source.endsWith("undotbs01.dbf")) return await world.databaseHost.copy(request);
          throw new UmbraError("UMB-6102", { path: request.target, errno: "ENOSPC" });
        },
      },
    }),
  });
  expect((await voidBackup(rig)).code).toBe("UMB-6102");
});

test("a file that is added after the plan is found before anything is shut down", async () => {
  await using rig = await simulatedWorld({
    change: (world) => ({
      ...world,
      reporter: {
        event: (event) => {
          world.reporter.event(event);
          if (event.kind === "run-started") added = add();
        },
      },
    }),
  });
  let added = Promise.resolve();
  const add = () => {
    const path = `${rig.directory}/prod/added.dbf`;
    return rig.instance.addFile(
      0,
      "USERS",
      { path, bytes: 262_144, reuse: false, autoextend: null },
      "DATAFILE",
    );
  };
  const startedAt = rig.instance.startedAt;
  const { code, message } = await voidBackup(rig);
  await added;
  expect(code).toBe("UMB-9024");
  expect(message).toMatch(/datafile 5 .* was added/);
  expect(rig.instance.startedAt).toBe(startedAt);
});
