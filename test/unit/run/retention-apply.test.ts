import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { type Instant, instant } from "../../../src/domain/instant.ts";
import type { RunId } from "../../../src/domain/names.ts";
import { sha256 } from "../../../src/run/catalog-entry.ts";
import { applyRetention, type ApplyOptions } from "../../../src/run/retention-apply.ts";
import { planRetentionOf } from "../../../src/run/retention-plan.ts";
import { undoRetention } from "../../../src/run/retention-undo.ts";
import type { World } from "../../../src/run/world.ts";
import { DAY, HOUR, keptBackups, type KeptBackups, RETENTION } from "../../rigs/kept-backups.ts";

const noon = (day: number): Instant => instant(Date.UTC(2026, 9, day, 12));

/** A hot backup on each of so many days, the last one today. */
async function daily(rig: KeptBackups, days: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let day = 1; day <= days; day += 1) {
    ids.push((await rig.make({ at: noon(day), from: day * 10, to: day * 10 + 10 })).id);
  }
  rig.clock.now = instant(noon(days) + HOUR);
  return ids;
}

async function planned(world: World) {
  const plan = await planRetentionOf(world);
  if (!plan.ok) throw new Error(plan.refusals[0]?.seen);
  return plan.report;
}

async function applied(world: World, options: ApplyOptions = { byPolicy: true }) {
  const done = await applyRetention(world, options);
  if (!done.ok) throw new Error(done.refusals[0]?.seen);
  return done.applied;
}

const there = ({ area }: KeptBackups, kind = "hot") => readdirSync(join(area, kind));

