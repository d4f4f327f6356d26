import { DatabaseSync } from "node:sqlite";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { momentOf } from "../../../src/coverage/scn-at.ts";
import type { Heartbeat } from "../../../src/domain/heartbeat.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { DatabaseName } from "../../../src/domain/names.ts";
import { scn } from "../../../src/domain/scn.ts";
import { type KnownMoment, ProtectedTargets } from "../../../src/retention/protected-targets.ts";
import { createHeartbeats, type Heartbeats } from "../../../src/state/heartbeats.ts";
import { migrate } from "../../../src/state/migrations.ts";
import { beat, histories, MINUTE } from "../retention/beats.ts";

const NAME = "PROD1" as DatabaseName;
const ALL = { incarnation: "1", from: scn(0), to: scn(1n << 63n) };

/** A state in memory with these. */
function kept(history: readonly Heartbeat[]): Heartbeats & Disposable {
  const db = new DatabaseSync(":memory:");
  migrate(db, "memory");
  const heartbeats = createHeartbeats(db, "memory");
  for (const one of history) heartbeats.add(NAME, one);
  return { ...heartbeats, [Symbol.dispose]: () => db.close() };
}

const left = histories.map((history) => history.map((one) => ({ ...one, incarnation: "2" })));
const ends = fc.array(fc.tuple(fc.nat(400), fc.nat(200), fc.constantFrom("1", "2")), { maxLength: 5 });

describe("heartbeats in the state", () => {
  test("near an SCN tell its moment as all of them would", () => {
    fc.assert(
      fc.property(histories, left, fc.nat(500), fc.nat(500), (one, other, a, b) => {
        const all = [...one, ...other];
        using heartbeats = kept(all);
        const asked = [a, b].map((value) => ({ incarnation: "1", scn: scn(value) }));
        const near = heartbeats.around(NAME, asked);
        expect(near.length).toBeLessThanOrEqual(4);
        for (const { scn: value } of asked) {
          expect(momentOf(near, "1", value)).toEqual(momentOf(all, "1", value));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("about a moment tell what is younger as all of them would, also among the ends of backups", () => {
    fc.assert(
      fc.property(histories, left, ends, fc.nat(179), (one, other, of, pick) => {
        const all = [...one, ...other];
        using heartbeats = kept(all);
        const from = all[pick % all.length]?.at ?? instant(0);
        const backups = of.map(([value, minutes, incarnation]): KnownMoment => {
          return { incarnation, scn: scn(value), at: instant(from + (minutes - 100) * MINUTE) };
        });
        const few = [...heartbeats.about(NAME, from), ...heartbeats.around(NAME, backups), ...backups];
        const incarnations = ["1", "2"].map((id) => ({ id, resetlogsScn: scn(1) }));
        const current = { incarnation: "1", scn: scn(10_000) };
        const since = (moments: readonly KnownMoment[]) => {
          const targets = new ProtectedTargets({ incarnations, current }, moments, from);
          return [targets.from("1"), targets.from("2")];
        };
        expect(since(few)).toEqual(since([...all, ...backups]));
      }),
      { numRuns: 100 },
    );
  });

  test("are read by SCN, not by its text, and each SCN of an incarnation once", () => {
    using heartbeats = kept([beat(1, 9), beat(2, 10), beat(3, 100), beat(4, 100), beat(5, 11)]);
    const told = (most: number) => heartbeats.within(NAME, ALL, most).map((one) => [one.at, one.scn]);
    expect(told(9)).toEqual([
      [1, 9n],
      [2, 10n],
      [5, 11n],
      [3, 100n],
    ]);
    expect(told(2)).toHaveLength(2);
    expect(heartbeats.within(NAME, { ...ALL, from: scn(10), to: scn(11) }, 9)).toHaveLength(2);
    expect(heartbeats.within(NAME, { ...ALL, incarnation: "2" }, 9)).toEqual([]);
    expect(heartbeats.within("OTHER" as DatabaseName, ALL, 9)).toEqual([]);
  });

  test("that are dropped are those of this database and incarnation, and may be gone already", () => {
    using heartbeats = kept([beat(1, 9), beat(2, 10), beat(1, 9, 1, "2")]);
    heartbeats.add("OTHER" as DatabaseName, beat(1, 9));
    heartbeats.drop(NAME, [beat(1, 9)]);
    heartbeats.drop(NAME, [beat(1, 9), beat(7, 77)]);
    expect(heartbeats.within(NAME, ALL, 9).map((one) => one.scn)).toEqual([10n]);
    expect(heartbeats.within(NAME, { ...ALL, incarnation: "2" }, 9)).toHaveLength(1);
    expect(heartbeats.within("OTHER" as DatabaseName, ALL, 9)).toHaveLength(1);
  });
});
