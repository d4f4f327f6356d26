import { expect, test } from "vitest";

import { instant, parseUtc } from "../../../src/domain/instant.ts";
import type { SnapshotName, VolumeId } from "../../../src/domain/snapshot.ts";
import { takenAt } from "../../../src/retention/taken-at.ts";

const NAME = "umbra-20261121T203624Z-snapshot-25d80e";
const second = parseUtc("2026-11-21T20:36:24Z") ?? instant(0);
const snapshot = { storage: "nas", volume: "tank/area" as VolumeId, name: NAME as SnapshotName };
const taken = (finishedMs: number) =>
  takenAt({ id: NAME, snapshot, finishedAt: instant(second + finishedMs) }) - second;

test("a snapshot is as old as its name says, to the second", () => {
  expect([taken(-3_600_000), taken(0)]).toEqual([0, 0]);
});

test("copies that were finished in the second of its name were finished when it was taken", () => {
  expect([taken(1), taken(999)]).toEqual([1, 999]);
});

test("the end of copies that a wrong clock wrote does not make it younger", () => {
  expect([taken(1_000), taken(3_600_000)]).toEqual([0, 0]);
});

test("a backup is as old as its end", () => {
  expect(takenAt({ id: NAME, finishedAt: instant(second + 5) })).toBe(second + 5);
});
