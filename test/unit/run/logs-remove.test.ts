import { copyFileSync, existsSync, mkdirSync, renameSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";

import { expect, test } from "vitest";

import { instant } from "../../../src/domain/instant.ts";
import type { LogMark } from "../../../src/domain/log-prune.ts";
import type { FilePath, RunId } from "../../../src/domain/names.ts";
import { readLogDirectory } from "../../../src/run/logs-area.ts";
import { removeLogs } from "../../../src/run/logs-remove.ts";
import type { World } from "../../../src/run/world.ts";
import { type LiveLogs, liveLogs } from "../../rigs/live-logs.ts";

/** Marks of all logs of a live area. */
async function marked() {
  const live = await liveLogs({ database: { totalBytes: 2_000_000, logBytes: 131_072 } });
  await live.switched(2);
  const { world } = live;
  const files = (await readLogDirectory(world, world.backupHost, live.directory as FilePath)) ?? [];
  const marks = files.flatMap((file): LogMark[] => {
    if (file.kind !== "log" || file.nextScn === undefined) return [];
    const times = { markedAt: instant(0), removeFrom: instant(0) };
    return [{ ...file, nextScn: file.nextScn, database: world.database.name, run: "r" as RunId, ...times }];
  });
  const [mark] = marks;
  if (mark === undefined) throw new Error("no log came");
  return { live, world, marks, mark };
}

async function problemOf(world: World, mark: LogMark): Promise<string> {
  const { gone, spared, problems } = await removeLogs(world, [mark]);
  expect(gone).toEqual([]);
  expect(spared).toEqual([mark]);
  return problems.map(({ problem }) => problem).join();
}

const aside = ({ rig }: LiveLogs): string => {
  const directory = join(rig.directory, "aside");
  mkdirSync(directory, { recursive: true });
  return directory;
};

test("logs are removed, and one that has gone already is as good as removed", async () => {
  const { live, world, marks } = await marked();
  await using _ = live;
  expect((await removeLogs(world, marks)).gone).toHaveLength(marks.length);
  expect(live.names()).toEqual([]);
  const again = await removeLogs(world, marks);
  expect([again.gone.length, again.problems]).toEqual([marks.length, []]);
});

test("nothing outside the log directory is removed, whatever the state says", async () => {
  const { live, world, mark } = await marked();
  await using _ = live;
  const outside = join(aside(live), basename(mark.path)) as FilePath;
  copyFileSync(mark.path, outside);
  expect(await problemOf(world, { ...mark, path: outside })).toContain("it does not lie in");
  const around = `${live.directory}/../logs/${basename(mark.path)}` as FilePath;
  expect(await problemOf(world, { ...mark, path: around })).toContain("it does not lie in");
  expect([existsSync(outside), existsSync(mark.path)]).toEqual([true, true]);
});

test("what a symbolic link leads to stays, and the link too", async () => {
  const { live, world, mark } = await marked();
  await using _ = live;
  const target = join(aside(live), "log");
  renameSync(mark.path, target);
  symlinkSync(target, mark.path);
  expect(await problemOf(world, mark)).toContain(`a symbolic link leads from it to ${target}`);
  expect([existsSync(target), existsSync(mark.path)]).toEqual([true, true]);
});

test("an area that is reached through a symbolic link is the area", async () => {
  const { live, world, mark } = await marked();
  await using _ = live;
  const real = join(aside(live), "area");
  renameSync(world.database.backupArea, real);
  symlinkSync(real, world.database.backupArea);
  expect((await removeLogs(world, [mark])).gone).toEqual([mark]);
});

test("where nobody can tell symbolic links from files nothing is removed", async () => {
  const { live, world, mark } = await marked();
  await using _ = live;
  const run: World["backupHost"]["run"] = () =>
    Promise.resolve({ status: 127, signal: undefined, stdout: Buffer.of(), stderr: Buffer.of() });
  const poor: World = { ...world, backupHost: { ...world.backupHost, run } };
  expect(await problemOf(poor, mark)).toContain("no GNU realpath");
  expect(existsSync(mark.path)).toBe(true);
});

test("a log of another sequence, incarnation or database under the marked name stays", async () => {
  const { live, world, mark } = await marked();
  await using _ = live;
  for (const other of [{ sequence: 99 }, { incarnation: "1" }, { dbid: "4711" }, { thread: 2 }]) {
    expect(await problemOf(world, { ...mark, ...other })).toContain("was to go");
  }
  expect(existsSync(mark.path)).toBe(true);
});

test("a file that is there still after its removal is a problem, and stays claimed", async () => {
  const { live, world, mark } = await marked();
  await using _ = live;
  const remove = () => Promise.resolve();
  const done = await removeLogs({ ...world, backupHost: { ...world.backupHost, remove } }, [mark]);
  expect([done.gone, done.spared, done.problems.length]).toEqual([[], [], 1]);
});
