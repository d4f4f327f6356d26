import type { HoldFacet } from "../contract.ts";
import type { StoragePromise } from "../promises.ts";
import { BrokenPromise, mustBe, mustHold, mustRefuse, type PromiseRig } from "./rig.ts";

function facetOf({ storage }: PromiseRig): HoldFacet {
  if (storage.hold === undefined) throw new BrokenPromise("the storage has no holds");
  return storage.hold;
}

async function prepared(rig: PromiseRig) {
  const [name, file] = [rig.freshName(), await rig.write("a.dbf", "held")];
  await rig.take(name, [file]);
  return { owned: { volume: rig.volume, name, tag: rig.tag }, file, holds: facetOf(rig) };
}

export const holdPromises: readonly StoragePromise[] = [
  {
    promise: "a held snapshot is not deleted, and the hold is named; released, it is",
    needs: "hold",
    keep: async (rig) => {
      const { owned, file, holds } = await prepared(rig);
      await holds.add({ ...owned, id: "quarter-4", reason: "audit, ask Ann" }, rig.limits);
      const error = await mustRefuse(
        "deleting it",
        "UMB-6305",
        rig.storage.deleteSnapshot(owned, rig.limits),
      );
      mustHold(`the hold's name in: ${error.message}`, error.message.includes("quarter-4"));
      const [listed] = await rig.named(owned.name);
      mustHold("the hold is listed", listed?.heldBy.some((one) => one.includes("quarter-4")) === true);
      mustBe("its file", await rig.readFrom(owned.name, file), "held");
      await rig.storage.hideSnapshot(owned, rig.limits);
      await holds.release({ ...owned, id: "quarter-4" }, rig.limits);
      await rig.storage.deleteSnapshot(owned, rig.limits);
      mustBe("the listed snapshot", await rig.named(owned.name), []);
    },
  },
  {
    promise: "holds are counted one by one: a second keeps what the first released",
    needs: "hold",
    keep: async (rig) => {
      const { owned, holds } = await prepared(rig);
      await holds.add({ ...owned, id: "one", reason: "first" }, rig.limits);
      await holds.add({ ...owned, id: "two", reason: "second" }, rig.limits);
      await holds.release({ ...owned, id: "one" }, rig.limits);
      mustBe("the holds", await holds.list(owned, rig.limits), [{ id: "two", reason: "second" }]);
      await mustRefuse("deleting it", "UMB-6305", rig.storage.deleteSnapshot(owned, rig.limits));
    },
  },
  {
    promise: "a hold is added twice and released twice without harm",
    needs: "hold",
    keep: async (rig) => {
      const { owned, holds } = await prepared(rig);
      const hold = { ...owned, id: "one", reason: "why" };
      await holds.add(hold, rig.limits);
      await holds.add(hold, rig.limits);
      mustBe("the holds", await holds.list(owned, rig.limits), [{ id: "one", reason: "why" }]);
      await holds.release(hold, rig.limits);
      await holds.release(hold, rig.limits);
      mustBe("the holds after their release", await holds.list(owned, rig.limits), []);
      await rig.storage.deleteSnapshot(owned, rig.limits);
      await holds.release(hold, rig.limits);
    },
  },
  {
    promise: "nobody holds a snapshot of another run, or one that is not there",
    needs: "hold",
    keep: async (rig) => {
      const { owned, holds } = await prepared(rig);
      const foreign = { ...owned, tag: rig.foreignTag, id: "one", reason: "why" };
      await mustRefuse("a foreign snapshot", "UMB-6303", holds.add(foreign, rig.limits));
      const absent = { ...owned, name: rig.freshName(), id: "one", reason: "why" };
      await mustRefuse("an absent snapshot", "UMB-6306", holds.add(absent, rig.limits));
      mustBe("the holds", await holds.list(owned, rig.limits), []);
    },
  },
];
