import { formatTag, type Snapshot, type VolumeId } from "../../src/domain/snapshot.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import type { GroupFacet } from "../contract.ts";
import { checkedName, mustBelong } from "../ownership.ts";
import { poolOf } from "./holders.ts";
import { TAG } from "./properties.ts";
import { findSnapshot } from "./snapshots.ts";
import { type Zfs, zfsFailed } from "./zfs.ts";

type Request = Parameters<GroupFacet["createSnapshots"]>[0];

/** The usage text of a zfs that takes several snapshots in one call ends with dots; zfs-fuse takes one. */
export async function takesSeveralSnapshots(zfs: Zfs): Promise<boolean> {
  const { said } = await zfs.attempt(["snapshot"]);
  return /\bsnapshot\b[^;]*@[^;]*> \.\.\./.test(said);
}

/** One transaction of one pool. */
export function setsOf(volumes: readonly VolumeId[]): readonly (readonly VolumeId[])[] {
  return [...Map.groupBy(volumes, poolOf).values()];
}

export async function createSnapshots(zfs: Zfs, { volumes, name, tag }: Request): Promise<void> {
  const { storage } = zfs;
  checkedName(storage, name);
  if (setsOf(volumes).length !== 1) {
    throw new UmbraError("UMB-6307", { storage, volumes, seen: "they are in several pools" });
  }
  const args = [
    "snapshot",
    "-o",
    `${TAG}=${formatTag(tag)}`,
    ...volumes.map((volume) => `${volume}@${name}`),
  ];
  const made = await zfs.attempt(args);
  if (made.status === 0) return;
  if (/dataset does not exist/i.test(made.said)) {
    throw new UmbraError("UMB-6307", { storage, volumes, seen: made.said });
  }
  if (!/already exists/i.test(made.said)) throw zfsFailed(storage, args, made);
  const snapshots: Snapshot[] = [];
  for (const volume of volumes) {
    const snapshot = await findSnapshot(zfs, { volume, name });
    if (snapshot === undefined) {
      throw new UmbraError("UMB-6307", { storage, volumes, seen: `${volume} has no ${name}, others have` });
    }
    mustBelong(storage, `snapshot ${volume}@${name}`, snapshot.tag, tag);
    snapshots.push(snapshot);
  }
  if (new Set(snapshots.map(({ sequence }) => sequence)).size !== 1) {
    throw new UmbraError("UMB-6307", { storage, volumes, seen: `their ${name} are of different moments` });
  }
}
