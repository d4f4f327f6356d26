import type { FilePath } from "../../src/domain/names.ts";
import type { FileChange } from "../contract.ts";
import type { StoragePromise } from "../promises.ts";
import { BrokenPromise, mustBe, mustHold, type PromiseRig } from "./rig.ts";

const MIB = 2 ** 20;

/** What changed in files between a snapshot before and one after `change`. */
async function changes(
  rig: PromiseRig,
  files: readonly FilePath[],
  change: () => Promise<unknown>,
): Promise<readonly (FileChange | undefined)[]> {
  const facet = rig.storage.changedBlocks;
  if (facet === undefined) throw new BrokenPromise("the storage does not tell changed blocks");
  const [earlier, later] = [rig.freshName(), rig.freshName()];
  await rig.take(earlier, [rig.directory]);
  await change();
  await rig.take(later, [rig.directory]);
  const inside = [];
  for (const file of files) inside.push((await rig.locate(file)).inside);
  return await facet.between({ volume: rig.volume, earlier, later, files: inside }, rig.limits);
}

export const changedBlocksPromises: readonly StoragePromise[] = [
  {
    promise: "every changed byte is in an extent, and the extents stay far below the file's size",
    needs: "changedBlocks",
    keep: async (rig) => {
      const file = await rig.write("a.dbf", "a".repeat(4 * MIB));
      const offsets = [0, 8192, 65_536, 2 * MIB + 8192, 4 * MIB - 8192];
      const [change] = await changes(rig, [file], async () => {
        for (const offset of offsets) await rig.overwrite(file, offset, "b".repeat(8192));
      });
      const extents = change?.extents ?? [];
      for (const offset of offsets) {
        const covered = extents.some(
          (one) => one.offset <= offset && one.offset + one.length >= offset + 8192,
        );
        mustHold(`the bytes from ${offset} in ${JSON.stringify(extents)}`, covered);
      }
      const bytes = extents.reduce((sum, { length }) => sum + length, 0);
      mustHold(`${bytes} bytes told for ${offsets.length * 8192}`, bytes <= MIB);
      mustBe("the file's size", change?.bytes, 4 * MIB);
      mustHold("ascending and apart", ascending(change));
    },
  },
  {
    promise: "a file that did not change has no extents, whatever happened beside it",
    needs: "changedBlocks",
    keep: async (rig) => {
      const [still, other] = [
        await rig.write("a.dbf", "a".repeat(MIB)),
        await rig.write("b.dbf", "b".repeat(MIB)),
      ];
      const told = await changes(rig, [still, other], async () => await rig.overwrite(other, 4096, "x"));
      const { inside } = await rig.locate(still);
      mustBe("the file that did not change", told[0], { inside, bytes: MIB, extents: [] });
      mustHold("the other one", (told[1]?.extents.length ?? 0) > 0);
    },
  },
  {
    promise: "a file that was replaced, made or removed is not compared",
    needs: "changedBlocks",
    keep: async (rig) => {
      const replaced = await rig.write("a.dbf", "a".repeat(MIB));
      const made = `${rig.directory}/c.dbf` as FilePath;
      const told = await changes(rig, [replaced, made, replaced], async () => {
        await rig.write("a.dbf", "b".repeat(MIB));
        await rig.write("c.dbf", "c".repeat(MIB));
      });
      mustBe("the answers", told, [undefined, undefined, undefined]);
    },
  },
  {
    promise: "a file that grew is told with its new size and its new bytes",
    needs: "changedBlocks",
    keep: async (rig) => {
      const file = await rig.write("a.dbf", "a".repeat(MIB));
      const [change] = await changes(
        rig,
        [file],
        async () => await rig.overwrite(file, MIB, "b".repeat(MIB)),
      );
      mustBe("the size", change?.bytes, 2 * MIB);
      const covered = change?.extents.reduce((sum, { length }) => sum + length, 0) ?? 0;
      mustHold(`${covered} bytes told`, covered >= MIB);
      mustHold("within the file", ascending(change));
    },
  },
];

function ascending(change: FileChange | undefined): boolean {
  if (change === undefined) return false;
  let end = -1;
  for (const { offset, length } of change.extents) {
    if (offset <= end || length <= 0) return false;
    end = offset + length;
  }
  return end <= change.bytes;
}
