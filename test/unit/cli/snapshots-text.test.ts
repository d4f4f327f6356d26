import { expect, test } from "vitest";

import { listedText } from "../../../src/cli/render/snapshots.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { DatabaseName, RunId } from "../../../src/domain/names.ts";
import type { Snapshot, SnapshotName, VolumeId } from "../../../src/domain/snapshot.ts";

const name = "umbra-20261121T093300Z-snapshot-0a1b2c" as SnapshotName;
const snapshot: Snapshot = {
  volume: "tank/area" as VolumeId,
  name,
  id: name,
  createdAt: instant(0),
  heldBy: [],
  tag: { agent: "a1", database: "PROD1" as DatabaseName, run: "snapshot-0a1b2c" as RunId },
};

test("a snapshot that is not in the catalog is told with what can be done about it", () => {
  const text = listedText({ listed: [{ storage: "tank", snapshot, holds: [] }], lost: [] });
  expect(text).toContain(
    `${name} is not in the catalog, so retention leaves it alone: \`umbra catalog rebuild PROD1\``,
  );
});
