import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { UmbraError } from "../../../src/errors/umbra-error.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import type { DatabaseConnector } from "../../../src/ports/database.ts";
import type { Host } from "../../../src/ports/host.ts";
import { backfillLogs, planLogsBackfill } from "../../../src/run/logs-backfill.ts";
import { type StandbyLogs, standbyLogs } from "../../rigs/standby-logs.ts";
import { classes, expectBrought, lostConnection, withHole } from "./standby-hole.ts";

test("a log that is nowhere else comes from the standby, over hosts that do not see each other's files; the plan says so before", async () => {
  const { rig, name } = await withHole();
  await using _rig = rig;
  const world = rig.with(rig.way());
  const planned = await planLogsBackfill(world);
  expect(planned).toMatchObject({
    plan: {
      copies: [
        {
          source: join(rig.arrived, name),
          from: { standby: "STBY", host: "host-of-stby" },
          target: join(rig.area, name),
        },
      ],
      left: [],
    },
    standbys: [],
  });
  expect(existsSync(join(rig.area, name))).toBe(false);
  const filled = await backfillLogs(world);
  expect(filled).toMatchObject({
    ok: true,
    copied: [{ class: "lost", source: join(rig.arrived, name), standby: "STBY" }],
    failed: [],
    standbys: [],
  });
  expectBrought(rig, name);
  expect(await classes(world)).toBe("good good good");
  const run = filled.ok && filled.run !== undefined ? await world.state.journal.run(filled.run) : undefined;
  expect(run).toMatchObject({ outcome: "done" });
});

test("no standby is asked for what another destination of the database has", async () => {
  await using rig = await standbyLogs();
  await rig.switched(2);
  rmSync(join(rig.area, rig.names()[1] ?? ""));
  const connector: DatabaseConnector = { connect: () => Promise.reject(new Error("it was asked")) };
  const world = rig.with({ ...rig.way(), connector });
  expect(await backfillLogs(world)).toMatchObject({ copied: [{ class: "delayed" }], standbys: [] });
});

test("where the other destination's file turns out damaged, the standby's is taken", async () => {
  await using rig = await standbyLogs();
  await rig.switched(2);
  const [first = "", second = ""] = rig.names();
  const source = join(rig.local, second);
  const { length } = readFileSync(source);
  const other = readFileSync(join(rig.local, first));
  writeFileSync(source, Buffer.concat([other, Buffer.alloc(length)]).subarray(0, length));
  rmSync(join(rig.area, second));
  const filled = await backfillLogs(rig.with(rig.way()));
  expect(filled).toMatchObject({ copied: [{ class: "delayed" }], failed: [] });
  expectBrought(rig, second);
});

test("a standby that cannot be reached is told, and the next one is asked", async () => {
  const { rig, name } = await withHole();
  await using _rig = rig;
  const connect = () =>
    Promise.reject(new UmbraError("UMB-5101", { ora: 12_528, message: "ORA-12528: blocking", lost: false }));
  const world = rig.with({ ...rig.way("DOWN"), connector: { connect } }, rig.way("UP"));
  expect(await backfillLogs(world)).toMatchObject({
    copied: [{}],
    standbys: [{ standby: "DOWN", problem: expect.stringContaining("ORA-12528") as string }],
  });
  expectBrought(rig, name);
});

test("another database, or a logical standby, gives nothing and is told in a sentence", async () => {
  const { rig } = await withHole();
  await using _rig = rig;
  const { controlFile } = rig.standby;
  if (controlFile === undefined) throw new Error("not mounted");
  const { dbid } = controlFile;
  controlFile.dbid = dbid + 1;
  expect(await backfillLogs(rig.with(rig.way()))).toMatchObject({
    copied: [],
    plan: { left: [{ class: "lost" }] },
    standbys: [
      { problem: `the database ORCL there has DBID ${dbid + 1}, not ${dbid}: it is another database` },
    ],
  });
  controlFile.dbid = dbid;
  const logical = answering(rig.way().connector, { database_role: "LOGICAL STANDBY" });
  expect(await backfillLogs(rig.with({ ...rig.way(), connector: logical }))).toMatchObject({
    copied: [],
    standbys: [{ problem: "ORCL is a logical standby: its logs are its own" }],
  });
});

test("a log that the standby archived after a failover, shorter than the primary's, is not taken", async () => {
  const { rig, name } = await withHole();
  await using _rig = rig;
  const log = rig.standby.controlFile?.archivedLogs.find((one) => one.name === join(rig.arrived, name));
  if (log === undefined) throw new Error("it did not arrive");
  log.nextScn -= 1n;
  const filled = await backfillLogs(rig.with(rig.way()));
  expect(filled).toMatchObject({ copied: [], plan: { left: [{}] } });
  expect(filled.ok && filled.standbys[0]?.problem).toContain(
    "nothing proves that this is all of the primary's log",
  );
  expect(rig.names()).not.toContain(name);
});

test.each([
  ["a log of another sequence", (rig: StandbyLogs, path: string) => copyOver(rig, path)],
  ["a damaged block", (_: StandbyLogs, path: string) => damage(path, -300)],
  ["a damaged header", (_: StandbyLogs, path: string) => damage(path, 512 + 170)],
])("%s under the log's name at the standby is refused, and nothing is left of it", async (_, spoil) => {
  const { rig, name } = await withHole();
  await using _rig = rig;
  spoil(rig, join(rig.arrived, name));
  const filled = await backfillLogs(rig.with(rig.way()));
  expect(filled).toMatchObject({
    copied: [],
    failed: [{ problem: expect.stringMatching(/^UMB-9/u) as string }],
  });
  expect(rig.names()).not.toContain(name);
  expect(rig.hidden()).toEqual([]);
});

