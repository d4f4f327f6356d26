import { createHash } from "node:crypto";

import type { RetentionConfig } from "../domain/fleet.ts";
import { type Instant, instant } from "../domain/instant.ts";
import { liveId } from "../domain/journal.ts";
import type { DatabaseName } from "../domain/names.ts";
import type { RetentionLine, RetentionReport } from "../domain/retention-report.ts";
import type { RetentionVerdict } from "../domain/retention.ts";
import type { Refusal } from "../domain/refusal.ts";
import { scn } from "../domain/scn.ts";
import { coverageChange } from "../retention/coverage-change.ts";
import { onlyThese } from "../retention/only-these.ts";
import { periodNames } from "../retention/period-name.ts";
import { planRetention, type RetentionInput } from "../retention/plan-retention.ts";
import { ProtectedTargets } from "../retention/protected-targets.ts";
import { type CoverageGround, coverageGround } from "./coverage.ts";
import { knownMoments } from "./known-moments.ts";
import { keepersOf, lastOfItsKind } from "./reasons-against.ts";
import { type KeptObject, needsOf, retentionObjects, seeSnapshots } from "./retention-objects.ts";
import type { World } from "./world.ts";

/** As in the configuration. */
export const DEFAULT_GRACE_MS = 2 * 86_400_000;

export type RetentionPlanned =
  | { readonly ok: true; readonly report: RetentionReport; readonly ground: CoverageGround }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** Where nobody says what stays, everything does, but for what a person decided. */
const KEEP_ALL: RetentionConfig = {
  policy: { zone: "UTC", keep: {}, keepWithinMs: Number.MAX_SAFE_INTEGER, minimumGood: 1, minimumProven: 1 },
  protectMs: 0,
  graceMs: DEFAULT_GRACE_MS,
  afterRefresh: false,
};

/**
 * What the present policy keeps of the backups and snapshots in the catalog, and what it gives up. Changes nothing.
 * Refused with UMB-3161 where the configuration does not say what stays, unless `withoutPolicy`: then everything does, but
 * for what a person decided. Errors: as `coverageReport`.
 */
export async function planRetentionOf(
  world: World,
  { withoutPolicy = false }: { readonly withoutPolicy?: boolean } = {},
): Promise<RetentionPlanned> {
  const { database, state } = world;
  const retention = database.retention ?? (withoutPolicy ? KEEP_ALL : undefined);
  if (retention === undefined) return { ok: false, refusals: [noPolicy(database.name)] };
  // Before the manifests are read: this shows the snapshots.
  const snapshots = await seeSnapshots(world);
  const tombstones = state.tombstones.list(database.name);
  const removing = tombstones.filter(({ removingAt }) => removingAt !== undefined);
  const isLeft = (id: string) => removing.every(({ object }) => object !== id);
  const ground = await groundOf(world, isLeft);
  const objects = (await retentionObjects(world, ground, snapshots)).filter(({ id }) => isLeft(id));
  const byPerson = new Set(
    tombstones.filter((one) => one.decidedBy === "person").map(({ object }) => object),
  );
  const judged = objects.filter(({ id }) => !byPerson.has(id));
  const since = protectedSince(judged, world.clock.now(), retention.protectMs);
  const moments = await knownMoments(world, ground.input.incarnations, since);
  const targets = new ProtectedTargets(ground.input, moments, since);
  const verdicts = [
    ...verdictsOf(judged, { world, ground, targets, retention }),
    ...verdictsOnPersons(objects, byPerson),
  ];
  const needs = needsOf(ground);
  const lines = objects
    .toSorted((a, b) => a.takenAt - b.takenAt || (a.id < b.id ? -1 : 1))
    .map((one): RetentionLine => {
      const { stays = true, why = [] } = verdicts.find(({ id }) => id === one.id) ?? {};
      const tombstone = tombstones.find(({ object }) => object === one.id);
      const line = { object: one.entry, takenAt: one.takenAt, stays, why, needs: needs.get(one.id) ?? [] };
      return tombstone === undefined ? line : { ...line, tombstone };
    });
  const { unreachable, input } = ground;
  const going = new Set(lines.filter(({ stays }) => !stays).map(({ object }) => object.id));
  return {
    ok: true,
    ground,
    report: {
      id: planId(objects, verdicts, retention),
      database: database.name,
      at: world.clock.now(),
      config: retention,
      lines,
      removing,
      ...coverageChange(
        input,
        onlyThese(input, (id) => !going.has(id), needs),
      ),
      ...(unreachable === undefined ? {} : { unreachable }),
    },
  };
}

