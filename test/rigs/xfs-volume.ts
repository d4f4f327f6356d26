import type { TestContext } from "vitest";

import { requireProgram } from "../programs.ts";
import { type LoopVolume, loopVolume } from "./loop-volume.ts";

/** XFS that shares blocks; 300 MiB is the least that mkfs.xfs makes. */
export function xfsVolume(context: Pick<TestContext, "skip">): LoopVolume {
  requireProgram(context, "mkfs.xfs");
  return loopVolume(context, { mkfs: ["mkfs.xfs", "-q", "-m", "reflink=1"], bytes: 320 * 2 ** 20 });
}

/** What cannot share blocks. */
export function ext4Volume(context: Pick<TestContext, "skip">): LoopVolume {
  requireProgram(context, "mkfs.ext4");
  return loopVolume(context, { mkfs: ["mkfs.ext4", "-q", "-F"], bytes: 64 * 2 ** 20 });
}
