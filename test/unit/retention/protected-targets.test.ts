import { describe, expect, test } from "vitest";

import type { CoverageInput } from "../../../src/domain/coverage.ts";
import { instant } from "../../../src/domain/instant.ts";
import { scn } from "../../../src/domain/scn.ts";
import { onlyThese } from "../../../src/retention/only-these.ts";
import { type KnownMoment, ProtectedTargets } from "../../../src/retention/protected-targets.ts";

const HOUR = 3_600_000;
const moment = (value: number, hour: number, incarnation = "a"): KnownMoment => ({
  incarnation,
  scn: scn(value),
  at: instant(hour * HOUR),
});

/** One thread; a source at each of the SCNs, with one log of a hundred SCNs from each of `logs` on. */
function input(sources: readonly number[], logs: readonly number[], incarnation = "a"): CoverageInput {
  return {
    incarnations: [{ id: incarnation, resetlogsScn: scn(1) }],
    threads: [{ thread: 1, incarnation }],
    sources: sources.map((at) => {
      const file = { file: 1, creationScn: scn(1), checkpointScn: scn(at), usableFrom: scn(at) };
      return { id: `b${at}`, incarnation, files: [file] };
    }),
    logs: logs.map((from, index) => {
      const log = {
        incarnation,
        thread: 1,
        sequence: index + 1,
        firstScn: scn(from),
        nextScn: scn(from + 100),
      };
      return { ...log, places: [`b${from}`, "live"] };
    }),
    current: { incarnation, scn: scn(10_000) },
  };
}

const both = input([100, 300], [100, 200, 300]);

describe("targets that are protected", () => {
  const targets = (moments: readonly KnownMoment[], hour: number) =>
    new ProtectedTargets(both, moments, instant(hour * HOUR)).in(both);

  test("begin at the last SCN that is known to be old enough", () => {
    expect(targets([moment(150, 1), moment(250, 2), moment(350, 3)], 2)).toEqual([{ from: 250n, to: 400n }]);
  });

  test("are found among the heartbeats of many months", () => {
    const minutes = Array.from({ length: 200_000 }, (_, index) => moment(index, index / 60));
    expect(targets(minutes, 5)).toEqual([{ from: 300n, to: 400n }]);
  });

  test("are all of them where nothing tells their age", () => {
    expect(targets([], 2)).toEqual([{ from: 100n, to: 400n }]);
    expect(targets([moment(250, 5)], 2)).toEqual([{ from: 100n, to: 400n }]);
  });

  test("are not fewer after a clock was set back by an hour", () => {
    const setBack = [moment(150, 1), moment(200, 3), moment(250, 2), moment(350, 4)];
    expect(targets(setBack, 2)).toEqual([{ from: 150n, to: 400n }]);
  });

  test("of an incarnation that was left before count no more; one left since then does", () => {
    const left: CoverageInput = {
      ...both,
      incarnations: [...both.incarnations, { id: "b", resetlogsScn: scn(400), parent: "a" }],
      current: { incarnation: "b", scn: scn(10_000) },
    };
    const of = (hour: number) =>
      new ProtectedTargets(left, [moment(390, 1), moment(500, 2, "b")], instant(hour * HOUR)).in(left);
    expect(of(3)).toEqual([]);
    expect(of(1)[0]).toEqual({ from: 390n, to: 400n });
  });

  test("are told by their SCNs, with their incarnation where there are several", () => {
    const targetsOf = (incarnations: CoverageInput["incarnations"]) =>
      new ProtectedTargets({ ...both, incarnations }, [], instant(0));
    expect(targetsOf(both.incarnations).text({ from: scn(5), to: scn(7) })).toBe("SCN 5 to 7");
    const two = targetsOf([{ id: "old", resetlogsScn: scn(1) }, ...both.incarnations]);
    const axis = 1n << 64n;
    expect(two.text({ from: scn(axis + 5n), to: scn(axis + 7n) })).toBe("SCN 5 to 7 of incarnation a");
  });
});

describe("with only some backups", () => {
  test("redo that also lies in the live area stays, and what lay in others is gone", () => {
    const only = onlyThese({ ...both, logs: both.logs.slice(0, 2) }, (id) => id !== "b300" && id !== "live");
    expect(only.sources.map(({ id }) => id)).toEqual(["b100"]);
    expect(only.logs.map(({ places }) => places)).toEqual([["b100"], ["b200"]]);
  });

  test("one whose copies lie in another is no source without that other", () => {
    const needs = new Map([["b300", ["b100"]]]);
    const [only] = onlyThese(both, (id) => id !== "b100", needs).sources;
    expect(only).toMatchObject({ id: "b300", unusable: "its copies in b100 are gone" });
    expect(onlyThese(both, () => true, needs).sources.every((one) => one.unusable === undefined)).toBe(true);
  });
});