export function noPolicy(name: DatabaseName): Refusal {
  const seen = `the configuration does not say what stays of ${name}`;
  return { code: "UMB-3161", seen, todo: "write `retention` into it" };
}

/** What is being removed counts no more. */
async function groundOf(world: World, isLeft: (id: string) => boolean): Promise<CoverageGround> {
  const ground = await coverageGround(world);
  return { ...ground, input: onlyThese(ground.input, isLeft, needsOf(ground)) };
}

/** A person may decide against a policy, but not against a hold, a user, or the last that is good or proven. */
function verdictsOnPersons(
  objects: readonly KeptObject[],
  byPerson: ReadonlySet<string>,
): readonly RetentionVerdict[] {
  const others = objects.filter(({ id }) => !byPerson.has(id));
  return objects
    .filter(({ id }) => byPerson.has(id))
    .map((one): RetentionVerdict => {
      const why = [...keepersOf(one), ...lastOfItsKind(one, others)];
      return why.length > 0
        ? { id: one.id, stays: true, why }
        : { id: one.id, stays: false, why: ["somebody deleted it"] };
    });
}

interface Deciding {
  readonly world: World;
  readonly ground: CoverageGround;
  readonly targets: ProtectedTargets;
  readonly retention: RetentionConfig;
}

/**
 * Backups of the whole database compete with each other, and those of the same tablespaces with each other. What a backup
 * that stays has copies in (rule 30) stays with it.
 */
function verdictsOf(objects: readonly KeptObject[], deciding: Deciding): readonly RetentionVerdict[] {
  const needs = needsOf(deciding.ground);
  const pinned = new Map<string, readonly string[]>();
  for (;;) {
    const verdicts = decided(
      objects.map((one) => ({ ...one, usedBy: [...one.usedBy, ...(pinned.get(one.id) ?? [])] })),
      deciding,
    );
    const staying = verdicts.filter(({ stays }) => stays);
    const missing = verdicts
      .filter(({ id, stays }) => !stays && staying.some((one) => needs.get(one.id)?.includes(id) === true))
      .map(({ id }) => id);
    if (missing.length === 0) return verdicts;
    for (const id of missing) {
      const users = staying.filter((one) => needs.get(one.id)?.includes(id) === true);
      pinned.set(
        id,
        users.map((one) => `backup ${one.id}, which has no copies of its own of some files,`),
      );
    }
  }
}

function decided(objects: readonly KeptObject[], deciding: Deciding): readonly RetentionVerdict[] {
  const { world, ground, targets, retention } = deciding;
  const live = liveId(world.database.name);
  const needs = needsOf(ground);
  const kept = new Set(objects.map(({ id }) => id));
  const groups = Map.groupBy(objects, ({ entry }) => entry.onlyTablespaces?.join() ?? "");
  // Those of the whole database last: redo that only a smaller backup holds counts as long as that one stays.
  const inOrder = [...groups].toSorted(([a], [b]) => (a > b ? -1 : 1)).map(([, group]) => group);
  return inOrder.flatMap((group) => {
    const own = new Set(group.map(({ id }) => id));
    const others = new Set([...kept].filter((id) => !own.has(id)));
    const input: RetentionInput = {
      policy: retention.policy,
      objects: group,
      now: world.clock.now(),
      periodName: periodNames(retention.policy.zone),
      coveredBy: (ids) =>
        targets.in(onlyThese(ground.input, (id) => id === live || ids.has(id) || others.has(id), needs)),
      protectedFrom: scn(0),
      targetsText: (lost) => targets.text(lost),
    };
    const { verdicts } = planRetention(input);
    for (const { id, stays } of verdicts) if (!stays) kept.delete(id);
    return verdicts;
  });
}

/** Measured from the newest good object: where backups stop, nothing gets older. */
export function protectedSince(
  objects: readonly Pick<KeptObject, "good" | "takenAt">[],
  now: Instant,
  protectMs: number,
): Instant {
  const newest = Math.max(...objects.filter(({ good }) => good).map((one) => one.takenAt));
  return instant((Number.isFinite(newest) ? Math.min(now, newest) : now) - protectMs);
}

/** Twelve digits: nobody forges it, and it is typed by hand. */
function planId(
  objects: readonly KeptObject[],
  verdicts: readonly RetentionVerdict[],
  retention: RetentionConfig,
): string {
  const said = objects
    .map(({ id, takenAt, good, proven, holds, usedBy, entry }) => {
      const stays = verdicts.find((one) => one.id === id)?.stays ?? true;
      const held = holds.map((hold) => hold.id).toSorted();
      return { id, takenAt, good, proven, held, usedBy, stays, manifest: entry.manifestSha256 };
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([said, retention]))
    .digest("hex")
    .slice(0, 12);
}
