import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { momentOf, scnAt } from "../../../src/coverage/scn-at.ts";
import type { Heartbeat } from "../../../src/domain/heartbeat.ts";
import { type Instant, instant, parseUtc } from "../../../src/domain/instant.ts";
import { scn } from "../../../src/domain/scn.ts";

const MINUTE = 60_000;
const beat = (at: Instant | number, value: number): Heartbeat => ({
  at: instant(at),
  scn: scn(value),
  incarnation: "1",
  sequences: { 1: 7 },
});
const utc = (text: string): Instant => parseUtc(text) ?? instant(0);

describe("the SCN at a moment", () => {
  test("whatever the clock does, the SCN that was current at a moment is among the choices", () => {
    const steps = fc.array(
      fc.record({
        ms: fc.integer({ min: -90 * MINUTE, max: 5 * MINUTE }),
        scns: fc.integer({ min: 1, max: 50 }),
      }),
      { minLength: 2, maxLength: 30 },
    );
    fc.assert(
      fc.property(steps, fc.nat(), (history, pick) => {
        let now = { at: 100 * MINUTE * 60, scn: 100 };
        const beats = history.map(({ ms, scns }) => {
          now = { at: now.at + ms, scn: now.scn + scns };
          return beat(now.at, now.scn);
        });
        const chosen = beats[pick % beats.length];
        if (chosen === undefined) return;
        const found = scnAt(beats, "1", chosen.at);
        const choices =
          found.kind === "found" ? [found.scns] : found.kind === "ambiguous" ? found.choices : [];
        expect(choices.some((one) => one.from <= chosen.scn && chosen.scn <= one.to)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("a clock set back by an hour makes the hour ambiguous, and both passages are offered", () => {
    const beats = [
      beat(utc("2026-10-25T00:30:00Z"), 100),
      beat(utc("2026-10-25T00:59:00Z"), 200),
      beat(utc("2026-10-25T00:00:00Z"), 210),
      beat(utc("2026-10-25T00:40:00Z"), 300),
    ];
    expect(scnAt(beats, "1", utc("2026-10-25T00:35:00Z"))).toEqual({
      kind: "ambiguous",
      choices: [
        { from: 100n, to: 200n },
        { from: 210n, to: 300n },
      ],
    });
  });

  test("the leap day is a day like any other", () => {
    const beats = [beat(utc("2028-02-28T23:59:30Z"), 1), beat(utc("2028-02-29T00:00:30Z"), 9)];
    expect(scnAt(beats, "1", utc("2028-02-29T00:00:00Z"))).toEqual({
      kind: "found",
      scns: { from: 1n, to: 9n },
    });
  });

  test("before the first heartbeat and after the last nothing is guessed", () => {
    const beats = [beat(1_000, 5), beat(2_000, 8)];
    expect(scnAt(beats, "1", instant(999)).kind).toBe("before-first");
    expect(scnAt(beats, "1", instant(2_001)).kind).toBe("after-last");
    expect(scnAt(beats, "another", instant(1_500)).kind).toBe("unknown");
  });

  test("the moment of an SCN lies between the heartbeats around it", () => {
    const beats = [beat(1_000, 5), beat(2_000, 8)];
    expect(momentOf(beats, "1", scn(6))).toEqual({ notBefore: 1_000, notAfter: 2_000 });
    expect(momentOf(beats, "1", scn(9))).toEqual({ notBefore: 2_000 });
  });
});
