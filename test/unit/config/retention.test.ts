import { describe, expect, test } from "vitest";

import { fleetOf, problemTexts } from "./fleet-files.ts";

const DAY = 86_400_000;

const text = (retention: string, defaults = "") => `
defaults:
  storage: s
  user: u
  password: { env: P }
  ${defaults}
storages: { s: { path: /backup, snapshots: { kind: reflink } } }
databases:
  PROD1:
    connect: db1:1521/P1
    ${retention}
`;

async function retentionOf(written: string, defaults?: string) {
  const { fleet } = await fleetOf({ "/f.yaml": text(written, defaults) });
  return [...fleet.databases.values()][0]?.retention;
}

describe("retention in the configuration", () => {
  test("where nobody says what stays, nothing is ever removed", async () => {
    expect(await retentionOf("")).toBeUndefined();
  });

  test("what is not said is careful", async () => {
    expect(await retentionOf("retention: { daily: 7 }")).toEqual({
      policy: { zone: "UTC", keep: { daily: 7 }, minimumGood: 2, minimumProven: 1 },
      protectMs: 14 * DAY,
      graceMs: 2 * DAY,
      afterRefresh: false,
    });
  });

  test("rules come together from the defaults and the database", async () => {
    const retention = await retentionOf(
      "retention: { monthly: 6, keep-within: 36h, grace: 0s }",
      "retention: { zone: Asia/Tokyo, daily: 7, monthly: 12, after-refresh: true }",
    );
    expect(retention).toEqual({
      policy: {
        zone: "Asia/Tokyo",
        keep: { daily: 7, monthly: 6 },
        keepWithinMs: 1.5 * DAY,
        minimumGood: 2,
        minimumProven: 1,
      },
      protectMs: 14 * DAY,
      graceMs: 0,
      afterRefresh: true,
    });
  });

  test("a policy that says nothing of what stays is refused", async () => {
    expect(await problemTexts(text("retention: { protect: 1d }"))).toEqual([
      expect.stringContaining("retention does not say what stays"),
    ]);
  });
});

test("the settings of a storage's snapshots are those of its adapter, filled in", async () => {
  const { fleet } = await fleetOf({
    "/f.yaml": text("").replace("{ kind: reflink }", "{ kind: openzfs, prefix: [sudo, -n] }"),
  });
  expect(fleet.storages.get("s")?.snapshots).toEqual({
    kind: "openzfs",
    prefix: ["sudo", "-n"],
    "mount-directory": "/run/umbra/zfs",
  });
});
