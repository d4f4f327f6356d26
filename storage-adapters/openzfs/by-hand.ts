import type { FilePath } from "../../src/domain/names.ts";
import { quoted } from "../../src/domain/shell-word.ts";
import type { SnapshotRef } from "../../src/domain/snapshot.ts";
import { type CommandSetting, privilegedLine } from "../commands.ts";
import type { ByHand } from "../contract.ts";
import { fullName } from "./snapshots.ts";

/** The clone is a child of the volume, as umbra's own are. */
export function byHand(setting: CommandSetting, ref: SnapshotRef, root: FilePath): ByHand {
  const zfs = (...args: readonly string[]) => privilegedLine(setting, ["zfs", ...args]);
  const dataset = `${ref.volume}/restore-${ref.name}`;
  return {
    make: [zfs("clone", "-o", `mountpoint=${root}`, fullName(ref), dataset)],
    // Not every version takes away the directory that it was mounted on.
    undo: [zfs("destroy", dataset), `if [ -d ${quoted(root)} ]; then rmdir -- ${quoted(root)}; fi`],
  };
}
