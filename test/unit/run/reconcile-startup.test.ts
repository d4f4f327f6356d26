import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { instant } from "../../../src/domain/instant.ts";
import type { FilePath, StepId } from "../../../src/domain/names.ts";
import { scn } from "../../../src/domain/scn.ts";
import type { PictureTaker } from "../../../src/ports/picture.ts";
import { backupHot } from "../../../src/run/backup-hot.ts";
import { reconcile } from "../../../src/run/reconcile.ts";
import type { World } from "../../../src/run/world.ts";
import { coldRun, hurried, owed, owedStartup, shutDownCleanly } from "../../rigs/owed-startup.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

const atOnce = { change: hurried };
const perform = { planOnly: false } as const;

/** The run shut the database down and died, with half a backup on the storage. */
async function diedWhileDown(rig: SimulatedWorld): Promise<FilePath> {
  const directory = join(rig.world.database.backupArea, "cold", coldRun) as FilePath;
  mkdirSync(join(directory, "data"), { recursive: true });
  writeFileSync(join(directory, "umbra-run"), `${coldRun}\n`);
  writeFileSync(join(directory, "data", "1_7_system.dbf"), "half");
  await owedStartup(rig.world, { directory });
  await shutDownCleanly(rig);
  return directory;
}

const runs = async ({ world }: SimulatedWorld) =>
  (await world.state.journal.runs()).map(({ kind, outcome }) => `${kind}: ${outcome ?? "open"}`);

test("a cold run that died while the database was down: the database comes back, half a backup goes", async () => {
  await using rig = await simulatedWorld(atOnce);
  const directory = await diedWhileDown(rig);
  await expect(backupHot(rig.world)).rejects.toMatchObject({ code: "UMB-8002" });
  const outcome = await reconcile(rig.world, perform);
  expect(outcome).toMatchObject({
    ok: true,
    lines: [{ title: expect.stringMatching(/^start the database \(it is down\): open READ WRITE/u) }, {}, {}],
  });
  expect(rig.instance.openMode).toBe("READ WRITE");
  expect(existsSync(directory)).toBe(false);
  expect(await owed(rig)).toEqual([]);
  expect(await runs(rig)).toContain("cold-backup: interrupted");
  expect(await reconcile(rig.world, perform)).toEqual({ ok: true, lines: [], warnings: [] });
  expect(await backupHot(rig.world, { tablespaces: ["USERS"] })).toMatchObject({ ok: true });
});

test("a plan says that the database would be started, and starts nothing", async () => {
  await using rig = await simulatedWorld(atOnce);
  await diedWhileDown(rig);
  const planned = await reconcile(rig.world, { planOnly: true });
  expect(planned).toMatchObject({
    ok: true,
    lines: [{ title: expect.stringContaining("start the database") }, {}, {}],
  });
  expect(rig.instance.state).toBe("IDLE");
});

test("while the database cannot be started nothing of the run is removed, and the next reconcile does it all", async () => {
  await using rig = await simulatedWorld(atOnce);
  const directory = await diedWhileDown(rig);
  rig.faults.plant({ kind: "fail", at: "mount", code: 205 });
  await expect(reconcile(rig.world, perform)).rejects.toMatchObject({ code: "UMB-10002", exit: 10 });
  expect(existsSync(directory)).toBe(true);
  expect(await runs(rig)).toContain("cold-backup: open");
  rig.faults.lift();
  expect(await reconcile(rig.world, perform)).toMatchObject({ ok: true });
  expect(rig.instance.openMode).toBe("READ WRITE");
  expect(existsSync(directory)).toBe(false);
});