test("what is deleted, has no name, lies in ASM or is of another incarnation at the standby is not taken", async () => {
  const { rig, name } = await withHole();
  await using _rig = rig;
  const log = rig.standby.controlFile?.archivedLogs.find((one) => one.name === join(rig.arrived, name));
  if (log === undefined) throw new Error("it did not arrive");
  const looked: string[] = [];
  const changes = [
    { deleted: true },
    { name: null },
    { name: "+DATA/log" },
    { status: "X" as const },
    { archived: false },
    { resetlogsAt: new Date(log.resetlogsAt.getTime() + 60_000) },
  ];
  for (const change of changes) {
    const before = { ...log };
    Object.assign(log, change);
    const stat: Host["stat"] = async (path, options) => {
      looked.push(path);
      return await rig.standbyHost.stat(path, options);
    };
    const planned = await planLogsBackfill(rig.with(rig.way("STBY", { stat })));
    expect({ change, planned }).toMatchObject({
      planned: { plan: { copies: [], left: [{}] }, standbys: [] },
    });
    Object.assign(log, before);
  }
  expect(looked).toEqual([]);
});

test("a file that has not the length that the standby archived is not planned", async () => {
  const { rig, name } = await withHole();
  await using _rig = rig;
  truncateSync(join(rig.arrived, name), 1_024);
  expect(await planLogsBackfill(rig.with(rig.way()))).toMatchObject({ plan: { copies: [], left: [{}] } });
});

test("where the standby's machine sees the area too, it copies itself and nothing travels", async () => {
  const { rig, name } = await withHole();
  await using _rig = rig;
  const way = rig.way("STBY", { read: async () => lostConnection() });
  const { backupHost } = rig.world;
  const seen = join(rig.directory, "seen") as FilePath;
  const copier: Host = {
    ...backupHost,
    read: (...call) => rig.standbyHost.read(...call),
    copy: async (request) => {
      copyFileSync(request.source, seen);
      return await backupHost.copy({ ...request, source: seen });
    },
  };
  expect(await backfillLogs(rig.with({ ...way, copier }))).toMatchObject({ copied: [{}], failed: [] });
  expectBrought(rig, name);
});

test("a damaged log of the area is replaced by the standby's when that was proved", async () => {
  await using rig = await standbyLogs();
  await rig.switched(2);
  const [, name = ""] = rig.names();
  rmSync(join(rig.local, name));
  truncateSync(join(rig.area, name), 1_536);
  expect(await backfillLogs(rig.with(rig.way()))).toMatchObject({ copied: [{ class: "damaged" }] });
  expect(rig.names()).not.toContain(name);
  expect(await classes(rig.world)).toBe("good good good");
});

test("with the primary down, holes between the logs of the area are filled, also wide ones", async () => {
  await using rig = await standbyLogs();
  await rig.switched(5);
  const [, second, third, , fifth] = rig.names();
  rig.lose(second, third, fifth);
  await rig.engine.shutdown("ABORT");
  const world = rig.with(rig.way());
  expect(await classes(world)).toBe("good lost lost good lost good");
  const filled = await backfillLogs(world);
  expect(filled).toMatchObject({
    copied: [{}, {}, {}],
    failed: [],
    unreachable: expect.any(String) as string,
  });
  expect(await classes(world)).toBe("good good good good good good");
});

test("with the primary down, a hole into which the standby's chain does not fit stays", async () => {
  await using rig = await standbyLogs();
  await rig.switched(4);
  const [, second = "", third = ""] = rig.names();
  rig.lose(second, third);
  await rig.engine.shutdown("ABORT");
  const log = rig.standby.controlFile?.archivedLogs.find((one) => one.name === join(rig.arrived, second));
  if (log === undefined) throw new Error("it did not arrive");
  log.nextScn -= 1n;
  expect(await backfillLogs(rig.with(rig.way()))).toMatchObject({ copied: [], plan: { left: [{}, {}] } });
});

/** The same rows, but for some columns of V$DATABASE. */
function answering(connector: DatabaseConnector, change: Record<string, string>): DatabaseConnector {
  return {
    connect: async (options) => {
      const db = await connector.connect(options);
      const query: typeof db.query = async (...call) =>
        (await db.query(...call)).map((row) => ("database_role" in row ? { ...row, ...change } : row));
      return {
        container: db.container,
        query,
        execute: (...call) => db.execute(...call),
        close: () => db.close(),
        [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
      };
    },
  };
}

/** The length stays, as it would in a log of the same size. */
function copyOver(rig: StandbyLogs, path: string): void {
  const { length } = readFileSync(path);
  const [first = ""] = rig.names();
  const other = readFileSync(join(rig.arrived, first));
  writeFileSync(`${path}.new`, Buffer.concat([other, Buffer.alloc(length)]).subarray(0, length));
  renameSync(`${path}.new`, path);
}

/** Counted from the end where it is negative. */
function damage(path: string, offset: number): void {
  const content = readFileSync(path);
  const at = offset < 0 ? content.length + offset : offset;
  content[at] = (content[at] ?? 0) ^ 0xff;
  writeFileSync(path, content);
}
