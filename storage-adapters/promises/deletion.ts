import type { StoragePromise } from "../promises.ts";
import { lasting, mustBe, mustRefuse, mustHold } from "./rig.ts";

/** What is deleted, and what never is. */
export const deletionPromises: readonly StoragePromise[] = [
  {
    promise: "a deleted snapshot is gone, deleting it again is success, and its name is free",
    keep: async (rig) => {
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "old")];
      const first = await rig.take(name, [file]);
      const owned = { volume: rig.volume, name, tag: rig.tag };
      await rig.storage.deleteSnapshot(owned, rig.limits);
      await rig.storage.deleteSnapshot(owned, rig.limits);
      mustBe("the listed snapshot", await rig.named(name), []);
      const found = await rig.storage.findSnapshot({ volume: rig.volume, name }, rig.limits);
      mustBe("the found snapshot", found, undefined);
      await rig.write("a.dbf", "new");
      const second = await rig.take(name, [file]);
      mustHold("the new one has an identity of its own", second.id !== first.id);
      mustBe("the file in the new one", await rig.readFrom(name, file), "new");
    },
  },
  {
    promise: "deleting what was never made is success",
    keep: async (rig) => {
      const owned = { volume: rig.volume, name: rig.freshName(), tag: rig.tag };
      await rig.storage.deleteSnapshot(owned, rig.limits);
      mustBe("the listed snapshot", await rig.named(owned.name), []);
    },
  },
  {
    promise: "a snapshot of another run is not deleted, and neither are its neighbours",
    keep: async (rig) => {
      const [ours, theirs, file] = [rig.freshName(), rig.freshName(), await rig.write("a.dbf", "a")];
      const kept = await rig.take(theirs, [file], rig.foreignTag);
      await rig.take(ours, [file]);
      const owned = { volume: rig.volume, name: theirs, tag: rig.tag };
      await mustRefuse("deleting theirs", "UMB-6303", rig.storage.deleteSnapshot(owned, rig.limits));
      await rig.storage.deleteSnapshot({ ...owned, name: ours }, rig.limits);
      mustBe("their snapshot", (await rig.named(theirs)).map(lasting), [lasting(kept)]);
    },
  },
  {
    promise: "of several snapshots the middle one is deleted alone",
    keep: async (rig) => {
      const file = await rig.write("a.dbf", "one");
      const names = [rig.freshName(), rig.freshName(), rig.freshName()] as const;
      await rig.take(names[0], [file]);
      await rig.write("a.dbf", "two");
      await rig.take(names[1], [file]);
      await rig.write("a.dbf", "three");
      await rig.take(names[2], [file]);
      await rig.storage.deleteSnapshot({ volume: rig.volume, name: names[1], tag: rig.tag }, rig.limits);
      mustBe("the middle one", await rig.named(names[1]), []);
      mustBe("the older one", await rig.readFrom(names[0], file), "one");
      mustBe("the younger one", await rig.readFrom(names[2], file), "three");
    },
  },
];
