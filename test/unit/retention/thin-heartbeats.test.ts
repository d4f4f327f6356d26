import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { momentOf, type ScnAt, scnAt, type ScnsOfMoment } from "../../../src/coverage/scn-at.ts";
import type { Heartbeat } from "../../../src/domain/heartbeat.ts";
import { type Instant, instant } from "../../../src/domain/instant.ts";
import { scn } from "../../../src/domain/scn.ts";
import { ProtectedTargets } from "../../../src/retention/protected-targets.ts";
import { stretchesToThin, wholeDays } from "../../../src/retention/thin-heartbeats.ts";
import { ages, beat, beats, DAY, dropped, histories, HOUR, MINUTE, nowAt, utc, without } from "./beats.ts";

/** Every heartbeat's own moment, and what lies between and around them. */
function momentsOf(history: readonly Heartbeat[]): readonly Instant[] {
  return history.flatMap(({ at }) => [at, instant(at - 1), instant(at + 1), instant(at + 30_000)]);
}

function choicesOf(found: ScnAt): readonly ScnsOfMoment[] {
  if (found.kind === "found") return [found.scns];
  return found.kind === "ambiguous" ? found.choices : [];
}

/** Where thin answers are others than the full ones with wider bounds, or than those that touch something wanted. */
function problemsOf(
  full: readonly Heartbeat[],
  thin: readonly Heartbeat[],
  isWanted: (scns: ScnsOfMoment) => boolean = () => false,
): readonly string[] {
  const translated = momentsOf(full).flatMap((at) => {
    const [before, after] = [scnAt(full, "1", at), scnAt(thin, "1", at)];
    if (after.kind !== before.kind) return [`${at} is ${after.kind}, and was ${before.kind}`];
    const choices = choicesOf(after);
    const isSo = choicesOf(before).every((was, index) => {
      const is = choices[index];
      if (is === undefined) return false;
      return isWanted(was)
        ? is.from === was.from && is.to === was.to
        : is.from <= was.from && was.to <= is.to;
    });
    return isSo ? [] : [`the SCNs of ${at}`];
  });
  const told = full.flatMap(({ scn: value }) => {
    const [was, is] = [momentOf(full, "1", value), momentOf(thin, "1", value)];
    const isSame = is.notBefore === was.notBefore && is.notAfter === was.notAfter;
    const isWider =
      (is.notBefore ?? Infinity) <= (was.notBefore ?? 0) && (is.notAfter ?? 0) >= (was.notAfter ?? Infinity);
    return isSame || (isWider && !isWanted({ from: value, to: value })) ? [] : [`the moment of ${value}`];
  });
  return [...translated, ...told];
}

const windows = fc.array(fc.tuple(fc.nat(600), fc.nat(40)), { maxLength: 4 }).map((all) =>
  all.map(([from, length]) => {
    return { incarnation: "1", from: scn(100 + from), to: scn(100 + from + length) };
  }),
);

