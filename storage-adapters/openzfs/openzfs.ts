import type { VolumeId } from "../../src/domain/snapshot.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import { type CommandSetting, commandsFor, type StorageHost } from "../commands.ts";
import type { CallLimits, Space, StorageAdapter, VolumeFacts } from "../contract.ts";
import { byHand } from "./by-hand.ts";
import { canDump, changedBlocks } from "./changed-blocks.ts";
import { createClone, dropClone, listClones } from "./clones.ts";
import { createSnapshots, setsOf, takesSeveralSnapshots } from "./group.ts";
import { addHold, listHolds, releaseHold } from "./holds.ts";
import { locate } from "./mounts.ts";
import { readProperties } from "./properties.ts";
import type { OpenZfsSettings } from "./settings.ts";
import { createSnapshot, deleteSnapshot, findSnapshot, listSnapshots } from "./snapshots.ts";
import { hideSnapshot, showSnapshot, visibleAt } from "./view.ts";
import { type Zfs, zfsFor } from "./zfs.ts";

/** Datasets of OpenZFS (0.7 and later) and of zfs-fuse, through the `zfs` program. */
export async function openOpenZfs(
  name: string,
  settings: OpenZfsSettings,
  host: StorageHost,
  limits: CallLimits,
): Promise<StorageAdapter> {
  const setting: CommandSetting = { storage: name, host, prefix: settings.prefix ?? [] };
  const zfs = (given: CallLimits): Zfs =>
    zfsFor(setting, settings["mount-directory"], commandsFor(setting, given));
  const opened = zfs(limits);
  await mustAnswer(opened);
  const grouped = await takesSeveralSnapshots(opened);
  const dumps = await canDump(opened);
  return {
    name,
    system: await versionOf(opened),
    locate: (paths, given) => locate(setting, zfs(given), paths),
    describe: (volume, given) => describe(zfs(given), volume),
    createSnapshot: (request, given) => createSnapshot(zfs(given), request),
    findSnapshot: (ref, given) => findSnapshot(zfs(given), ref),
    listSnapshots: (volume, given) => listSnapshots(zfs(given), volume),
    deleteSnapshot: (request, given) => deleteSnapshot(zfs(given), request),
    showSnapshot: (request, given) => showSnapshot(zfs(given), request),
    visibleAt: (volume, given) => visibleAt(zfs(given), volume),
    hideSnapshot: (request, given) => hideSnapshot(zfs(given), request),
    byHand: (ref, root) => byHand(setting, ref, root),
    space: (volume, given) => spaceOf(zfs(given), volume),
    clone: {
      create: (request, given) => createClone(zfs(given), request),
      list: (volume, given) => listClones(zfs(given), volume),
      drop: (request, given) => dropClone(zfs(given), request),
    },
    hold: {
      add: (request, given) => addHold(zfs(given), request),
      release: (request, given) => releaseHold(zfs(given), request),
      list: (request, given) => listHolds(zfs(given), request),
    },
    ...(dumps
      ? { changedBlocks: { between: (request, given) => changedBlocks(setting, zfs(given), request) } }
      : {}),
    ...(grouped
      ? {
          group: {
            sets: (volumes: readonly VolumeId[]) => Promise.resolve(setsOf(volumes)),
            createSnapshots: (request, given) => createSnapshots(zfs(given), request),
          },
        }
      : {}),
  };
}

/** A daemon that is not running or a module that is not loaded is told here, and not in the middle of a backup. */
async function mustAnswer(zfs: Zfs): Promise<void> {
  const { status, said } = await zfs.attempt(["list", "-H", "-o", "name", "-t", "filesystem", "-d", "0"]);
  if (status !== 0) throw new UmbraError("UMB-6310", { storage: zfs.storage, seen: said });
}

async function versionOf(zfs: Zfs): Promise<string> {
  const { status, stdout } = await zfs.attempt(["version"]);
  return (status === 0 && stdout.toString().split("\n")[0]) || "zfs without a version";
}

async function describe(zfs: Zfs, volume: VolumeId): Promise<VolumeFacts> {
  const shown = (await visibleAt(zfs, volume)) !== undefined;
  return {
    instant: true,
    atomic: true,
    remarks: shown ? [] : ["a snapshot is read through a clone, which keeps it while it is shown"],
  };
}

async function spaceOf(zfs: Zfs, volume: VolumeId): Promise<Space> {
  const own = (await readProperties(zfs, ["available", "used"], [volume]))?.get(volume);
  const [available, used] = [own?.get("available"), own?.get("used")];
  if (available === undefined || used === undefined) {
    throw new UmbraError("UMB-6306", { storage: zfs.storage, what: `dataset ${volume}` });
  }
  return { totalBytes: Number(available) + Number(used), freeBytes: Number(available) };
}
