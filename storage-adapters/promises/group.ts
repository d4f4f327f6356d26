import type { VolumeId } from "../../src/domain/snapshot.ts";
import type { StoragePromise } from "../promises.ts";
import { BrokenPromise, lasting, mustBe, mustRefuse } from "./rig.ts";

export const groupPromises: readonly StoragePromise[] = [
  {
    promise: "a group is made once, of all its volumes, and asked for again it is the same",
    needs: "group",
    keep: async (rig) => {
      const group = rig.storage.group;
      if (group === undefined) throw new BrokenPromise("the storage has no groups");
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "grouped")];
      mustBe("the sets", await group.sets([rig.volume], rig.limits), [[rig.volume]]);
      const request = { volumes: [rig.volume], name, tag: rig.tag, paths: [file] };
      await group.createSnapshots(request, rig.limits);
      const made = await rig.named(name);
      await rig.write("a.dbf", "changed");
      await group.createSnapshots(request, rig.limits);
      mustBe(
        "the listed tags",
        made.map(({ tag }) => tag),
        [rig.tag],
      );
      mustBe("the listed snapshot the second time", (await rig.named(name)).map(lasting), made.map(lasting));
      mustBe("its file", await rig.readFrom(name, file), "grouped");
    },
  },
  {
    promise: "a group with a volume that is not there is refused, and nothing is made",
    needs: "group",
    keep: async (rig) => {
      const group = rig.storage.group;
      if (group === undefined) throw new BrokenPromise("the storage has no groups");
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "grouped")];
      const volumes = [rig.volume, `elsewhere-${rig.volume}` as VolumeId];
      const request = { volumes, name, tag: rig.tag, paths: [file] };
      await mustRefuse("the group", "UMB-6307", group.createSnapshots(request, rig.limits));
      mustBe("the listed snapshot", await rig.named(name), []);
    },
  },
];
