import { describe, expect, test } from "vitest";

import { instant } from "../../../src/domain/instant.ts";
import type { CatalogEntry } from "../../../src/domain/journal.ts";
import type { DatabaseName, FilePath, RunId } from "../../../src/domain/names.ts";
import { openState } from "../../../src/state/open-state.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";

const database = "PROD1" as DatabaseName;
const run = "20261121T090000Z-retention-aa" as RunId;
const at = (ms: number) => instant(1_000_000 + ms);

function rig() {
  const scratch = scratchDirectory();
  const state = openState(scratch.path);
  const put = (object: string) => {
    const entry = { id: object, database, directory: "/b" as FilePath } as CatalogEntry;
    const decided = { database, run, decidedBy: "policy", why: ["old"] } as const;
    state.tombstones.put({ object, ...decided, entry, markedAt: at(0), removeFrom: at(10) });
  };
  const hold = (object: string, expiresAt?: number) =>
    state.holds.add({
      id: `hold-${object}`,
      database,
      object,
      reason: "audit",
      owner: "ann",
      addedAt: at(0),
      ...(expiresAt === undefined ? {} : { expiresAt: at(expiresAt) }),
    });
  const lease = (object: string) =>
    state.leases.take({ id: `r/${object}`, database, object, user: "restore r", run, takenAt: at(0) });
  const close = () => {
    state[Symbol.dispose]();
    scratch[Symbol.dispose]();
  };
  return { ...state, put, hold, lease, path: scratch.path, [Symbol.dispose]: close };
}

describe("what goes", () => {
  test("is remembered by another process, with the reason and the entry of the catalog", () => {
    using r = rig();
    r.put("one");
    using again = openState(r.path);
    expect(again.tombstones.list(database)).toMatchObject([
      { object: "one", why: ["old"], entry: { directory: "/b" }, removeFrom: at(10) },
    ]);
  });

  test("a second decision does not begin the time of grace anew", () => {
    using r = rig();
    r.put("one");
    const again = { object: "one", database, run, decidedBy: "person", why: ["later"] } as const;
    const times = { markedAt: at(5), removeFrom: at(99) };
    r.tombstones.put({ ...again, ...times, entry: { id: "one" } as CatalogEntry });
    expect(r.tombstones.get("one")).toMatchObject({
      decidedBy: "policy",
      why: ["old"],
      removeFrom: at(10),
    });
  });

  test("can be taken back until its removal begins, and then neither held nor used", () => {
    using r = rig();
    for (const object of ["one", "two"]) r.put(object);
    expect(r.tombstones.takeBack("one")).toBe(true);
    expect(r.tombstones.claim("two", at(20))).toBe(true);
    expect(r.tombstones.takeBack("two")).toBe(false);
    expect([r.hold("two"), r.lease("two")]).toEqual([false, false]);
    expect([r.holds.list(), r.leases.list()]).toEqual([[], []]);
    r.tombstones.removed("two", at(30));
    expect(r.tombstones.list(database)).toEqual([]);
    expect(r.tombstones.get("two")).toMatchObject({ removingAt: at(20), removedAt: at(30) });
  });

  test("once its removal begins it is in the catalog no more", async () => {
    using r = rig();
    r.put("one");
    const dates = { finishedAt: at(0), manifestSha256: "00" };
    await r.catalog.add({ id: "one", database, directory: "/b" as FilePath, ...dates } as CatalogEntry);
    r.tombstones.claim("one", at(1));
    expect(await r.catalog.get("one")).toBeUndefined();
    expect(r.tombstones.get("one")?.entry).toMatchObject({ id: "one" });
  });

  test("what is held or used is not claimed, until the hold has ended and the lease is given back", () => {
    using r = rig();
    for (const object of ["held", "short", "used"]) r.put(object);
    expect([r.hold("held"), r.hold("short", 15), r.lease("used")]).toEqual([true, true, true]);
    expect(["held", "short", "used"].map((object) => r.tombstones.claim(object, at(12)))).toEqual([
      false,
      false,
      false,
    ]);
    r.holds.release("hold-held", at(13));
    r.leases.release(run);
    expect(["held", "short", "used"].map((object) => r.tombstones.claim(object, at(15)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(r.tombstones.claim("held", at(16))).toBe(false);
  });
});

test("proofs are listed once for each run, oldest first", async () => {
  using r = rig();
  const proof = { database, object: "one", run };
  for (const ms of [5, 9]) await r.proofs.add({ ...proof, at: at(ms) });
  await r.proofs.add({ ...proof, run: "earlier" as RunId, at: at(1) });
  expect((await r.proofs.list(database)).map((one) => one.at)).toEqual([at(1), at(9)]);
});

test("a hold that was released is not listed, and is still not there when it is asked for", () => {
  using r = rig();
  r.hold("one", 50);
  expect(r.holds.list(database)).toMatchObject([{ id: "hold-one", owner: "ann", expiresAt: at(50) }]);
  r.holds.release("hold-one", at(1));
  expect([r.holds.list(database), r.holds.get("hold-one")]).toEqual([[], undefined]);
});
