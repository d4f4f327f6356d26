import { setTimeout } from "node:timers/promises";

import type { FilePath } from "../../src/domain/names.ts";
import { pathInView } from "../contract.ts";
import type { StoragePromise } from "../promises.ts";
import { BrokenPromise, errorOf, mustBe, mustHold, type PromiseRig } from "./rig.ts";

/** What was just read may be busy for a moment: a person types the line again. */
const AGAIN_MS = [50, 100, 200, 400, 800, 1600, 3200];

async function typedUntilDone(rig: PromiseRig, line: string): Promise<void> {
  for (const wait of AGAIN_MS) {
    if ((await errorOf(rig.shell(line))) === undefined) return;
    await setTimeout(wait);
  }
  await rig.shell(line);
}

export const byHandPromises: readonly StoragePromise[] = [
  {
    promise:
      "by its bare commands a person has the files as they were, to write to, and takes them away again",
    needs: "byHand",
    keep: async (rig) => {
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "snapshot")];
      await rig.take(name, [file]);
      await rig.overwrite(file, 0, "LATER!!!");
      const root = `${rig.directory}/by hand` as FilePath;
      const commands = rig.storage.byHand?.({ volume: rig.volume, name }, root);
      if (commands === undefined) throw new BrokenPromise("the storage has no bare commands");
      for (const line of commands.make) await rig.shell(line);
      try {
        const there = pathInView({ root }, await rig.locate(file));
        mustBe("the file as it was", await rig.readText(there), "snapshot");
        await rig.overwrite(there, 0, "WRITTEN!");
        mustBe("the file written to", await rig.readText(there), "WRITTEN!");
        mustBe("the file itself", await rig.readText(file), "LATER!!!");
        mustBe("the file in the snapshot", await rig.readFrom(name, file), "snapshot");
      } finally {
        for (const line of commands.undo) await typedUntilDone(rig, line);
      }
      mustHold("nothing of it is left", !(await rig.isThere(root)));
    },
  },
];
