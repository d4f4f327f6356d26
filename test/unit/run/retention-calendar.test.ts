import { describe, expect, test } from "vitest";

import { instant, parseUtc } from "../../../src/domain/instant.ts";
import type { RunId } from "../../../src/domain/names.ts";
import type { RetentionPolicy } from "../../../src/domain/retention.ts";
import { formatSnapshotName, parseSnapshotName } from "../../../src/domain/snapshot.ts";
import { planRetentionOf } from "../../../src/run/retention-plan.ts";
import { HOUR, keptBackups, RETENTION } from "../../rigs/kept-backups.ts";

/** The moments, in the order in which backups were made, of those that stay. */
async function staying(
  moments: readonly string[],
  policy: Partial<RetentionPolicy>,
): Promise<readonly string[]> {
  using rig = keptBackups({ ...RETENTION, policy: { ...RETENTION.policy, keep: {}, ...policy } });
  const made = new Map<string, string>();
  for (const [index, moment] of moments.entries()) {
    const at = parseUtc(moment) ?? instant(0);
    made.set((await rig.make({ at, from: (index + 1) * 10, to: (index + 1) * 10 + 10 })).id, moment);
  }
  rig.clock.now = instant(Math.max(...moments.map((moment) => parseUtc(moment) ?? 0)) + HOUR);
  const planned = await planRetentionOf(rig.world);
  if (!planned.ok) throw new Error(planned.refusals[0]?.seen);
  return planned.report.lines.flatMap(({ stays, object }) => (stays ? [made.get(object.id) ?? ""] : []));
}

describe("the calendar of retention", () => {
  test("the hour that summer time gives back is two hours, each with a backup of its own", async () => {
    const moments = ["00:10", "00:50", "01:10", "01:50", "02:30"].map((time) => `2026-10-25T${time}:00Z`);
    expect(await staying(moments, { zone: "Europe/Berlin", keep: { hourly: 3 } })).toEqual(
      ["00:50", "01:50", "02:30"].map((time) => `2026-10-25T${time}:00Z`),
    );
  });

  test("a day of 25 hours, and one of 23, are each one day", async () => {
    const long = ["2026-10-24T22:30:00Z", "2026-10-25T22:30:00Z", "2026-10-25T23:30:00Z"];
    expect(await staying(long, { zone: "Europe/Berlin", keep: { daily: 2 } })).toEqual(long.slice(1));
    const short = ["2026-03-28T23:30:00Z", "2026-03-29T21:30:00Z", "2026-03-29T22:30:00Z"];
    expect(await staying(short, { zone: "Europe/Berlin", keep: { daily: 2 } })).toEqual(short.slice(1));
  });

  test("the leap day is a day of its own, in February, and of its year", async () => {
    const days = ["2028-02-28", "2028-02-29", "2028-03-01"].map((day) => `${day}T12:00:00Z`);
    expect(await staying(days, { keep: { daily: 3 } })).toEqual(days);
    expect(await staying(days, { keep: { monthly: 2 } })).toEqual(days.slice(1));
    const years = ["2027-12-31T23:59:59Z", "2028-02-29T12:00:00Z", "2029-02-28T12:00:00Z"];
    expect(await staying(years, { keep: { yearly: 3 } })).toEqual(years);
  });

  test("after a clock was set back by an hour the newest backup is still the newest", async () => {
    const moments = ["2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z", "2026-11-21T09:30:00Z"];
    expect(await staying(moments, { minimumGood: 1 })).toEqual(moments.slice(2));
    const later = [...moments, "2026-11-21T10:30:00Z"];
    expect(await staying(later, { minimumGood: 2 })).toEqual(later.slice(2));
  });

  test("a clock that was years ahead for one backup does not draw the others along", async () => {
    const moments = [
      "2026-11-20T09:00:00Z",
      "2036-11-21T10:00:00Z",
      "2026-11-21T09:30:00Z",
      "2026-11-22T09:30:00Z",
    ];
    expect(await staying(moments, { keep: { daily: 4 } })).toHaveLength(4);
  });

  test("where backups stopped, nothing ages", async () => {
    using rig = keptBackups({
      ...RETENTION,
      policy: { ...RETENTION.policy, keep: {}, keepWithinMs: 48 * HOUR },
    });
    for (const day of [1, 2, 3]) {
      await rig.make({ at: instant(Date.UTC(2026, 9, day, 12)), from: day * 10, to: day * 10 + 10 });
    }
    rig.clock.now = instant(Date.UTC(2036, 0, 1));
    const planned = await planRetentionOf(rig.world);
    expect(planned.ok && planned.report.lines.every(({ stays }) => stays)).toBe(true);
  });
});

describe("names of snapshots", () => {
  test.each(["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2028-02-29T23:59:59Z", "2026-12-31T23:59:59Z"])(
    "hold %s as it was, in UTC",
    (moment) => {
      const at = parseUtc(moment) ?? instant(0);
      const run = `${moment.replaceAll(/[-:]/g, "")}-refresh-4f2a91` as RunId;
      const name = formatSnapshotName({ run, label: "before" });
      expect(name).toBe(`umbra-${run}.before`);
      expect(parseSnapshotName(name)).toEqual({ at, run, label: "before" });
    },
  );

  test("differ although the clock shows the same second twice", () => {
    const [run, other] = ["4f2a91", "77aa01"].map((end) => `20261121T090000Z-refresh-${end}` as RunId);
    if (run === undefined || other === undefined) throw new Error("two runs");
    expect(formatSnapshotName({ run })).not.toBe(formatSnapshotName({ run: other }));
  });
});
