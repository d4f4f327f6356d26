import { spawnSync } from "node:child_process";
import { join } from "node:path";

import type { TestContext } from "vitest";

import type { FilePath } from "../../src/domain/names.ts";
import { requireProgram } from "../programs.ts";
import { type LoopVolume, loopVolume } from "./loop-volume.ts";

export interface BtrfsVolume extends LoopVolume {
  /** A new subvolume in it. */
  subvolume(name: string): FilePath;
}

export function btrfsVolume(context: Pick<TestContext, "skip">, bytes = 512 * 2 ** 20): BtrfsVolume {
  requireProgram(context, "btrfs");
  const volume = loopVolume(context, { mkfs: ["mkfs.btrfs", "-q", "-m", "single"], bytes });
  return {
    path: volume.path,
    subvolume: (name) => {
      const path = join(volume.path, name);
      const made = spawnSync("btrfs", ["subvolume", "create", path], { encoding: "utf8" });
      if (made.status !== 0) throw new Error(made.stderr);
      return path as FilePath;
    },
    [Symbol.asyncDispose]: () => volume[Symbol.asyncDispose](),
  };
}
