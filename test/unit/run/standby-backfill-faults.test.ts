import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { UmbraError } from "../../../src/errors/umbra-error.ts";
import type { Host } from "../../../src/ports/host.ts";
import { backfillLogs, planLogsBackfill } from "../../../src/run/logs-backfill.ts";
import { standbyLogs } from "../../rigs/standby-logs.ts";
import { expectBrought, lostConnection, withHole } from "./standby-hole.ts";

test("a log of several pieces arrives byte for byte, from the next standby where the connection is lost in its middle", async () => {
  await using rig = await standbyLogs({ logBytes: 6 * 1_048_576 });
  await rig.write(1_120);
  await rig.switched(2);
  const name = rig.names().find((one) => statSync(join(rig.area, one)).size > 4 * 1_048_576) ?? "none";
  rig.lose(name);
  const half: string[] = [];
  const breaking = rig.way("BREAKS", {
    read: async (path, range, options) => {
      if (range.offset === 0) return await rig.standbyHost.read(path, range, options);
      half.push(...rig.hidden());
      return lostConnection();
    },
  });
  expect(await backfillLogs(rig.with(breaking))).toMatchObject({
    copied: [],
    failed: [{ standby: "BREAKS", problem: expect.stringMatching(/^UMB-7111: /u) as string }],
  });
  expect(half).toHaveLength(1);
  expect(rig.hidden()).toEqual([]);
  expect(await backfillLogs(rig.with(breaking, rig.way("WHOLE")))).toMatchObject({
    copied: [{}],
    failed: [],
  });
  expectBrought(rig, name);
});

test("a host that was lost with one log is not waited for with the next", async () => {
  await using rig = await standbyLogs();
  await rig.switched(4);
  rig.lose(...rig.names().slice(1, 4));
  let reads = 0;
  const read = () => {
    reads += 1;
    return lostConnection();
  };
  const filled = await backfillLogs(rig.with(rig.way("GONE", { read: async () => read() })));
  expect(filled).toMatchObject({ copied: [], failed: [{}, {}, {}] });
  expect(reads).toBe(1);
});

test("a file that has gone at the first standby is taken from the second", async () => {
  const { rig, name } = await withHole();
  await using _rig = rig;
  const empty = rig.way("EMPTY", { stat: async () => undefined });
  expect(await planLogsBackfill(rig.with(empty, rig.way("FULL")))).toMatchObject({
    plan: { copies: [{ from: { standby: "FULL" } }] },
  });
  // It vanishes after it was seen.
  const path = join(rig.arrived, name);
  const vanishing = rig.way("VANISHES", {
    read: async () => {
      throw new UmbraError("UMB-7108", { path, operation: "read", errno: "ENOENT" });
    },
  });
  expect(await backfillLogs(rig.with(vanishing, rig.way("FULL")))).toMatchObject({
    copied: [{}],
    failed: [],
  });
  expectBrought(rig, name);
});

test("a file that shrinks while it is read is refused", async () => {
  const { rig, name } = await withHole();
  await using _rig = rig;
  const path = join(rig.arrived, name);
  const shrinking = rig.way("STBY", {
    read: async (file, range, options) => {
      if (range.length > 1_024) truncateSync(path, 1_024);
      return await rig.standbyHost.read(file, range, options);
    },
  });
  const filled = await backfillLogs(rig.with(shrinking));
  expect(filled).toMatchObject({
    copied: [],
    failed: [{ problem: expect.stringMatching(/^UMB-7111: .*holds 1024 bytes/u) as string }],
  });
  expect(rig.hidden()).toEqual([]);
});

test("a run that is interrupted in the middle of a log leaves nothing of it", async () => {
  const { rig, name } = await withHole();
  await using _rig = rig;
  const stop = new AbortController();
  const { backupHost } = rig.world;
  const append: Host["append"] = async (...call) => {
    await backupHost.append?.(...call);
    expect(rig.hidden()).toHaveLength(1);
    stop.abort(new Error("interrupted"));
  };
  const world = { ...rig.with(rig.way()), backupHost: { ...backupHost, append }, signal: stop.signal };
  await expect(backfillLogs(world)).rejects.toThrow("interrupted");
  expect(rig.names()).not.toContain(name);
  expect(rig.hidden()).toEqual([]);
});

test("what differs from what was read is refused, though every block of it is good", async () => {
  const { rig, name } = await withHole();
  await using _rig = rig;
  const world = rig.with(rig.way());
  const { backupHost } = world;
  const verify: typeof backupHost.verify = async (request) => ({
    ...(await backupHost.verify(request)),
    sha256Matches: false,
  });
  expect(await backfillLogs({ ...world, backupHost: { ...backupHost, verify } })).toMatchObject({
    copied: [],
    failed: [{ problem: expect.stringMatching(/^UMB-9003: .*not what was read/u) as string }],
  });
  expect(rig.names()).not.toContain(name);
  expect(rig.hidden()).toEqual([]);
});

test("what a run left that was killed before it could give the name is removed by the next", async () => {
  const { rig, name } = await withHole();
  await using _rig = rig;
  const world = rig.with(rig.way());
  const dead = () => Promise.reject(new Error("killed"));
  const dying = { ...world.backupHost, publish: dead, remove: dead };
  await expect(backfillLogs({ ...world, backupHost: dying, databaseHost: dying })).rejects.toThrow("killed");
  expect(rig.hidden()).toEqual([expect.stringMatching(/^\.umbra-[0-9a-f]{16}\.incoming$/u)]);
  expect(rig.names()).not.toContain(name);
  expect(await backfillLogs(world)).toMatchObject({ copied: [{}], failed: [] });
  expectBrought(rig, name);
});

test("and also where nothing is missing any more", async () => {
  await using rig = await standbyLogs();
  await rig.switched();
  writeFileSync(join(rig.area, ".umbra-0123456789abcdef.incoming"), "x");
  writeFileSync(join(rig.area, ".somebody's"), "x");
  expect(await backfillLogs(rig.world)).toMatchObject({ ok: true, copied: [] });
  expect(rig.hidden()).toEqual([".somebody's"]);
});

test("a name that is taken meanwhile is left as it is", async () => {
  const { rig, name } = await withHole();
  await using _rig = rig;
  const world = rig.with(rig.way());
  const { backupHost } = world;
  const verify: typeof backupHost.verify = async (request) => {
    writeFileSync(join(rig.area, name), "the archiver's");
    return await backupHost.verify(request);
  };
  await expect(backfillLogs({ ...world, backupHost: { ...backupHost, verify } })).rejects.toMatchObject({
    code: "UMB-6101",
    context: { errno: "EEXIST" },
  });
  expect(readFileSync(join(rig.area, name), "utf8")).toBe("the archiver's");
  expect(rig.hidden()).toEqual([]);
});

test("a full area ends the run, whichever standby the log came from", async () => {
  const { rig } = await withHole();
  await using _rig = rig;
  const world = rig.with(rig.way());
  const append = async (path: never) => {
    throw new UmbraError("UMB-7108", { path, operation: "append", errno: "ENOSPC" });
  };
  await expect(backfillLogs({ ...world, backupHost: { ...world.backupHost, append } })).rejects.toMatchObject(
    { code: "UMB-6102" },
  );
});
