import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { formatStamp, type Instant, instant, parseUtc } from "../../../src/domain/instant.ts";
import type { DatabaseName, RunId } from "../../../src/domain/names.ts";
import {
  formatSnapshotName,
  formatTag,
  inOrderOfCreation,
  parseSnapshotName,
  parseTag,
  type Snapshot,
  type SnapshotName,
  type VolumeId,
} from "../../../src/domain/snapshot.ts";

/** Whole seconds from 1970 to 9999. */
const seconds = fc.integer({ min: 0, max: 253_402_300_799 }).map((second) => instant(second * 1000));
const ends = fc.stringMatching(/^[a-z]{2,8}-[0-9a-f]{6}$/);
const runAt = (at: Instant, end: string): RunId => `${formatStamp(at)}-${end}` as RunId;
const labels = fc.option(fc.stringMatching(/^[a-z0-9]{1,8}$/), { nil: undefined });
const run = "20261121T151600Z-refresh-4f2a91" as RunId;

const nameAt = (utc: string): string => {
  const at = parseUtc(utc);
  if (at === undefined) throw new Error(`${utc} is no moment`);
  return formatSnapshotName({ run: runAt(at, "refresh-4f2a91") });
};

describe("names of snapshots", () => {
  test("a name says its moment and its run, and is read back", () => {
    fc.assert(
      fc.property(seconds, ends, labels, (at, end, label) => {
        const parts = { at, run: runAt(at, end), ...(label === undefined ? {} : { label }) };
        const name = formatSnapshotName(parts);
        expect(parseSnapshotName(name)).toEqual(parts);
        expect(name).toMatch(/^[A-Za-z0-9._-]{1,64}$/);
      }),
    );
  });

  test("an older name, with the time of its plan before the run, is read as it was meant", () => {
    fc.assert(
      fc.property(seconds, seconds, ends, labels, (at, began, end, label) => {
        const parts = { at, run: runAt(began, end), ...(label === undefined ? {} : { label }) };
        const name = `umbra-${formatStamp(at)}-${parts.run}${label === undefined ? "" : `.${label}`}`;
        expect(parseSnapshotName(name)).toEqual(parts);
      }),
    );
  });

  test("names sort by time, in every year", () => {
    fc.assert(
      fc.property(seconds, seconds, ends, (a, b, end) => {
        const [one, other] = [a, b].map((at) => formatSnapshotName({ run: runAt(at, end) }));
        if (one === undefined || other === undefined) throw new Error("two names");
        expect(Math.sign(a - b)).toBe(one < other ? -1 : one > other ? 1 : 0);
      }),
    );
  });

  test("two runs never make the same name, even with the clock set back to the same second", () => {
    fc.assert(
      fc.property(seconds, ends, ends, labels, labels, (at, one, other, a, b) => {
        fc.pre(one !== other);
        const first = formatSnapshotName({ run: runAt(at, one), ...(a === undefined ? {} : { label: a }) });
        const second = { run: runAt(at, other), ...(b === undefined ? {} : { label: b }) };
        expect(formatSnapshotName(second)).not.toBe(first);
      }),
    );
  });

  test("the hour that a clock runs through twice has two names: UTC knows no summer", () => {
    // 02:30 in Berlin, before and after the clock was set back on 2026-10-25.
    expect(nameAt("2026-10-25T00:30:00Z")).toBe("umbra-20261025T003000Z-refresh-4f2a91");
    expect(nameAt("2026-10-25T01:30:00Z")).toBe("umbra-20261025T013000Z-refresh-4f2a91");
  });

  test("a leap day is a day, and the 29th of February of other years is nobody's", () => {
    expect(parseSnapshotName(nameAt("2028-02-29T23:59:59Z"))?.at).toBe(parseUtc("2028-02-29T23:59:59Z"));
    expect(parseSnapshotName("umbra-20270229T000000Z-refresh-4f2a91")).toBeUndefined();
    expect(parseSnapshotName(`umbra-20270229T000000Z-${run}`)).toBeUndefined();
  });

  test.each([
    "",
    "daily",
    "umbra-",
    `umbra-20261121T151600-${run}`,
    `umbra-20261321T151600Z-${run}`,
    `umbra-20261121T251600Z-${run}`,
    "umbra-20261121T151600Z-",
    `umbra-picture-${run}`,
    `umbra-changes-${run}.1`,
    `umbra-${run.replace("Z", "")}`,
    `umbra-${run.replace("1121", "1321")}`,
    `umbra-20261121T151600Z-${run}.`,
    `umbra-20261121T151600Z-${run}.Before`,
    `umbra-20261121T151600Z-${run}/..`,
    ` umbra-20261121T151600Z-${run}`,
    `umbra-20261121T151600Z-${run}\n`,
  ])("somebody else's name is not read as umbra's: %j", (text) => {
    expect(parseSnapshotName(text)).toBeUndefined();
  });

  test("no text whatever is read as a name that umbra would not write", () => {
    fc.assert(
      fc.property(fc.string(), seconds, ends, (noise, at, end) => {
        const text = formatSnapshotName({ run: runAt(at, end) }) + noise;
        const parts = parseSnapshotName(text);
        expect(parts === undefined ? text : formatSnapshotName(parts)).toBe(text);
      }),
    );
  });
});

describe("tags", () => {
  const anything = fc.string({ unit: "binary" });

  test("whatever the names, a tag is one line without a tab and is read back", () => {
    fc.assert(
      fc.property(anything, anything, anything, (agent, database, ofRun) => {
        const tag = { agent, database: database as DatabaseName, run: ofRun as RunId };
        expect(formatTag(tag)).not.toMatch(/[\n\t\0]/);
        expect(parseTag(formatTag(tag))).toEqual(tag);
      }),
    );
  });

  test.each(["", "-", "null", "[]", "{}", '{"umbra":1}', '{"umbra":2,"agent":"a","database":"b","run":"c"}'])(
    "a text that is no tag is not taken for one: %s",
    (text) => {
      expect(parseTag(text)).toBeUndefined();
    },
  );
});

describe("order of snapshots", () => {
  const made = (name: string, createdAt: number, sequence?: bigint): Snapshot => ({
    volume: "tank/a" as VolumeId,
    name: name as SnapshotName,
    id: name,
    createdAt: instant(createdAt),
    heldBy: [],
    ...(sequence === undefined ? {} : { sequence }),
  });

  test("the storage's sequence decides, though the clock was set back by an hour", () => {
    const sorted = inOrderOfCreation([
      made("late", 0, 3n),
      made("early", 3_600_000, 2n),
      made("first", 7, 1n),
    ]);
    expect(sorted.map(({ name }) => name)).toEqual(["first", "early", "late"]);
  });

  test("without a sequence its time decides, and the name between equals", () => {
    const sorted = inOrderOfCreation([made("c", 1000), made("a", 2000), made("b", 1000)]);
    expect(sorted.map(({ name }) => name)).toEqual(["b", "c", "a"]);
  });
});
