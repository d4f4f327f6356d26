import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { backupHot } from "../../../src/run/backup-hot.ts";
import { coverageReport } from "../../../src/run/coverage.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import type { World } from "../../../src/run/world.ts";
import { type LiveLogs, liveLogs } from "../../rigs/live-logs.ts";

async function coverageOf(world: World) {
  const report = await coverageReport(world);
  const now = report.coverage.find((one) => one.incarnation === report.current.incarnation);
  const ends = (now?.covered ?? []).map((one) => one.to);
  return { end: ends.at(-1) ?? 0n, holes: (now?.holes ?? []).map((one) => one.reason) };
}

/** A hot backup, and two logs after it in the live area. */
async function backedUp(): Promise<LiveLogs> {
  const live = await liveLogs();
  const made = await backupHot(live.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  return live;
}

test("logs in the live area carry a backup on, whatever they are called", async () => {
  await using live = await backedUp();
  const before = await coverageOf(live.world);
  await live.switched(2);
  const after = await coverageOf(live.world);
  expect(after.end).toBeGreaterThan(before.end);
  expect(after.holes.map((one) => one.kind)).toEqual(["not-archived-yet"]);
  const newest = live.names().at(-1) ?? "";
  renameSync(join(live.directory, newest), join(live.directory, "another-name"));
  expect((await coverageOf(live.world)).end).toBe(after.end);
});

test("a log that is cut short counts for nothing, though it was good when it was first read", async () => {
  await using live = await backedUp();
  const before = await coverageOf(live.world);
  await live.switched(2);
  await coverageOf(live.world);
  const [first = ""] = live.names().slice(-2);
  truncateSync(join(live.directory, first), 512);
  const { end, holes } = await coverageOf(live.world);
  expect(end).toBe(before.end);
  expect(holes).toMatchObject([{ kind: "log-missing", foundIn: [join(live.other, first)] }]);
});

test("another log under a known name is read anew", async () => {
  await using live = await backedUp();
  const before = await coverageOf(live.world);
  await live.switched(2);
  const [first = "", second = ""] = live
    .names()
    .slice(-2)
    .map((name) => join(live.directory, name));
  await coverageOf(live.world);
  writeFileSync(first, readFileSync(second));
  expect((await coverageOf(live.world)).end).toBe(before.end);
});

test("headers are read once, and what has gone is forgotten", async () => {
  await using live = await backedUp();
  await live.switched(2);
  const read: string[] = [];
  const { backupHost, state, database } = live.world;
  const counting: World = {
    ...live.world,
    backupHost: {
      ...backupHost,
      read: (path, range, options) => {
        if (path.startsWith(live.directory)) read.push(path);
        return backupHost.read(path, range, options);
      },
    },
  };
  await coverageOf(counting);
  expect(read).toHaveLength(live.names().length);
  await coverageOf(counting);
  expect(read).toHaveLength(live.names().length);
  const count = live.names().length;
  rmSync(join(live.directory, live.names()[0] ?? ""));
  await coverageOf(counting);
  const kept = (directory: string) => state.logFiles.list(database.name, directory as FilePath);
  expect((await kept(live.directory)).size).toBe(count - 1);
  // Neither the directory above nor one whose name only begins alike.
  expect((await kept(live.directory.slice(0, -1))).size).toBe(0);
  await state.logFiles.forget(database.name, [...(await kept(live.directory)).keys()]);
  expect((await kept(live.directory)).size).toBe(0);
});
