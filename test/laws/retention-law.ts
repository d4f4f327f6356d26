import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Chance } from "../../simulator/workload/chance.ts";
import type { RetentionConfig } from "../../src/domain/fleet.ts";
import { instant } from "../../src/domain/instant.ts";
import type { CatalogEntry } from "../../src/domain/journal.ts";
import type { ColdManifest } from "../../src/domain/manifest.ts";
import type { RunId } from "../../src/domain/names.ts";
import type { AppliedRetention } from "../../src/domain/retention-report.ts";
import { applyRetention } from "../../src/run/retention-apply.ts";
import { undoRetention } from "../../src/run/retention-undo.ts";
import type { World } from "../../src/run/world.ts";
import { Died, dyingWorld } from "../fakes/dying-world.ts";
import { DAY, HOUR, keptBackups, type KeptBackups } from "../rigs/kept-backups.ts";

/** What must never be removed, as it was right before a retention. */
export interface Precious {
  readonly good?: string;
  readonly proven?: string;
  readonly kept: readonly string[];
}

export interface RetentionTrial {
  /** Of each retention: what was precious before, and what lies there whole afterwards. */
  readonly precious: Precious;
  readonly whole: readonly string[];
  /** What the same retention did when it was applied once more. */
  readonly again: AppliedRetention;
  /** Backups of the catalog that do not lie there whole. */
  readonly broken: readonly string[];
}

const ACTIONS = 24;

/** Backups come, age, are damaged, proven, held and used; retentions are applied, undone and die. */
export async function retentionTrial(
  seed: number,
  judge: (trial: RetentionTrial) => void,
): Promise<{ readonly removed: number }> {
  const chance = new Chance(seed);
  using rig = keptBackups(anyConfig(chance));
  rig.clock.now = instant(Date.UTC(2026, 8, 1) + chance.between(0, 60 * 24) * HOUR);
  const { state, database } = rig.world;
  let scn = 100;
  let removed = 0;
  for (let action = 0; action < ACTIONS; action += 1) {
    // A clock may be set back by an hour.
    const step = chance.between(0, 9) === 0 ? -HOUR : chance.between(1, 40) * HOUR;
    rig.clock.now = instant(rig.clock.now + step);
    scn += 100;
    await happens(rig, chance, scn);
    if (chance.between(0, 3) === 0) await dies(rig, chance);
    if (chance.between(0, 2) > 0) continue;
    const precious = await preciousNow(rig.world);
    const done = await applied(rig.world);
    removed += done.removed.length;
    const again = await applied(rig.world);
    const entries = await state.catalog.list(database.name);
    const whole = entries.filter(isWhole).map(({ id }) => id);
    const broken = entries.filter((entry) => !isWhole(entry)).map(({ id }) => id);
    judge({ precious, whole, again, broken: [...broken, ...remains(rig)] });
    const [waiting] = done.waiting;
    if (waiting !== undefined && chance.between(0, 4) === 0) await undoRetention(rig.world, waiting.object);
  }
  return { removed };
}

function anyConfig(chance: Chance): RetentionConfig {
  const zone = chance.pick(["UTC", "Europe/Berlin", "Australia/Lord_Howe"]);
  const periods = { hourly: chance.between(0, 2), daily: chance.between(0, 4), weekly: chance.between(0, 2) };
  // Without periods only the minimum keeps anything.
  const keep = chance.between(0, 2) === 0 ? {} : periods;
  return {
    policy: { zone, keep, minimumGood: chance.between(1, 2), minimumProven: 1 },
    protectMs: chance.pick([0, 0, 2 * DAY]),
    graceMs: chance.pick([0, 0, 6 * HOUR, 2 * DAY]),
    afterRefresh: false,
  };
}

/** Half of the time another backup, else something that happens to one. */
async function happens(rig: KeptBackups, chance: Chance, scn: number): Promise<void> {
  const { state, database } = rig.world;
  const entries = await state.catalog.list(database.name);
  if (entries.length === 0 || chance.between(0, 1) === 0) return await anotherBackup(rig, chance, scn);
  await something(rig.world, chance, { object: chance.pick(entries).id, run: `run-${scn}` as RunId });
}

