import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { createWorkload } from "../../simulator/workload/workload.ts";
import type { UmbraError } from "../../src/errors/umbra-error.ts";
import { backupCold } from "../../src/run/backup-cold.ts";
import { reconcile } from "../../src/run/reconcile.ts";
import { owed } from "../rigs/owed-startup.ts";
import { type SimulatedWorld, simulatedWorld } from "../rigs/simulated-world.ts";
import { smallFileSystem } from "../rigs/small-file-system.ts";
import { entryOf } from "./raised.ts";

const SMALL = { totalBytes: 3_000_000 };

/** What ended the backup; a backup that was made or refused fails the test. */
async function failed({ world }: SimulatedWorld): Promise<UmbraError> {
  return entryOf(await backupCold(world).catch((error: unknown) => error));
}

/** The database is open as it was, nothing is owed or open, and no half backup counts. */
async function expectAsBefore(rig: SimulatedWorld): Promise<void> {
  const { world, instance } = rig;
  expect(instance).toMatchObject({ openMode: "READ WRITE", restricted: false });
  expect(await owed(rig)).toEqual([]);
  expect(await world.state.journal.openRuns(world.database.name)).toEqual([]);
  expect(await world.state.catalog.list(world.database.name)).toEqual([]);
  const area = join(world.database.backupArea, "cold");
  expect(existsSync(area) ? readdirSync(area) : []).toEqual([]);
}

async function expectNextBackup(rig: SimulatedWorld): Promise<void> {
  expect((await backupCold(rig.world)).ok).toBe(true);
  expect(rig.instance.openMode).toBe("READ WRITE");
}

const hasFailed = ({ events }: SimulatedWorld) => events.some((event) => event.kind === "step-failed");

test("a SHUTDOWN IMMEDIATE that rolls back for too long is given up, never aborted, and the database comes back", async () => {
  await using rig = await simulatedWorld({
    database: SMALL,
    way: "sqlplus",
    config: { deadlines: { shutdownMs: 400, startupMs: 8_000 } },
  });
  const workload = await createWorkload({ instance: rig.instance, seed: 1, tables: 2, initialRows: 8 });
  while (rig.instance.activeTransactions.length === 0) await workload.step();
  rig.faults.plant({ kind: "hang", at: "rollback" });
  const ended = failed(rig);
  await expect.poll(() => hasFailed(rig), { timeout: 20_000 }).toBe(true);
  expect(rig.instance.alertLog.lines.join("\n")).not.toMatch(/abort/iu);
  rig.faults.lift();
  const error = await ended;
  expect(error).toMatchObject({ code: "UMB-5402", exit: 5 });
  expect(error.message).toMatch(/immediate/iu);
  await expectAsBefore(rig);
  await expectNextBackup(rig);
});

test("backup mode that somebody begins right before SHUTDOWN (ORA-01149) is left to them, and nothing goes down", async () => {
  let begins = true;
  const users = { level: "tablespace", conId: 0, name: "USERS" } as const;
  await using rig = await simulatedWorld({
    database: SMALL,
    way: "sqlplus",
    control: {
      hold: async (step) => {
        if (step !== "shutdown" || !begins) return;
        begins = false;
        await rig.instance.beginBackup(users);
      },
    },
  });
  const startedAt = rig.instance.startedAt;
  const error = await failed(rig);
  expect(error).toMatchObject({ code: "UMB-5302", exit: 5 });
  expect(error.message).toContain("ORA-01149");
  await expectAsBefore(rig);
  expect(rig.instance.startedAt).toEqual(startedAt);
  const refused = await backupCold(rig.world);
  expect(refused).toMatchObject({ ok: false, refusals: [{ code: "UMB-3105", rule: 20 }] });
  await rig.instance.endBackup(users);
  await expectNextBackup(rig);
});

test.each(["start", "mount", "open"] as const)(
  "a STARTUP that fails once at %s and then succeeds costs nothing but a warning",
  async (at) => {
    await using rig = await simulatedWorld({ database: SMALL, way: "sqlplus" });
    rig.faults.plant({ kind: "fail", at, code: at === "start" ? 27_102 : 205, times: 1 });
    await expectNextBackup(rig);
    expect(await owed(rig)).toEqual([]);
    const warned = rig.events.flatMap((event) => (event.kind === "warning" ? [event.warning.seen] : []));
    expect(warned.join("\n")).toMatch(at === "start" ? /ORA-27102/u : /ORA-00205/u);
  },
);

test("a STARTUP that fails for good is class 10, says what and how to start by hand, and reconcile does it later", async () => {
  await using rig = await simulatedWorld({
    database: SMALL,
    way: "sqlplus",
    config: { deadlines: { startupMs: 4_000 } },
  });
  rig.faults.plant({ kind: "fail", at: "start", code: 27_102 });
  const error = await failed(rig);
  expect(error).toMatchObject({ code: "UMB-10002", exit: 10 });
  expect(error.message).toMatch(/TEST is down: .*ORA-27102.*by hand: STARTUP/su);
  expect(await owed(rig)).toHaveLength(1);
  expect(
    entryOf(await reconcile(rig.world, { planOnly: false }).catch((again: unknown) => again)),
  ).toMatchObject({
    code: "UMB-10002",
    exit: 10,
  });
  rig.faults.lift();
  expect(await reconcile(rig.world, { planOnly: false })).toMatchObject({ ok: true });
  await expectAsBefore(rig);
  await expectNextBackup(rig);
});

test("a backup area that fills up while the database is down: it is opened, and no half backup stays", async (context) => {
  const filler = () => join(rig.directory, "backup", "filler");
  let isFilled = false;
  await using rig = await simulatedWorld({
    database: SMALL,
    way: "sqlplus",
    whileCopying: () => {
      if (rig.instance.state === "IDLE" && !isFilled) fill(filler());
      isFilled ||= rig.instance.state === "IDLE";
      return Promise.resolve();
    },
  });
  using _area = smallFileSystem(context, join(rig.directory, "backup"), "size=12m");
  const error = await failed(rig);
  expect(error).toMatchObject({ code: "UMB-6102", exit: 6 });
  expect(error.message).toMatch(/ENOSPC|full|space/u);
  await expectAsBefore(rig);
  rmSync(filler());
  await expectNextBackup(rig);
});

/** Until nothing more goes in. */
function fill(path: string): void {
  try {
    for (;;) writeFileSync(path, Buffer.alloc(65_536), { flag: "a" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}
