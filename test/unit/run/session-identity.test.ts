import { expect, test } from "vitest";
import { simulatedWorld } from "../../rigs/simulated-world.ts";
import { readOwnSession, readSessionStatus } from "../../../src/discover/sessions.ts";
test("a session knows itself, and is gone when it is closed", async () => {
  await using rig = await simulatedWorld();
  const o = { deadlineMs: 5000 };
  const db = await rig.world.connector.connect(o);
  await using other = await rig.world.connector.connect(o);
  const me = await readOwnSession(db, o);
  if (me === undefined) throw new Error("unknown");
  expect(await readSessionStatus(db, me, o)).toBe("ACTIVE");
  expect(await readSessionStatus(other, me, o)).toBe("INACTIVE");
  await db.close();
  expect(await readSessionStatus(other, me, o)).toBeUndefined();
});
