import { expect, test } from "vitest";

import { readArchiveLook } from "../../../src/discover/archive-look.ts";
import { readRedoNeeds } from "../../../src/discover/redo-needs.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

const call = { deadlineMs: 10_000 };

test("one look tells destinations, their parameters, all archived logs and what the archiver has to do", async () => {
  await using rig = await simulatedWorld();
  await using db = await rig.world.connector.connect(call);
  await db.execute("alter system archive log current", call);
  const look = await readArchiveLook(db, call);
  expect(look.destinations).toMatchObject([{ id: 1, status: "VALID", failureCount: 0 }]);
  expect(look.parameters).toContainEqual(
    expect.objectContaining({ name: "log_archive_dest_1", stored: true }),
  );
  expect(look.spfile).toContain("spfile");
  expect(look.ledger.at(-1)).toMatchObject({ destination: 1, archived: true, deleted: false });
  expect(look.ledger.at(-1)?.ageSeconds).toBeLessThan(60);
  expect(look.online.filter((log) => log.current)).toHaveLength(1);
});

test("a database without standbys, capture and restore points needs no log but for its backups", async () => {
  await using rig = await simulatedWorld();
  await using db = await rig.world.connector.connect(call);
  expect(await readRedoNeeds(db, call)).toEqual({ needs: [], unknown: [] });
});