async function anotherBackup(rig: KeptBackups, chance: Chance, scn: number): Promise<void> {
  const { state, database } = rig.world;
  const entries = await state.catalog.list(database.name);
  // The copy lies in that backup itself, and not in yet another one.
  const cold = entries.filter(({ directory }) => existsSync(join(directory, "data", "2_1_f.dbf")));
  const isCold = chance.between(0, 1) === 0;
  const keptIn = isCold && chance.between(0, 1) === 0 ? cold[0]?.id : undefined;
  const backup = { at: rig.clock.now, from: scn, to: scn + 100, kind: isCold ? "cold" : "hot" } as const;
  await rig.make({ ...backup, ...(keptIn === undefined ? {} : { keptIn }) });
}

async function something(
  { state, database, clock }: World,
  chance: Chance,
  { object, run }: { readonly object: string; readonly run: RunId },
): Promise<void> {
  const at = clock.now();
  const on = { database: database.name, object };
  switch (chance.pick(["damaged", "proven", "held", "used", "left"] as const)) {
    case "damaged":
      return await state.catalog.verified(object, at, "damaged");
    case "proven":
      return await state.proofs.add({ ...on, run, at });
    case "held": {
      const expires = chance.between(0, 1) === 0 ? {} : { expiresAt: instant(at + DAY) };
      state.holds.add({ ...on, ...expires, id: `hold-${run}`, reason: "r", owner: "ann", addedAt: at });
      return;
    }
    case "used":
      state.leases.take({ ...on, id: `${run}/${object}`, user: "clone", run, takenAt: at });
      return;
    case "left":
      for (const { run: user } of state.leases.list(database.name)) state.leases.release(user);
  }
}

/** A retention that dies somewhere. */
async function dies({ world }: KeptBackups, chance: Chance): Promise<void> {
  const when = chance.pick(["before", "after"] as const);
  const dying = dyingWorld(world, { at: chance.between(1, 40), when });
  try {
    await applyRetention(dying.world, { byPolicy: true });
  } catch (error) {
    if (!(error instanceof Died)) throw error;
  }
}

async function applied(world: World): Promise<AppliedRetention> {
  const done = await applyRetention(world, { byPolicy: true });
  if (!done.ok) throw new Error(done.refusals[0]?.seen);
  return done.applied;
}

/** Told apart from the planner: by the catalog and the state alone. */
async function preciousNow({ state, database, clock }: World): Promise<Precious> {
  const now = clock.now();
  const going = new Set(
    state.tombstones.list(database.name).flatMap((one) => (one.removingAt === undefined ? [] : [one.object])),
  );
  const entries = (await state.catalog.list(database.name)).filter(({ id }) => !going.has(id));
  const good = entries.filter((entry) => entry.verdict !== "damaged" && isWhole(entry));
  const proofs = new Set((await state.proofs.list(database.name)).map(({ object }) => object));
  const here = new Set(entries.map(({ id }) => id));
  const holds = state.holds
    .list(database.name)
    .filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
  const kept = [...holds, ...state.leases.list(database.name)].map(({ object }) => object);
  const [newest] = good.toSorted(newestFirst);
  const [proven] = good.filter(({ id }) => proofs.has(id)).toSorted(newestFirst);
  return {
    ...(newest === undefined ? {} : { good: newest.id }),
    ...(proven === undefined ? {} : { proven: proven.id }),
    kept: kept.filter((object) => here.has(object)),
  };
}

/** As changes were made, whatever the clock said. */
function newestFirst(a: CatalogEntry, b: CatalogEntry): number {
  return Number(BigInt(b.minimumRecoveryScn) - BigInt(a.minimumRecoveryScn));
}

function isWhole({ directory, kind }: CatalogEntry): boolean {
  if (!existsSync(join(directory, "manifest.json"))) return false;
  const { kept = [] } = JSON.parse(
    readFileSync(join(directory, "manifest.json"), "utf8"),
  ) as Partial<ColdManifest>;
  const copies = kept.map((file) => join(directory, "..", "..", file.directory, file.name));
  const data = [join(directory, "data", "1_1_f.dbf"), ...copies].every((path) => existsSync(path));
  return data && (kind === "cold" || readdirSync(join(directory, "logs")).length === 1);
}

/** Directories without a manifest: what a removal left. */
function remains({ area }: KeptBackups): readonly string[] {
  return ["hot", "cold"].flatMap((kind) => {
    if (!existsSync(join(area, kind))) return [];
    const all = readdirSync(join(area, kind)).map((name) => join(area, kind, name));
    return all.filter((directory) => !existsSync(join(directory, "manifest.json")));
  });
}
