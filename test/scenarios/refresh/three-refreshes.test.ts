import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { createWorkload } from "../../../simulator/workload/workload.ts";
import { backupsText } from "../../../src/cli/render/backups.ts";
import type { RefreshOptions } from "../../../src/domain/plan.ts";
import { backupRefresh, baseline, planRefreshRun } from "../../../src/run/backup-refresh.ts";
import { coverageReport } from "../../../src/run/coverage.ts";
import { rebuildCatalog } from "../../../src/run/rebuild-catalog.ts";
import { verifyBackup } from "../../../src/run/verify-backup.ts";
import type { World } from "../../../src/run/world.ts";
import { copiedAreaSnapshots } from "../../rigs/copied-area-snapshots.ts";
import { manifestOf } from "../../rigs/restored-database.ts";
import { simulatedWorld, type SimulatedWorld } from "../../rigs/simulated-world.ts";

const FILE = { bytes: 262_144, reuse: false, autoextend: null };

async function scene(changes: Partial<World> = {}, find: RefreshOptions["find"] = "compare") {
  const rig = await simulatedWorld({
    database: { totalBytes: 2_500_000, logBytes: 262_144 },
    config: { refresh: { snapshot: "before", find } },
    change: (world) => ({
      ...world,
      snapshots: copiedAreaSnapshots(world.database.backupArea, join(world.database.backupArea, "../snaps")),
      ...changes,
    }),
  });
  const workload = await createWorkload({ instance: rig.instance, seed: 11, tables: 1, initialRows: 5 });
  const work = async (steps: number) => {
    for (let i = 0; i < steps; i += 1) await workload.step();
    await workload.settle();
  };
  const create = (name: string) =>
    rig.instance.createTablespace(0, {
      name,
      contents: "PERMANENT",
      bigfile: false,
      blockSize: 8192,
      files: [{ path: join(rig.directory, "prod", `${name.toLowerCase()}.dbf`), ...FILE }],
    });
  return { rig, work, create };
}

async function refreshed(rig: SimulatedWorld) {
  const made = await backupRefresh(rig.world);
  if (!made.ok) throw new Error(made.refusals.map((one) => one.seen).join("; "));
  const manifest = manifestOf(made.backup.directory);
  if (manifest.kind !== "refreshed") throw new Error(manifest.kind);
  return { ...made, manifest };
}

function fileOf({ instance }: SimulatedWorld, name: string): number {
  const files = instance.controlFile?.datafiles ?? [];
  return files.find((file) => file.path.endsWith(name))?.file ?? 0;
}

test("files come, go, grow, move and are made read only; three refreshes later there is no hole", async () => {
  const { rig, work, create } = await scene();
  await using _ = rig;
  const { instance, world, directory } = rig;
  await create("QUIET");
  await create("GOING");
  expect(await baseline(world)).toMatchObject({ ok: true });
  const [quiet, going] = [fileOf(rig, "quiet.dbf"), fileOf(rig, "going.dbf")];

  await work(20);
  await create("LATER");
  await instance.setTablespace(0, "QUIET", "READ ONLY");
  const first = await refreshed(rig);
  expect(first.warnings.map((one) => one.seen).join()).toMatch(/later\.dbf.*a full copy of it is made/);
  const later = fileOf(rig, "later.dbf");
  const copyOfLater = first.manifest.datafiles.find((one) => one.file === later)?.name ?? "";

  await work(20);
  await instance.resizeFile({ number: later }, 524_288);
  await instance.moveDatafile({ number: later }, join(directory, "prod", "moved.dbf"));
  await instance.dropTablespace(0, "GOING", true, true);
  const second = await refreshed(rig);
  const moved = second.manifest.datafiles.find((one) => one.file === later);
  expect(moved).toMatchObject({ name: copyOfLater, bytes: 524_288 + 8192 });
  expect(moved?.source).toMatch(/moved\.dbf$/);
  expect(second.manifest.dropped).toMatchObject([{ file: going }]);
  const data = join(second.backup.directory, "data");
  expect(readdirSync(data).some((name) => name.startsWith(`${going}_`))).toBe(true);
  const notes = rig.events.filter((event) => event.kind === "step-finished").map((event) => event.note);
  expect(notes).toContain("unchanged since the last refresh");

  await work(20);
  const third = await refreshed(rig);
  expect(readdirSync(data).some((name) => name.startsWith(`${going}_`))).toBe(false);
  expect(third.manifest.datafiles.find((one) => one.file === quiet)).toMatchObject({
    mode: "consistent",
    refreshedBy: first.manifest.run,
  });
  expect(readdirSync(join(third.backup.directory, "control"))).toHaveLength(2);

  const report = await coverageReport(world);
  const now = report.coverage.find((one) => one.incarnation === report.current.incarnation);
  expect(now?.covered).toHaveLength(1);
  expect(now?.holes.map((hole) => hole.reason.kind)).toEqual(["not-archived-yet"]);
  expect(now?.ways.length).toBe(4);
});

