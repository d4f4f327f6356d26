import { expect, test } from "vitest";

import type { World } from "../../../src/run/world.ts";
import { backupHot } from "../../../src/run/backup-hot.ts";
import { reconcile } from "../../../src/run/reconcile.ts";
import { faultyWorld } from "../../fakes/faulty-world.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

const activeFiles = ({ instance }: SimulatedWorld) =>
  (instance.controlFile?.datafiles ?? [])
    .filter((file) => instance.backupMode(file).status === "ACTIVE")
    .map((file) => file.file);

/** The agent dies inside the copy of USERS. */
async function diesWhileCopying(rig: SimulatedWorld, options = { tablespaces: ["USERS"] }): Promise<void> {
  for (let at = 30; ; at += 1) {
    const { world } = faultyWorld(rig.world, { at, when: "before", how: "dead" });
    const copies: string[] = [];
    const seen: World = {
      ...world,
      databaseHost: {
        ...world.databaseHost,
        copy: async (request) => {
          copies.push(request.source);
          return await world.databaseHost.copy(request);
        },
      },
    };
    await backupHot(seen, options).catch(() => {});
    if (copies.length > 0) return;
    await reconcile({ ...rig.world, clock: world.clock }, { planOnly: false });
  }
}

const ended = { ok: true } as const;

test("what is planned is shown, and nothing is done", async () => {
  await using rig = await simulatedWorld();
  await diesWhileCopying(rig);
  const before = activeFiles(rig);
  const planned = await reconcile(rig.world, { planOnly: true });
  expect(planned).toMatchObject({
    ok: true,
    lines: [{ sql: ['alter tablespace "USERS" end backup'] }, {}, {}],
  });
  expect(activeFiles(rig)).toEqual(before);
  expect(before.length).toBeGreaterThan(0);
});

test("a second reconcile has nothing to do, and the next backup is made", async () => {
  await using rig = await simulatedWorld();
  await diesWhileCopying(rig);
  await expect(backupHot(rig.world)).rejects.toMatchObject({ code: "UMB-8002" });
  expect(await reconcile(rig.world, { planOnly: false })).toMatchObject(ended);
  expect(activeFiles(rig)).toEqual([]);
  expect(await reconcile(rig.world, { planOnly: false })).toEqual({ ok: true, lines: [], warnings: [] });
  expect(await backupHot(rig.world)).toMatchObject({ ok: true });
});

test("only our tablespace is ended where somebody else began another one", async () => {
  await using rig = await simulatedWorld();
  await diesWhileCopying(rig);
  const ours = activeFiles(rig);
  await rig.instance.beginBackup({ level: "tablespace", conId: 0, name: "SYSAUX" });
  expect(await reconcile(rig.world, { planOnly: false })).toMatchObject(ended);
  expect(activeFiles(rig).some((file) => ours.includes(file))).toBe(false);
  expect(activeFiles(rig).length).toBe(1);
});

test("where somebody ended ours and began their own, theirs is not ended", async () => {
  await using rig = await simulatedWorld();
  await diesWhileCopying(rig);
  const users = { level: "tablespace", conId: 0, name: "USERS" } as const;
  await rig.instance.endBackup(users);
  await rig.instance.archiveLogCurrent();
  await rig.instance.beginBackup(users);
  expect(await reconcile(rig.world, { planOnly: false })).toMatchObject(ended);
  expect(activeFiles(rig).length).toBe(1);
});

test("after a crash of the instance the files are ended one by one in MOUNT, and the database opens", async () => {
  await using rig = await simulatedWorld();
  await diesWhileCopying(rig);
  await rig.instance.shutdown("ABORT");
  const down = await reconcile(rig.world, { planOnly: false });
  expect(down).toMatchObject({ ok: false, refusals: [{ code: "UMB-8005" }] });
  await rig.instance.startup({ to: "MOUNT" });
  await expect(rig.instance.open("READ WRITE")).rejects.toThrow("ORA-10873");
  expect(await reconcile(rig.world, { planOnly: false })).toMatchObject(ended);
  await rig.instance.open("READ WRITE");
  expect(await backupHot(rig.world)).toMatchObject({ ok: true });
});

test("an interrupted run ends backup mode before it ends", async () => {
  const stop = new AbortController();
  await using rig = await simulatedWorld({
    change: (world) => ({ ...world, signal: stop.signal }),
    whileCopying: async () => stop.abort(new Error("stopped by SIGTERM")),
  });
  await expect(backupHot(rig.world)).rejects.toMatchObject({ code: "UMB-13001" });
  expect(activeFiles(rig)).toEqual([]);
  const { state, database } = rig.world;
  expect(await state.obligations.pending(database.name)).toEqual([]);
  expect(await state.journal.runs()).toMatchObject([{ outcome: "interrupted" }]);
});
