import { setTimeout } from "node:timers/promises";

import type { FilePath } from "../../src/domain/names.ts";
import {
  formatTag,
  type OwnershipTag,
  type SnapshotName,
  type SnapshotRef,
  type VolumeId,
} from "../../src/domain/snapshot.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import type { Clone, CloneRequest } from "../contract.ts";
import { checkedName, mustBelong } from "../ownership.ts";
import { CLONE_TAG, readProperties, tagOf } from "./properties.ts";
import { settle } from "./settle.ts";
import { fullName, mustFind } from "./snapshots.ts";
import { isAbsent, type Zfs, zfsFailed } from "./zfs.ts";

/** A clone as ZFS has it: a child of the volume, so that whoever may clone there needs no other place. */
export interface ZfsClone {
  readonly dataset: string;
  /** Name and value of the property that says whose it is. */
  readonly property: string;
  readonly tag: OwnershipTag;
  readonly origin: SnapshotRef;
  readonly mountPoint: FilePath;
  readonly readOnly: boolean;
}

/** Made, tagged and mounted; also where an earlier call came only half the way. */
export async function makeClone(zfs: Zfs, wanted: ZfsClone): Promise<void> {
  const { dataset, property, tag, origin, mountPoint, readOnly } = wanted;
  if (!(await isThere(zfs, wanted))) {
    const options = [
      `${property}=${formatTag(tag)}`,
      `mountpoint=${mountPoint}`,
      // Nobody wants it mounted at the next boot.
      "canmount=noauto",
      ...(readOnly ? ["readonly=on"] : []),
    ].flatMap((option) => ["-o", option]);
    const args = ["clone", ...options, fullName(origin), dataset];
    const made = await zfs.attempt(args);
    if (made.status !== 0 && !/already exists/i.test(made.said)) throw zfsFailed(zfs.storage, args, made);
    await isThere(zfs, wanted);
  }
  const mounted = await zfs.attempt(["mount", dataset]);
  // zfs-fuse mounts a clone when it is made, whatever canmount says.
  if (mounted.status !== 0 && !/already mounted/i.test(mounted.said)) {
    throw zfsFailed(zfs.storage, ["mount", dataset], mounted);
  }
}

const SETTLE_MS = [50, 100, 200, 400, 800, 1600];

/** Unmounted and destroyed, without force: what is in use stays, and is named. Gone already is success. */
export async function destroyClone(zfs: Zfs, clone: ZfsClone): Promise<void> {
  const { storage } = zfs;
  const what = `clone ${clone.dataset}`;
  let said = "";
  for (const wait of [...SETTLE_MS, undefined]) {
    if (!(await isThere(zfs, clone)) && !(await isThereLate(zfs, clone))) return;
    await zfs.attempt(["unmount", clone.dataset]);
    const args = ["destroy", clone.dataset];
    const gone = await zfs.attempt(args);
    if (gone.status === 0 || isAbsent(gone)) {
      // ZFS leaves the directory that it was mounted on.
      await zfs.commands.attempt(["rmdir", "--", clone.mountPoint]);
      return;
    }
    said = gone.said;
    if (/has children|has dependent clones/i.test(said)) break;
    if (!/busy|unmount/i.test(said)) throw zfsFailed(storage, args, gone);
    // An unmount may end after its program has.
    if (wait !== undefined) await setTimeout(wait);
  }
  throw new UmbraError("UMB-6305", { storage, what, holders: [said] });
}

async function isThereLate(zfs: Zfs, clone: ZfsClone): Promise<boolean> {
  await settle(zfs, clone.origin.volume, clone.dataset);
  return await isThere(zfs, clone);
}

/**
 * ZFS sets the properties of a clone in transactions that follow the one that made it, and each settling takes one: after
 * so many it has a tag if an earlier call just makes it.
 */
const HALF_MADE_TRIES = 5;

/** UMB-6303 where the dataset is not this clone. */
export async function isThere(zfs: Zfs, clone: ZfsClone): Promise<boolean> {
  let found = await lookAt(zfs, clone);
  for (let tries = 0; found === "nobody's" && tries < HALF_MADE_TRIES; tries += 1) {
    await settle(zfs, clone.origin.volume, clone.dataset);
    found = await lookAt(zfs, clone);
  }
  if (found === "absent") return false;
  mustBelong(zfs.storage, `clone ${clone.dataset}`, found === "nobody's" ? undefined : found, clone.tag);
  return true;
}

async function lookAt(
  zfs: Zfs,
  { dataset, property, origin }: ZfsClone,
): Promise<OwnershipTag | "nobody's" | "absent"> {
  const found = (await readProperties(zfs, ["origin", property], [dataset]))?.get(dataset);
  if (found === undefined) return "absent";
  return (found.get("origin") === fullName(origin) ? tagOf(found, property) : undefined) ?? "nobody's";
}

function cloneFor(zfs: Zfs, { volume, name, clone, tag }: CloneRequest): ZfsClone {
  checkedName(zfs.storage, name);
  return {
    dataset: `${volume}/umbra-clone-${checkedName(zfs.storage, clone)}`,
    property: CLONE_TAG,
    tag,
    origin: { volume, name },
    mountPoint: `${zfs.mountDirectory}/clone-${clone}` as FilePath,
    readOnly: false,
  };
}

export async function createClone(zfs: Zfs, request: CloneRequest): Promise<Clone> {
  const { volume, name, clone, tag } = request;
  const wanted = cloneFor(zfs, request);
  const snapshot = await mustFind(zfs, request);
  if (snapshot.tag === undefined) mustBelong(zfs.storage, `snapshot ${name}`, undefined, tag);
  await makeClone(zfs, wanted);
  return { name: clone, snapshot: { volume, name }, root: wanted.mountPoint, tag };
}

export async function dropClone(zfs: Zfs, request: CloneRequest): Promise<void> {
  await destroyClone(zfs, cloneFor(zfs, request));
}

export async function listClones(zfs: Zfs, volume: VolumeId): Promise<readonly Clone[]> {
  const wanted = ["origin", "mountpoint", CLONE_TAG];
  const found = await readProperties(zfs, wanted, ["-r", "-d", "1", volume]);
  const prefix = `${volume}/umbra-clone-`;
  return [...(found ?? [])].flatMap(([dataset, own]) => {
    const [origin = "", tag] = [own.get("origin"), tagOf(own, CLONE_TAG)];
    if (!dataset.startsWith(prefix) || tag === undefined || !origin.startsWith(`${volume}@`)) return [];
    const snapshot = { volume, name: origin.slice(volume.length + 1) as SnapshotName };
    return [{ name: dataset.slice(prefix.length), snapshot, root: own.get("mountpoint") as FilePath, tag }];
  });
}