test("the live area and its snapshots are listed, verified, and found again without the state", async () => {
  const { rig, work } = await scene();
  await using _ = rig;
  const { world } = rig;
  await baseline(world);
  await work(10);
  await refreshed(rig);
  const { catalog } = world.state;
  const before = await catalog.list();
  expect(before.map((one) => [one.kind, one.snapshot !== undefined])).toEqual(
    expect.arrayContaining([
      ["refreshed", false],
      ["refreshed", true],
    ]),
  );
  expect(backupsText(before)).toMatch(
    /TEST:live .*database, live area[^]*database, snapshot|snapshot[^]*live area/,
  );
  for (const { id } of before) expect((await verifyBackup(world, id)).problems).toEqual([]);
  const verdictless = ({ verifiedAt: _at, verdict: _verdict, ...rest }: (typeof before)[number]) => rest;
  const known = (await catalog.list()).map(verdictless);
  for (const { id } of before) await catalog.remove(id);
  expect((await rebuildCatalog(world)).unusable).toEqual([]);
  expect(await catalog.list()).toEqual(known);
});

test("a failure before any copy was touched leaves the area as it was, clean; one in the middle leaves marks", async () => {
  const failing = { when: "none" as "none" | "begin" | "refresh" };
  const { rig, work } = await scene();
  await using _ = rig;
  const { world } = rig;
  await baseline(world);
  await work(10);
  const host = world.databaseHost;
  const faulty: World = {
    ...world,
    databaseHost: {
      ...host,
      refresh: async (request) => {
        if (failing.when === "refresh") throw new Error("the storage went away");
        const result = await host.refresh?.(request);
        if (result === undefined) throw new Error("no engine");
        return result;
      },
    },
    connector: {
      connect: async (options) => {
        const db = await world.connector.connect(options);
        return {
          container: db.container,
          query: (sql, binds, how) => db.query(sql, binds, how),
          execute: async (sql, how) => {
            if (failing.when === "begin" && /begin backup/i.test(sql)) throw new Error("no");
            await db.execute(sql, how);
          },
          close: () => db.close(),
          [Symbol.asyncDispose]: () => db.close(),
        };
      },
    },
  };
  const live = join(world.database.backupArea, "live");
  const before = manifestOf(live);
  failing.when = "refresh";
  await expect(backupRefresh(faulty)).rejects.toThrow(/went away/);
  const marked = manifestOf(live);
  expect(marked.kind === "refreshed" && marked.dirty.length).toBeGreaterThan(0);
  expect(await world.state.journal.openRuns(world.database.name)).toEqual([]);
  const report = await coverageReport(world);
  expect(JSON.stringify(report.coverage.map((one) => one.ways.map((way) => way.source)))).not.toContain(
    "live",
  );
  expect((await verifyBackup(world, "TEST:live")).problems[0]?.problem).toMatch(/did not end/);
  const planned = await planRefreshRun(world);
  expect(planned.ok && planned.warnings.map((one) => one.rule)).toContain(70);
  failing.when = "none";
  expect(await backupRefresh(world)).toMatchObject({ ok: true });
  const clean = manifestOf(live);
  failing.when = "begin";
  await expect(backupRefresh(faulty)).rejects.toThrow();
  expect(manifestOf(live)).toEqual(clean);
  expect(clean).not.toEqual(before);
  expect(existsSync(join(live, "RESTORE.md"))).toBe(true);
});
