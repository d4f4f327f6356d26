import { isUmbraError } from "../../src/errors/umbra-error.ts";
import type { StoragePromise } from "../promises.ts";
import { BrokenPromise, lasting, mustBe, type PromiseRig } from "./rig.ts";

/** From too short for anything to long enough for everything. */
const DEADLINES_MS = [1, 3, 6, 10, 15, 22, 32, 50, 80];

/** What holds when a call is cut off somewhere in its work. */
export const interruptedPromises: readonly StoragePromise[] = [
  {
    promise: "creations that ran out of time are made good by the next one: one snapshot, whole",
    keep: async (rig) => {
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "whole")];
      await cutOff(rig, (limits) =>
        rig.storage.createSnapshot({ volume: rig.volume, name, tag: rig.tag, paths: [file] }, limits),
      );
      const made = await rig.take(name, [file]);
      mustBe("the listed snapshot", (await rig.named(name)).map(lasting), [lasting(made)]);
      mustBe("its file", await rig.readFrom(name, file), "whole");
    },
  },
  {
    promise: "creations that ran out of time are undone by a deletion",
    keep: async (rig) => {
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "whole")];
      const owned = { volume: rig.volume, name, tag: rig.tag };
      for (const deadlineMs of DEADLINES_MS) {
        await cutOff(rig, (limits) => rig.storage.createSnapshot({ ...owned, paths: [file] }, limits), [
          deadlineMs,
        ]);
        await rig.storage.deleteSnapshot(owned, rig.limits);
        mustBe(`the listed snapshot after ${deadlineMs} ms`, await rig.named(name), []);
      }
    },
  },
  {
    promise: "deletions that ran out of time are finished by the next one",
    keep: async (rig) => {
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "old")];
      const owned = { volume: rig.volume, name, tag: rig.tag };
      await rig.take(name, [file]);
      await cutOff(rig, (limits) => rig.storage.deleteSnapshot(owned, limits));
      await rig.storage.deleteSnapshot(owned, rig.limits);
      mustBe("the listed snapshot", await rig.named(name), []);
      await rig.write("a.dbf", "new");
      await rig.take(name, [file]);
      mustBe("the file in a new one", await rig.readFrom(name, file), "new");
    },
  },
  {
    promise: "views that ran out of time are made good, and taken away",
    keep: async (rig) => {
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "seen")];
      const owned = { volume: rig.volume, name, tag: rig.tag };
      await rig.take(name, [file]);
      await cutOff(rig, (limits) => rig.storage.showSnapshot(owned, limits));
      mustBe("its file", await rig.readFrom(name, file), "seen");
      await cutOff(rig, (limits) => rig.storage.hideSnapshot(owned, limits));
      await rig.storage.hideSnapshot(owned, rig.limits);
      await rig.storage.deleteSnapshot(owned, rig.limits);
      mustBe("the listed snapshot", await rig.named(name), []);
    },
  },
  {
    promise: "a call whose signal has fired ends with the signal's reason and makes nothing",
    keep: async (rig) => {
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "a")];
      const reason = new Error("not wanted any more");
      const limits = { ...rig.limits, signal: AbortSignal.abort(reason) };
      const request = { volume: rig.volume, name, tag: rig.tag, paths: [file] };
      const ended = await rig.storage.createSnapshot(request, limits).catch((error: unknown) => error);
      mustBe("the error", ended === reason, true);
      mustBe("the listed snapshot", await rig.named(name), []);
    },
  },
];

/** Calls again and again with more time each, until one has an answer. Only running out of time is allowed. */
async function cutOff(
  rig: PromiseRig,
  call: (limits: PromiseRig["limits"]) => Promise<unknown>,
  deadlines = DEADLINES_MS,
): Promise<void> {
  for (const deadlineMs of deadlines) {
    try {
      await call({ ...rig.limits, deadlineMs });
      return;
    } catch (error) {
      if (isUmbraError(error) && error.code.startsWith("UMB-72")) continue;
      throw new BrokenPromise(`after ${deadlineMs} ms: ${String(error)}`, { cause: error });
    }
  }
}
