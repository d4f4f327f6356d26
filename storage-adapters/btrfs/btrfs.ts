import type { FilePath } from "../../src/domain/names.ts";
import type { VolumeId } from "../../src/domain/snapshot.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import {
  type CommandSetting,
  type Commands,
  commandsFor,
  privileged,
  privilegedLine,
  type StorageHost,
} from "../commands.ts";
import type { CallLimits, Located, OwnedSnapshot, SnapshotView, StorageAdapter } from "../contract.ts";
import { mustBelong } from "../ownership.ts";
import { factsOfPaths, insideOf } from "../paths.ts";
import { spaceOf } from "../space.ts";
import { changedBlocks } from "./changed-blocks.ts";
import { createClone, dropClone, listClones } from "./clones.ts";
import type { BtrfsSettings } from "./settings.ts";
import { createSnapshot, deleteSnapshot, listSnapshots, lookAt, snapshotPath } from "./snapshots.ts";

/** Snapshots of btrfs subvolumes. There are no holds: btrfs deletes what is in use. */
export async function openBtrfs(
  name: string,
  settings: BtrfsSettings,
  host: StorageHost,
  limits: CallLimits,
): Promise<StorageAdapter> {
  const setting: CommandSetting = { storage: name, host, prefix: settings.prefix ?? [] };
  const commands = (given: CallLimits): Commands => commandsFor(setting, given);
  const version = await commands(limits).output(privileged(setting, ["btrfs", "--version"]));
  return {
    name,
    system: version.split("\n")[0] ?? "btrfs",
    locate: (paths, given) => locate(setting, commands(given), paths),
    describe: () => Promise.resolve({ instant: true, atomic: true, remarks }),
    createSnapshot: (request, given) => createSnapshot(setting, commands(given), request),
    findSnapshot: (ref, given) => lookAt(setting, commands(given), ref),
    listSnapshots: (volume, given) => listSnapshots(setting, commands(given), volume),
    deleteSnapshot: (request, given) => deleteSnapshot(setting, commands(given), request),
    showSnapshot: (request, given) => showSnapshot(setting, commands(given), request),
    visibleAt: (volume) =>
      Promise.resolve((snapshot) => ({ root: snapshotPath({ volume, name: snapshot }) as FilePath })),
    // A snapshot is a directory, always there.
    hideSnapshot: () => Promise.resolve(),
    byHand: (ref, root) => ({
      make: [privilegedLine(setting, ["btrfs", "subvolume", "snapshot", "--", snapshotPath(ref), root])],
      undo: [privilegedLine(setting, ["btrfs", "subvolume", "delete", "--", root])],
    }),
    space: (volume, given) => spaceOf(setting, commands(given), volume),
    clone: {
      create: (request, given) => createClone(setting, commands(given), request),
      list: (volume, given) => listClones(commands(given), volume),
      drop: (request, given) => dropClone(setting, commands(given), request),
    },
    changedBlocks: { between: (request, given) => changedBlocks(setting, commands(given), request) },
  };
}

const remarks = [
  "btrfs has no holds: only umbra's own catalog keeps a snapshot from being deleted",
  "subvolumes inside a subvolume are not part of its snapshots",
];

/** The number of the top directory of every subvolume. */
const TOP_INODE = "256";

async function locate(
  setting: CommandSetting,
  commands: Commands,
  paths: readonly FilePath[],
): Promise<readonly Located[]> {
  const { storage } = setting;
  const facts = await factsOfPaths(setting, commands, paths);
  const tops = [...new Set(facts.map(({ mountPoint }) => mountPoint))];
  const inodes = new Map(
    (await factsOfPaths(setting, commands, tops)).map(({ path, inode }) => [path, inode]),
  );
  return facts.map(({ path, mountPoint, fileSystem }) => {
    if (fileSystem !== "btrfs") {
      throw new UmbraError("UMB-6301", { storage, path, seen: `its file system is ${fileSystem}` });
    }
    if (inodes.get(mountPoint) !== TOP_INODE) {
      const seen = `${mountPoint} is mounted from the middle of a subvolume`;
      throw new UmbraError("UMB-6301", { storage, path, seen });
    }
    const id = mountPoint as string as VolumeId;
    return { volume: { id, mountPoint }, path, inside: insideOf(mountPoint, path) };
  });
}

async function showSnapshot(
  setting: CommandSetting,
  commands: Commands,
  { volume, name, tag }: OwnedSnapshot,
): Promise<SnapshotView> {
  const { storage } = setting;
  const found = await lookAt(setting, commands, { volume, name });
  if (found === undefined) throw new UmbraError("UMB-6306", { storage, what: `snapshot ${name}` });
  mustBelong(storage, `snapshot ${name}`, found.tag, tag);
  return { root: snapshotPath({ volume, name }) as FilePath };
}