describe("retention of directories", () => {
  test("what goes is marked, stays whole for the time of grace, and is removed after it", async () => {
    using rig = keptBackups();
    const ids = await daily(rig, 9);
    const { id } = await planned(rig.world);
    const first = await applied(rig.world, { plan: id });
    expect(first.marked.map(({ object }) => object)).toEqual(ids.slice(0, 2));
    expect(there(rig)).toEqual(ids);
    const tombstone = JSON.parse(
      readFileSync(join(rig.area, "hot", ids[0] ?? "", "umbra-tombstone.json"), "utf8"),
    ) as unknown;
    expect(tombstone).toMatchObject({ backup: ids[0], removeFrom: "2026-10-11T13:00:00.000Z" });
    rig.clock.now = instant(rig.clock.now + 2 * DAY - 1);
    expect((await applied(rig.world, {})).removed).toEqual([]);
    rig.clock.now = instant(rig.clock.now + 1);
    expect(await applied(rig.world, {})).toMatchObject({ removed: ids.slice(0, 2), left: [], problems: [] });
    expect(there(rig)).toEqual(ids.slice(2));
    expect((await rig.world.state.catalog.list()).map((one) => one.id).toSorted()).toEqual(ids.slice(2));
  });

  test("a plan that is not the present one is refused, and nothing is marked", async () => {
    using rig = keptBackups();
    await daily(rig, 9);
    const { id } = await planned(rig.world);
    await rig.make({ at: noon(10), from: 100, to: 110 });
    expect(await applyRetention(rig.world, { plan: id })).toMatchObject({
      ok: false,
      refusals: [{ code: "UMB-3162" }],
    });
    expect(rig.world.state.tombstones.list(rig.world.database.name)).toEqual([]);
  });

  test("the plan is the same one as long as nothing changes, whatever the time", async () => {
    using rig = keptBackups();
    await daily(rig, 9);
    const { id } = await planned(rig.world);
    rig.clock.now = instant(rig.clock.now + 400 * DAY);
    expect((await planned(rig.world)).id).toBe(id);
    await applied(rig.world, { plan: id });
    expect((await planned(rig.world)).id).toBe(id);
  });

  test("without a plan's id or the word of the policy nothing is marked", async () => {
    using rig = keptBackups();
    await daily(rig, 9);
    expect((await applied(rig.world, {})).marked).toEqual([]);
  });

  test("without a policy nothing is planned, nothing is marked", async () => {
    using rig = keptBackups();
    await daily(rig, 9);
    const { retention: _, ...database } = rig.world.database;
    const world = { ...rig.world, database };
    expect(await planRetentionOf(world)).toMatchObject({ ok: false, refusals: [{ code: "UMB-3161" }] });
    expect(await applyRetention(world, { byPolicy: true })).toMatchObject({ ok: false });
    expect(await applied(world, {})).toMatchObject({ marked: [], removed: [] });
  });

  test("what was to go can be kept, alone or with all of its run", async () => {
    using rig = keptBackups();
    const ids = await daily(rig, 10);
    const { marked } = await applied(rig.world);
    expect(await undoRetention(rig.world, ids[0] ?? "")).toEqual({ ok: true, kept: ids.slice(0, 1) });
    expect(existsSync(join(rig.area, "hot", ids[0] ?? "", "umbra-tombstone.json"))).toBe(false);
    expect(await undoRetention(rig.world, marked[1]?.run ?? "")).toEqual({ ok: true, kept: ids.slice(1, 3) });
    rig.clock.now = instant(rig.clock.now + 3 * DAY);
    expect((await applied(rig.world, {})).removed).toEqual([]);
    expect(await undoRetention(rig.world, ids[0] ?? "")).toMatchObject({ ok: false });
  });

  test("what a hold, a use or the policy keeps meanwhile is taken back by the next one", async () => {
    using rig = keptBackups();
    const ids = await daily(rig, 10);
    await applied(rig.world);
    const { state, database, clock } = rig.world;
    const object = ids[0] ?? "";
    state.holds.add({
      id: "h",
      database: database.name,
      object,
      reason: "audit",
      owner: "ann",
      addedAt: clock.now(),
    });
    const run = "r" as RunId;
    const lease = { id: "l", database: database.name, object: ids[1] ?? "", user: "clone c1", run };
    state.leases.take({ ...lease, takenAt: clock.now() });
    rig.clock.now = instant(rig.clock.now + 3 * DAY);
    const done = await applied(rig.world, {});
    expect(done.takenBack).toEqual([
      { object: ids[0], why: "held by ann until it is released: audit" },
      { object: ids[1], why: "clone c1 uses it now" },
    ]);
    expect(done.removed).toEqual([ids[2]]);
    const longer = { ...RETENTION, policy: { ...RETENTION.policy, keep: { daily: 30 } } };
    using other = rig.again({ database: { ...database, retention: longer } });
    expect((await planned(other)).lines.every(({ stays }) => stays)).toBe(true);
  });

  test("what is not umbra's stays, and is named", async () => {
    using rig = keptBackups({ ...RETENTION, graceMs: 0 });
    const ids = await daily(rig, 8);
    const directory = join(rig.area, "hot", ids[0] ?? "");
    writeFileSync(join(directory, "notes.txt"), "mine");
    writeFileSync(join(directory, "data", "extra.dbf"), "mine");
    mkdirSync(join(directory, "logs", "sub"));
    const done = await applied(rig.world);
    expect(done.left.toSorted()).toEqual(["data", "logs", "notes.txt"].map((name) => join(directory, name)));
    expect(readdirSync(join(directory, "data"))).toEqual(["extra.dbf"]);
    expect(existsSync(join(directory, "manifest.json"))).toBe(false);
    expect(done.removed).toEqual([ids[0]]);
  });

  test.each([
    ["the marker of another run", (at: string) => writeFileSync(join(at, "umbra-run"), "other\n")],
    ["no marker", (at: string) => rmSync(join(at, "umbra-run"))],
    [
      "a manifest that is not the catalog's",
      (at: string) => {
        const path = join(at, "manifest.json");
        writeFileSync(path, `${readFileSync(path, "utf8")} `);
      },
    ],
  ])("a directory with %s is left alone, and told as a problem", async (_, change) => {
    using rig = keptBackups({ ...RETENTION, graceMs: 0 });
    const ids = await daily(rig, 8);
    change(join(rig.area, "hot", ids[0] ?? ""));
    const done = await applied(rig.world);
    expect(done).toMatchObject({ removed: [], problems: [{ object: ids[0] }] });
    expect(done.problems[0]?.problem).toContain("not proved");
    expect(existsSync(join(rig.area, "hot", ids[0] ?? "", "data", "1_1_f.dbf"))).toBe(true);
    const [last] = await rig.world.state.journal.runs();
    expect(last).toMatchObject({ kind: "retention", outcome: "failed" });
    expect(rig.events).toMatchObject([{ kind: "warning" }]);
  });

  test("a manifest that leads out of its directory removes nothing there", async () => {
    using rig = keptBackups({ ...RETENTION, graceMs: 0 });
    const ids = await daily(rig, 8);
    const [entry] = (await rig.world.state.catalog.list()).filter(({ id }) => id === ids[0]);
    if (entry === undefined) throw new Error("no backup");
    const path = join(entry.directory, "manifest.json");
    const text = readFileSync(path, "utf8").replace("logs/1_10.arc", "../1_10.arc");
    writeFileSync(path, text);
    await rig.world.state.catalog.add({ ...entry, manifestSha256: sha256(text) });
    writeFileSync(join(rig.area, "hot", "1_10.arc"), "mine");
    expect((await applied(rig.world)).removed).toEqual([]);
    expect(existsSync(join(rig.area, "hot", "1_10.arc"))).toBe(true);
  });

  test("while a backup is made nothing is decided", async () => {
    using rig = keptBackups();
    await daily(rig, 9);
    using _lock = rig.world.state.locks.take(rig.world.database.name, "other" as RunId, rig.clock.now);
    await expect(applyRetention(rig.world, { byPolicy: true })).rejects.toMatchObject({ code: "UMB-8001" });
    expect((await applied(rig.world, { byPolicy: true, alone: true })).marked).toHaveLength(2);
  });

  test("a backup in which another has copies stays as long as that one", async () => {
    using rig = keptBackups({
      ...RETENTION,
      graceMs: 0,
      policy: { ...RETENTION.policy, keep: { daily: 1 } },
    });
    const first = await rig.make({ kind: "cold", at: noon(1), from: 10, to: 10 });
    const middle = await rig.make({ kind: "cold", at: noon(2), from: 20, to: 20 });
    const last = await rig.make({ kind: "cold", at: noon(3), from: 30, to: 30, keptIn: first.id });
    rig.clock.now = noon(4);
    const { lines } = await planned(rig.world);
    expect(lines.map(({ object, stays }) => [object.id, stays])).toEqual([
      [first.id, true],
      [middle.id, false],
      [last.id, true],
    ]);
    expect(lines[0]?.why[0]).toContain(`backup ${last.id}`);
    await applied(rig.world);
    expect(there(rig, "cold")).toEqual([first.id, last.id]);
    await rig.make({ kind: "cold", at: noon(5), from: 50, to: 50 });
    await applied(rig.world);
    expect(there(rig, "cold")).toHaveLength(1);
  });

  test("a backup in which one that waits has copies waits for it, although its own time is over", async () => {
    using rig = keptBackups({ ...RETENTION, policy: { ...RETENTION.policy, keep: { daily: 1 } } });
    const first = await rig.make({ kind: "cold", at: noon(1), from: 10, to: 10 });
    await rig.make({ kind: "cold", at: noon(2), from: 20, to: 20 });
    rig.clock.now = noon(3);
    await applied(rig.world);
    const user = await rig.make({ kind: "cold", at: noon(3), from: 30, to: 30, keptIn: first.id });
    await rig.make({ kind: "cold", at: noon(4), from: 40, to: 40 });
    rig.clock.now = noon(4);
    expect((await applied(rig.world)).waiting.map(({ object }) => object)).toContain(user.id);
    rig.clock.now = instant(noon(5) + HOUR);
    await applied(rig.world);
    expect(there(rig, "cold")).toEqual(expect.arrayContaining([first.id, user.id]));
    rig.clock.now = instant(noon(7) + HOUR);
    expect((await applied(rig.world)).removed).toEqual(expect.arrayContaining([first.id, user.id]));
  });

  test("a storage that is not mounted makes no backup worthless", async () => {
    using rig = keptBackups({ ...RETENTION, graceMs: 0 });
    const ids = await daily(rig, 9);
    for (const id of ids.slice(0, 8)) rmSync(join(rig.area, "hot", id, "manifest.json"));
    const { lines } = await planned(rig.world);
    expect(lines.every(({ stays }) => stays)).toBe(true);
    expect(lines[0]?.why).toEqual(["it cannot be judged: its manifest cannot be read"]);
  });

  test("backups of some tablespaces compete with each other only", async () => {
    using rig = keptBackups({
      ...RETENTION,
      graceMs: 0,
      policy: { ...RETENTION.policy, keep: { daily: 2 } },
    });
    for (const day of [1, 2, 3]) {
      await rig.make({ at: noon(day), from: day * 100, to: day * 100 + 10, tablespaces: ["USERS"] });
      await rig.make({ at: instant(noon(day) + HOUR), from: day * 100 + 50, to: day * 100 + 60 });
    }
    rig.clock.now = noon(4);
    expect((await planned(rig.world)).lines.map(({ stays }) => stays)).toEqual([
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  test("no protected point in time is given up, and the sentence says which", async () => {
    using rig = keptBackups({
      ...RETENTION,
      graceMs: 0,
      protectMs: 3 * DAY,
      policy: { ...RETENTION.policy, keep: { daily: 1 } },
    });
    await daily(rig, 6);
    const { lines, before, after, given } = await planned(rig.world);
    expect(lines.map(({ stays }) => stays)).toEqual([false, false, true, true, true, true]);
    expect(lines[2]?.why[0]).toMatch(/^without it SCN \d+ to \d+ could not be restored any more$/);
    expect(given).toEqual([{ incarnation: "7", from: 15n, to: 34n }]);
    expect([before[0]?.covered, after[0]?.covered]).toEqual([
      [{ from: 15n, to: 70n }],
      [{ from: 35n, to: 70n }],
    ]);
  });
});