describe("heartbeats that are thinned", () => {
  test("never make a translation wrong, and what can be restored is told as before", () => {
    fc.assert(
      fc.property(histories, ages, windows, (history, age, wanted) => {
        const thin = without(history, dropped(history, nowAt(history, age), wanted));
        const touches = (one: ScnsOfMoment) =>
          wanted.some(({ from, to }) => one.from <= to && from <= one.to);
        expect(problemsOf(history, thin, touches)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("that are young all stay, so every young moment is told as before", () => {
    fc.assert(
      fc.property(histories, fc.nat(89), (history, pick) => {
        const now = instant((history[pick % history.length]?.at ?? 0) + 35 * DAY - 10_000);
        const thin = without(history, dropped(history, now));
        const young = momentsOf(history).filter((at) => now - at <= 35 * DAY);
        const answers = (beatsThere: readonly Heartbeat[]) => young.map((at) => scnAt(beatsThere, "1", at));
        expect(answers(thin)).toEqual(answers(history));
      }),
      { numRuns: 200 },
    );
  });

  test("are not thinned further by the same thinning", () => {
    fc.assert(
      fc.property(histories, ages, windows, (history, age, wanted) => {
        const now = nowAt(history, age);
        expect(dropped(without(history, dropped(history, now, wanted)), now, wanted)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("are honest too where the thinning died, and where later ones went on with less to restore", () => {
    fc.assert(
      fc.property(histories, windows, fc.nat(), (history, wanted, died) => {
        const first = dropped(history, nowAt(history, 40 * DAY), wanted);
        const left = without(history, first.slice(0, died % (first.length + 1)));
        expect(problemsOf(history, left)).toEqual([]);
        const later = without(left, dropped(left, nowAt(history, 1000 * DAY)));
        expect(problemsOf(history, later)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("never make less protected", () => {
    fc.assert(
      fc.property(histories, ages, fc.nat(89), (history, age, pick) => {
        const thin = without(history, dropped(history, nowAt(history, age)));
        const from = history[pick % history.length]?.at ?? instant(0);
        const protectedFrom = (moments: readonly Heartbeat[]) => {
          const incarnations = [{ id: "1", resetlogsScn: scn(1) }];
          const current = { incarnation: "1", scn: scn(10_000) };
          return new ProtectedTargets({ incarnations, current }, moments, from).from("1") ?? scn(-1);
        };
        expect(protectedFrom(thin) <= protectedFrom(history)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test("are no others when they are read in pages", () => {
    fc.assert(
      fc.property(histories, ages, fc.integer({ min: 5, max: 40 }), (history, age, most) => {
        const now = nowAt(history, age);
        const paged: Heartbeat[] = [];
        for (let rest = history; ;) {
          const read = rest.slice(0, most);
          const page = read.length < most ? read : wholeDays(read);
          paged.push(...dropped(page, now));
          if (read.length < most) break;
          rest = rest.slice(page.length - 1);
        }
        expect(dropped(history, now)).toEqual(expect.arrayContaining(paged));
      }),
      { numRuns: 200 },
    );
  });
});

describe("what stays of old heartbeats", () => {
  const hours = (history: readonly Heartbeat[]) =>
    history.map(({ at }) => new Date(at).toISOString().slice(0, 16));

  test("is one an hour, after two years one a day, and all of the last five weeks", () => {
    const now = utc("2029-01-01T00:00:00Z");
    const stays = (from: number, count: number) => {
      const history = beats(instant(now - from), count, 10 * MINUTE);
      return without(history, dropped(history, now)).length;
    };
    // The last of a stretch stays as well.
    expect(stays(100 * DAY, 6 * 24 * 10)).toBe(24 * 10 + 1);
    expect(stays(900 * DAY, 6 * 24 * 10)).toBe(10 + 1);
    expect(stays(30 * DAY, 6 * 24 * 10)).toBe(6 * 24 * 10);
  });

  test("of a day with a change of summer time is one for each of its hours in UTC", () => {
    const history = beats(utc("2026-10-25T00:00:00Z"), 6 * 4 + 1, 10 * MINUTE);
    const stays = without(history, dropped(history, utc("2027-06-01T00:00:00Z")));
    expect(hours(stays)).toEqual(["00", "01", "02", "03", "04"].map((hour) => `2026-10-25T${hour}:00`));
  });

  test("of a clock that was set back by an hour is both passages", () => {
    const first = beats(utc("2026-10-25T00:10:00Z"), 50, MINUTE, 1000);
    const second = beats(utc("2026-10-25T00:00:00Z"), 120, MINUTE, 2000);
    const history = [...first, ...second];
    const thin = without(history, dropped(history, utc("2029-06-01T00:00:00Z")));
    expect(hours(thin)).toEqual([
      "2026-10-25T00:10",
      "2026-10-25T00:59",
      "2026-10-25T00:00",
      "2026-10-25T01:59",
    ]);
    const at = utc("2026-10-25T00:35:30Z");
    expect(scnAt(history, "1", at)).toMatchObject({ kind: "ambiguous" });
    expect(scnAt(thin, "1", at)).toEqual({
      kind: "ambiguous",
      choices: [
        { from: 1000n, to: 1490n },
        { from: 2000n, to: 3190n },
      ],
    });
  });

  test("of a leap day is a heartbeat of its own", () => {
    const history = beats(utc("2028-02-28T00:00:00Z"), 24 * 3, HOUR);
    const thin = without(history, dropped(history, utc("2031-01-01T00:00:00Z")));
    expect(hours(thin)).toEqual([
      "2028-02-28T00:00",
      "2028-02-29T00:00",
      "2028-03-01T00:00",
      "2028-03-01T23:00",
    ]);
  });

  test("are both ends of a gap, of a change of threads and of an incarnation", () => {
    const from = utc("2026-03-01T00:01:00Z");
    const at = (minutes: number) => from + minutes * MINUTE;
    const history = [
      beat(at(0), 1),
      beat(at(10), 2),
      beat(at(20), 3),
      beat(at(20) + 3 * HOUR, 4),
      beat(at(30) + 3 * HOUR, 5),
      beat(at(34) + 3 * HOUR, 6),
      beat(at(35) + 3 * HOUR, 7, 2),
      beat(at(36) + 3 * HOUR, 8, 2),
      beat(at(37) + 3 * HOUR, 9, 2),
      beat(at(38) + 3 * HOUR, 7, 2, "2"),
      beat(at(39) + 3 * HOUR, 8, 2, "2"),
      beat(at(40) + 3 * HOUR, 9, 2, "2"),
    ];
    const gone = dropped(history, utc("2026-08-01T00:00:00Z"));
    expect(gone.map((one) => `${one.incarnation}/${one.scn}`)).toEqual(["1/2", "1/5", "1/8", "2/8"]);
  });
});

test("what could be restored if a log were fetched is not thinned; what nobody has is", () => {
  const [missing, found] = [
    { kind: "log-missing", source: "s", log: { incarnation: "1", thread: 1, fromScn: scn(100) } } as const,
    { foundIn: ["/arch"] },
  ];
  const holes = [
    { from: scn(101), to: scn(200), reason: missing },
    { from: scn(301), to: scn(400), reason: { ...missing, ...found } },
  ];
  const covered = [
    { from: scn(50), to: scn(100) },
    { from: scn(201), to: scn(300) },
  ];
  const own = { incarnation: "1", from: scn(150), to: scn(160) };
  const all = stretchesToThin(
    [{ incarnation: "1", covered, holes, ways: [] }],
    [own, { ...own, incarnation: "2" }],
  );
  expect(all.map(({ from, to }) => [from, to])).toEqual([
    [0n, 49n],
    [101n, 149n],
    [161n, 200n],
    [401n, (1n << 64n) - 1n],
  ]);
});
