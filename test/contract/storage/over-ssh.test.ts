import { requireProgram } from "../../programs.ts";
import { openStorage } from "../../../storage-adapters/registry.ts";
import { btrfsVolume } from "../../rigs/btrfs-volume.ts";
import { OpenSsh } from "../../rigs/openssh.ts";
import { keepsThePromisesOfAStorage, limits } from "./storage-promises.ts";

keepsThePromisesOfAStorage(
  "btrfs over ssh, by way of another program",
  ["clone", "changedBlocks", "byHand"],
  async (context) => {
    requireProgram(context, "sshd");
    const volume = btrfsVolume(context);
    const server = await OpenSsh.start();
    const files = server.host();
    return {
      storage: await openStorage(
        "pool",
        { kind: "btrfs", prefix: ["env", "AS=somebody else"] },
        files,
        limits,
      ),
      files,
      scratch: volume.subvolume("data"),
      [Symbol.asyncDispose]: async () => {
        files[Symbol.dispose]();
        await server[Symbol.asyncDispose]();
        await volume[Symbol.asyncDispose]();
      },
    };
  },
);
