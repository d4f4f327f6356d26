import type { FilePath } from "../../src/domain/names.ts";
import { type Snapshot, type SnapshotName, viewName, type VolumeId } from "../../src/domain/snapshot.ts";
import type { OwnedSnapshot, SnapshotView } from "../contract.ts";
import { below } from "../paths.ts";
import { destroyClone, isThere, makeClone, type ZfsClone } from "./clones.ts";
import { mountPointOf } from "./mounts.ts";
import { VIEW_TAG } from "./properties.ts";
import { mustOwn } from "./snapshots.ts";
import type { Zfs } from "./zfs.ts";

/** OpenZFS shows every snapshot below `.zfs`; zfs-fuse does not. */
export async function visibleAt(
  zfs: Zfs,
  volume: VolumeId,
): Promise<((name: SnapshotName) => SnapshotView) | undefined> {
  const mountPoint = await mountPointOf(zfs, volume);
  if (mountPoint === undefined) return undefined;
  const top = below(mountPoint, ".zfs/snapshot");
  const { status } = await zfs.commands.attempt(["stat", "--", top]);
  return status === 0 ? (name) => ({ root: `${top}/${name}` as FilePath }) : undefined;
}

/** Where it is not visible, a read-only clone is made. */
export async function showSnapshot(zfs: Zfs, request: OwnedSnapshot): Promise<SnapshotView> {
  await mustOwn(zfs, request);
  const visible = await visibleAt(zfs, request.volume);
  if (visible !== undefined) return visible(request.name);
  const clone = viewOf(zfs, request);
  await makeClone(zfs, clone);
  return { root: clone.mountPoint };
}

export async function hideSnapshot(zfs: Zfs, request: OwnedSnapshot): Promise<void> {
  const view = viewOf(zfs, request);
  // Where a snapshot is visible no view is made, and none has to be waited for.
  if (!(await isThere(zfs, view)) && (await visibleAt(zfs, request.volume)) !== undefined) return;
  await destroyClone(zfs, view);
}

/**
 * Reads in a snapshot. A view that was not there before goes afterwards; of a process that dies it goes with its snapshot.
 * undefined: it is not visible, and nobody's, so that no view of it is made.
 */
export async function inView<T>(
  zfs: Zfs,
  { volume, name, tag }: Snapshot,
  read: (root: FilePath) => Promise<T>,
): Promise<T | undefined> {
  const visible = await visibleAt(zfs, volume);
  if (visible !== undefined) return await read(visible(name).root);
  if (tag === undefined) return undefined;
  const view = viewOf(zfs, { volume, name, tag });
  const wasThere = await isThere(zfs, view);
  await makeClone(zfs, view);
  try {
    return await read(view.mountPoint);
  } finally {
    if (!wasThere) await destroyClone(zfs, view);
  }
}

function viewOf({ mountDirectory }: Zfs, { volume, name, tag }: OwnedSnapshot): ZfsClone {
  return {
    dataset: `${volume}/${viewName(name)}`,
    property: VIEW_TAG,
    tag,
    origin: { volume, name },
    // A name is given on several volumes: the volume's name must be in the path.
    mountPoint: `${mountDirectory}/view-${encodeURIComponent(volume)}-${name}` as FilePath,
    readOnly: true,
  };
}
