import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { expect, test } from "vitest";

import type { Heartbeat } from "../../../src/domain/heartbeat.ts";
import { instant } from "../../../src/domain/instant.ts";
import { formatScn, scn } from "../../../src/domain/scn.ts";
import { backupHot } from "../../../src/run/backup-hot.ts";
import { applyRetention } from "../../../src/run/retention-apply.ts";
import { planRetentionOf } from "../../../src/run/retention-plan.ts";
import { type RetentionGround, thinHeartbeats } from "../../../src/run/thin-heartbeats.ts";
import type { World } from "../../../src/run/world.ts";
import { type KeptBackups, keptBackups, RETENTION } from "../../rigs/kept-backups.ts";
import { liveLogs } from "../../rigs/live-logs.ts";
import { beats, DAY, dropped, without } from "../retention/beats.ts";

/** More than are read at once. */
const MANY = 12_000;

/** In one transaction: one for each heartbeat would be slow. */
function noted({ state, database }: World, history: readonly Heartbeat[]): void {
  using db = new DatabaseSync(state.path);
  const insert = db.prepare(
    "insert into heartbeat (database, incarnation, scn, at, sequences) values (?, ?, ?, ?, ?)",
  );
  db.exec("begin immediate");
  for (const { incarnation, scn: value, at, sequences } of history) {
    insert.run(database.name, incarnation, formatScn(value), at, JSON.stringify(sequences));
  }
  db.exec("commit");
}

function left({ state, database }: World, incarnation = "7"): readonly Heartbeat[] {
  return state.heartbeats.within(database.name, { incarnation, from: scn(0), to: scn(1n << 62n) }, 1e6);
}

/** What a retention looks at, of a database that was asked. */
async function groundOf(world: World): Promise<RetentionGround> {
  const planned = await planRetentionOf(world);
  if (!planned.ok) throw new Error(planned.refusals[0]?.seen);
  const { unreachable: _, ...report } = planned.report;
  return { report, ground: planned.ground };
}

/** Minutes from two hundred days ago on, and a backup that reaches some of them. */
async function old(rig: KeptBackups): Promise<readonly Heartbeat[]> {
  const { clock, world } = rig;
  const first = instant(clock.now - 200 * DAY);
  const history = beats(first, MANY).map((one) => ({ ...one, incarnation: "7" }));
  noted(world, history);
  await rig.make({ at: instant(clock.now - 196 * DAY), from: 50_000, to: 51_000 });
  return history;
}

const REACHED = [{ incarnation: "7", from: scn(50_005), to: scn(51_000) }];

test("of moments that nothing is restored to one heartbeat an hour stays, and each of those that something is", async () => {
  using rig = keptBackups();
  const { world, clock } = rig;
  const history = await old(rig);
  const gone = await thinHeartbeats(world, await groundOf(world));
  const stays = without(history, dropped(history, clock.now, REACHED));
  expect(left(world)).toEqual(stays);
  expect(gone).toBe(MANY - stays.length);
  expect(stays.length).toBeLessThan(MANY / 60 + 110);
  expect(await thinHeartbeats(world, await groundOf(world))).toBe(0);
});

test("a thinning that was interrupted is ended by the next one", async () => {
  using rig = keptBackups();
  const { world, clock } = rig;
  const history = await old(rig);
  const ground = await groundOf(world);
  const interrupted = { ...clock, ...world.clock, sleep: () => Promise.reject(new Error("interrupted")) };
  await expect(thinHeartbeats({ ...world, clock: interrupted }, ground)).rejects.toThrow("interrupted");
  const half = left(world).length;
  using again = rig.again();
  await thinHeartbeats(again, ground);
  expect(half).toBeLessThan(MANY);
  expect(left(again)).toEqual(without(history, dropped(history, clock.now, REACHED)));
  expect(left(again).length).toBeLessThan(half);
});

test("nothing goes while the database or a manifest cannot be read, nor where nothing was backed up", async () => {
  using rig = keptBackups();
  const { world } = rig;
  const { report, ground } = await groundOf(world);
  noted(
    world,
    beats(instant(rig.clock.now - 900 * DAY), 50).map((one) => ({ ...one, incarnation: "7" })),
  );
  expect(await thinHeartbeats(world, { report, ground })).toBe(0);
  const entry = await rig.make({ at: instant(rig.clock.now - DAY), from: 50_000, to: 51_000 });
  const asked = await groundOf(world);
  expect(await thinHeartbeats(world, { ...asked, report: { ...asked.report, unreachable: "down" } })).toBe(0);
  rmSync(join(entry.directory, "manifest.json"));
  expect(await thinHeartbeats(world, await groundOf(world))).toBe(0);
  expect(left(world)).toHaveLength(50);
});

test("a retention ends with it, and says how many went", async () => {
  await using live = await liveLogs({
    database: { totalBytes: 1_000_000, logBytes: 131_072 },
    config: { retention: RETENTION },
  });
  const { world } = live;
  expect(await backupHot(world, { parallel: 1 })).toMatchObject({ ok: true });
  const planned = await planRetentionOf(world);
  const incarnation = planned.ok ? planned.report.current : "";
  const history = beats(instant(world.clock.now() - 100 * DAY), 100, 60_000, 1).map((one) => {
    return { ...one, incarnation };
  });
  noted(world, history);
  const applied = await applyRetention(world, { byPolicy: true });
  const thinned = applied.ok ? applied.applied.thinned : 0;
  expect(thinned).toBeGreaterThan(90);
  const last = history.at(-1)?.at ?? 0;
  expect(left(world, incarnation).filter(({ at }) => at <= last)).toHaveLength(100 - thinned);
});
