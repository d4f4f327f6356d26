import { describe, expect, test } from "vitest";

import type { ColdLook } from "../../../src/domain/cold-look.ts";
import type { DowntimeLimit } from "../../../src/domain/downtime.ts";
import type { ColdMode } from "../../../src/domain/plan.ts";
import { downtimeText, predictedDowntime } from "../../../src/plan/downtime.ts";

type Known = Partial<Pick<ColdLook, "measuredRate" | "lastDowntimeMs">>;

function told(mode: ColdMode, known: Known = {}, limit: Partial<DowntimeLimit> = {}): string {
  const look = { load: { transactions: 0, undoRecords: 0 }, lastDowntimeMs: {}, ...known };
  const downtime = predictedDowntime({ mode, bytes: 60_000_000_000, look });
  return downtimeText(downtime, { onOverrun: "stop-copy", ...limit });
}

describe("what a cold backup's plan tells of its downtime", () => {
  test("plain: the time of the copies, and that it is a guess until one was measured", () => {
    expect(told("plain")).toBe(
      "Downtime: SHUTDOWN, copying 55.9 GiB takes 10m00s at 100 MB/s, which was not measured, STARTUP; " +
        "no cold backup in mode plain was measured yet; no limit is set.",
    );
    const known = { measuredRate: 500_000_000, lastDowntimeMs: { plain: 130_000 } };
    expect(told("plain", known, { maxDowntimeMs: 900_000 })).toBe(
      "Downtime: SHUTDOWN, copying 55.9 GiB takes 2m00s at the rate of the last cold backup, STARTUP; " +
        "the last cold backup in mode plain took 2m10s; 15m00s are allowed, and the copies are stopped then.",
    );
  });

  test("the other modes promise no time: the last one in the same mode is what there is to know", () => {
    const lastDowntimeMs = { plain: 130_000, "pre-copy": 21_000 };
    expect(told("pre-copy", { lastDowntimeMs })).toMatch(
      /^Downtime: SHUTDOWN, rewriting what changes meanwhile of 55\.9 GiB, STARTUP; the last cold backup in mode pre-copy took 21\.0 s;/,
    );
    expect(told("snapshot", { lastDowntimeMs }, { maxDowntimeMs: 60_000, onOverrun: "continue" })).toBe(
      "Downtime: SHUTDOWN, a picture of 55.9 GiB in the storage, STARTUP; " +
        "no cold backup in mode snapshot was measured yet; 1m00s are allowed, and the copies go on then.",
    );
  });
});