test("a database that a person shut down after umbra died is started too: its startup is still owed", async () => {
  await using rig = await simulatedWorld(atOnce);
  await diedWhileDown(rig);
  await rig.programs.operations.startup({ to: "OPEN", readOnly: false, restricted: false }, () => undefined);
  await shutDownCleanly(rig);
  expect(await reconcile(rig.world, perform)).toMatchObject({ ok: true });
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test("a database that was never shut down is confirmed, and its sessions stay", async () => {
  await using rig = await simulatedWorld(atOnce);
  await owedStartup(rig.world);
  const { startedAt } = rig.instance;
  expect(await reconcile(rig.world, perform)).toMatchObject({
    ok: true,
    lines: [{ title: expect.stringMatching(/^confirm that the database is open READ WRITE/u) }, {}],
  });
  expect(rig.instance.startedAt).toEqual(startedAt);
  const steps = await rig.world.state.journal.steps((await rig.world.state.journal.runs())[0]?.id ?? coldRun);
  expect(steps[0]?.outcome).toContain("never shut down");
});

test("backup mode that keeps the database from opening is ended in MOUNT, and then it opens", async () => {
  await using rig = await simulatedWorld(atOnce);
  await owedStartup(rig.world);
  await leaveBackupMode(rig);
  await rig.instance.shutdown("ABORT");
  await expect(reconcile(rig.world, perform)).rejects.toThrow(/^TEST is mounted only: .*ORA-10873/u);
  expect(await rig.world.state.obligations.pending(rig.world.database.name)).toEqual([]);
  expect(await reconcile(rig.world, perform)).toMatchObject({ ok: true });
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test("backup mode of a database that comes up is ended by the same reconcile", async () => {
  await using rig = await simulatedWorld(atOnce);
  await owedStartup(rig.world);
  await leaveBackupMode(rig);
  await rig.instance.endBackup({ level: "database" });
  await shutDownCleanly(rig);
  expect(await reconcile(rig.world, perform)).toMatchObject({ ok: true, lines: [{}, {}, {}] });
  expect(await rig.world.state.obligations.pending(rig.world.database.name)).toEqual([]);
});

/** An obligation of END BACKUP beside that of STARTUP, as two dead runs would leave them. */
async function leaveBackupMode(rig: SimulatedWorld): Promise<void> {
  const { world, instance } = rig;
  const [startup] = await owed(rig);
  const files = (instance.controlFile?.datafiles ?? []).filter((file) => file.status !== "OFFLINE");
  if (startup === undefined) throw new Error("no startup is owed");
  const asked = scn(instance.currentScn());
  await world.state.obligations.open({
    id: `${coldRun}/begin`,
    run: coldRun,
    database: world.database.name,
    dbid: startup.dbid,
    resetlogsScn: startup.resetlogsScn,
    scope: { level: "database" },
    files: files.map(({ file, creationScn }) => ({ file, creationScn: scn(creationScn) })),
    asked: { scn: asked, localTime: instance.now().toISOString().slice(0, 19), deadlineMs: 60_000 },
    // So long ago that the BEGIN cannot be on its way any more.
    openedAt: instant(world.clock.now() - 3_600_000),
  });
  await instance.beginBackup({ level: "database" });
}

test("a picture that a dead run left is removed from where the datafiles are, again and again if need be", async () => {
  await using rig = await simulatedWorld(atOnce);
  await diedWhileDown(rig);
  await rig.world.state.journal.intent({
    run: coldRun,
    step: "take-picture" as StepId,
    position: 3,
    title: "take a picture",
    at: rig.world.clock.now(),
  });
  const removed: { readonly name: string; readonly files: readonly string[] }[] = [];
  const picture: PictureTaker = {
    whyNot: () => Promise.resolve(undefined),
    take: () => Promise.reject(new Error("not asked")),
    remove: (name, files) => Promise.resolve(void removed.push({ name, files })),
  };
  const world: World = { ...rig.world, picture };
  expect(await reconcile(world, perform)).toMatchObject({ ok: true });
  const datafiles = rig.instance.controlFile?.datafiles.map((file) => file.path);
  expect(removed).toMatchObject([{ name: coldRun, files: expect.arrayContaining(datafiles ?? []) }]);
});

test("without a storage that takes pictures the run stays open, and the database is up", async () => {
  await using rig = await simulatedWorld(atOnce);
  await diedWhileDown(rig);
  await rig.world.state.journal.intent({
    run: coldRun,
    step: "take-picture" as StepId,
    position: 3,
    title: "take a picture",
    at: rig.world.clock.now(),
  });
  expect(await reconcile(rig.world, perform)).toMatchObject({ ok: false, refusals: [{ code: "UMB-8005" }] });
  expect(rig.instance.openMode).toBe("READ WRITE");
  expect(await runs(rig)).toContain("cold-backup: open");
});

test("without a way to start it, a database that is down is production at risk", async () => {
  await using rig = await simulatedWorld(atOnce);
  await diedWhileDown(rig);
  const { instance: _none, ...world } = rig.world;
  expect(await reconcile(world, perform)).toMatchObject({ ok: false, refusals: [{ code: "UMB-10002" }] });
});

test.each(["sqlplus", "srvctl"] as const)(
  "over the program %s the database comes back as well",
  async (way) => {
    await using rig = await simulatedWorld({ ...atOnce, way });
    await diedWhileDown(rig);
    expect(await reconcile(rig.world, perform)).toMatchObject({ ok: true });
    expect(rig.instance.openMode).toBe("READ WRITE");
  },
);
