import { isUmbraError } from "../../src/errors/umbra-error.ts";
import { type CloneFacet, pathInView } from "../contract.ts";
import type { StoragePromise } from "../promises.ts";
import { BrokenPromise, errorOf, mustBe, mustHold, mustRefuse, type PromiseRig } from "./rig.ts";

function facetOf({ storage }: PromiseRig): CloneFacet {
  if (storage.clone === undefined) throw new BrokenPromise("the storage has no clones");
  return storage.clone;
}

/** A snapshot of a file with this content, and the request for a clone of it. */
async function prepared(rig: PromiseRig, content: string) {
  const [name, file] = [rig.freshName(), await rig.write("a.dbf", content)];
  await rig.take(name, [file]);
  const request = { volume: rig.volume, name, clone: `${name}-clone`, tag: rig.tag };
  return { request, file, clones: facetOf(rig) };
}

export const clonePromises: readonly StoragePromise[] = [
  {
    promise: "a clone is written to, and its snapshot and the files themselves do not change",
    needs: "clone",
    keep: async (rig) => {
      const { request, file, clones } = await prepared(rig, "snapshot");
      const clone = await clones.create(request, rig.limits);
      const inClone = pathInView(clone, await rig.locate(file));
      mustBe("the file in the clone", await rig.readText(inClone), "snapshot");
      await rig.overwrite(inClone, 0, "CLONED!!");
      mustBe("the file written in the clone", await rig.readText(inClone), "CLONED!!");
      mustBe("the file itself", await rig.readText(file), "snapshot");
      mustBe("the file in the snapshot", await rig.readFrom(request.name, file), "snapshot");
    },
  },
  {
    promise: "a clone that was made once is given again with what was written to it",
    needs: "clone",
    keep: async (rig) => {
      const { request, file, clones } = await prepared(rig, "snapshot");
      const clone = await clones.create(request, rig.limits);
      const inClone = pathInView(clone, await rig.locate(file));
      await rig.overwrite(inClone, 0, "CLONED!!");
      mustBe("the second answer", await clones.create(request, rig.limits), clone);
      mustBe("the file in the clone", await rig.readText(inClone), "CLONED!!");
      mustBe(
        "the list",
        (await clones.list(rig.volume, rig.limits)).filter(({ name }) => name === request.clone),
        [clone],
      );
    },
  },
  {
    promise: "a clone is dropped once and for all, and only by its own run",
    needs: "clone",
    keep: async (rig) => {
      const { request, file, clones } = await prepared(rig, "snapshot");
      await clones.create(request, rig.limits);
      const foreign = { ...request, tag: rig.foreignTag };
      await mustRefuse("creating over it", "UMB-6303", clones.create(foreign, rig.limits));
      await mustRefuse("dropping it", "UMB-6303", clones.drop(foreign, rig.limits));
      mustHold("it is still there", (await clones.list(rig.volume, rig.limits)).length > 0);
      await clones.drop(request, rig.limits);
      await clones.drop(request, rig.limits);
      const left = (await clones.list(rig.volume, rig.limits)).filter(({ name }) => name === request.clone);
      mustBe("the list", left, []);
      mustBe("the file in the snapshot", await rig.readFrom(request.name, file), "snapshot");
    },
  },
  {
    promise: "deleting a cloned snapshot leaves the clone whole, or is refused with the clone's name",
    needs: "clone",
    keep: async (rig) => {
      const { request, file, clones } = await prepared(rig, "snapshot");
      const clone = await clones.create(request, rig.limits);
      const seen = await errorOf(rig.storage.deleteSnapshot(request, rig.limits));
      if (seen !== undefined) {
        mustBe("the code", isUmbraError(seen) ? seen.code : seen.message, "UMB-6305");
        mustHold(`the holder's name in: ${seen.message}`, seen.message.includes(request.clone));
        const [listed] = await rig.named(request.name);
        mustHold("the holder is listed", listed?.heldBy.some((one) => one.includes(request.clone)) === true);
      }
      mustBe(
        "the file in the clone",
        await rig.readText(pathInView(clone, await rig.locate(file))),
        "snapshot",
      );
    },
  },
];
