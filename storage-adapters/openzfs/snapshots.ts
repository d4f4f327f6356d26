import { setTimeout } from "node:timers/promises";

import { instant } from "../../src/domain/instant.ts";
import {
  formatTag,
  inOrderOfCreation,
  type Snapshot,
  type SnapshotName,
  type SnapshotRef,
  type VolumeId,
} from "../../src/domain/snapshot.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import type { CreateSnapshot, OwnedSnapshot } from "../contract.ts";
import { checkedName, mustBelong } from "../ownership.ts";
import { holdersOf } from "./holders.ts";
import { type Properties, readProperties, TAG, tagOf } from "./properties.ts";
import { settle } from "./settle.ts";
import { isAbsent, type Zfs, zfsFailed } from "./zfs.ts";

const READ = ["creation", "createtxg", "guid", "used", "userrefs", "numclones", TAG];

export const fullName = ({ volume, name }: SnapshotRef): string => `${volume}@${name}`;

/** Tag and snapshot come about together: `-o` is part of the same transaction. */
export async function createSnapshot(zfs: Zfs, request: CreateSnapshot): Promise<void> {
  const { volume, name, tag } = request;
  checkedName(zfs.storage, name);
  const args = ["snapshot", "-o", `${TAG}=${formatTag(tag)}`, fullName(request)];
  const made = await zfs.attempt(args);
  if (made.status === 0) return;
  if (!/already exists/i.test(made.said)) throw zfsFailed(zfs.storage, args, made);
  await mustOwn(zfs, { volume, name, tag });
}

export async function listSnapshots(zfs: Zfs, volume: VolumeId): Promise<readonly Snapshot[]> {
  const found = await readProperties(zfs, READ, ["-r", "-d", "1", volume]);
  if (found === undefined)
    throw new UmbraError("UMB-6306", { storage: zfs.storage, what: `dataset ${volume}` });
  const ours = [...found].filter(([name]) => name.startsWith(`${volume}@`));
  return inOrderOfCreation(await snapshotsOf(zfs, ours));
}

/** undefined where there is none. */
export async function findSnapshot(zfs: Zfs, ref: SnapshotRef): Promise<Snapshot | undefined> {
  checkedName(zfs.storage, ref.name);
  const found = await readProperties(zfs, READ, [fullName(ref)]);
  return (await snapshotsOf(zfs, [...(found ?? [])])).at(0);
}

export async function mustFind(zfs: Zfs, ref: SnapshotRef): Promise<Snapshot> {
  const snapshot = await findSnapshot(zfs, ref);
  if (snapshot !== undefined) return snapshot;
  throw new UmbraError("UMB-6306", { storage: zfs.storage, what: `snapshot ${fullName(ref)}` });
}

/** UMB-6306 and UMB-6303 as the contract has them. */
export async function mustOwn(zfs: Zfs, request: OwnedSnapshot): Promise<Snapshot> {
  const snapshot = await mustFind(zfs, request);
  mustBelong(zfs.storage, `snapshot ${request.name}`, snapshot.tag, request.tag);
  return snapshot;
}

/** How long something may hold a snapshot without ZFS saying who: an unmount ends after its program. */
const SETTLE_MS = [50, 150, 400, 1000];

/** Never with -r, -R, -d or -f: exactly this snapshot or nothing. */
export async function deleteSnapshot(zfs: Zfs, request: OwnedSnapshot): Promise<void> {
  const { storage } = zfs;
  const what = `snapshot ${fullName(request)}`;
  const args = ["destroy", fullName(request)];
  for (const wait of [...SETTLE_MS, undefined]) {
    const snapshot = (await findSnapshot(zfs, request)) ?? (await foundLate(zfs, request));
    if (snapshot === undefined) return;
    mustBelong(storage, what, snapshot.tag, request.tag);
    if (snapshot.heldBy.length > 0)
      throw new UmbraError("UMB-6305", { storage, what, holders: snapshot.heldBy });
    const gone = await zfs.attempt(args);
    if (gone.status === 0 || isAbsent(gone)) return;
    if (!/busy|dependent clones|is cloned|being held/i.test(gone.said)) throw zfsFailed(storage, args, gone);
    if (wait !== undefined) await setTimeout(wait);
  }
  throw new UmbraError("UMB-6305", { storage, what, holders: ["something that zfs does not name"] });
}

async function foundLate(zfs: Zfs, ref: SnapshotRef): Promise<Snapshot | undefined> {
  await settle(zfs, ref.volume, fullName(ref));
  return await findSnapshot(zfs, ref);
}

async function snapshotsOf(
  zfs: Zfs,
  found: readonly (readonly [string, Properties])[],
): Promise<readonly Snapshot[]> {
  const busy = found.filter(([, own]) => counted(own, "userrefs") + counted(own, "numclones") > 0);
  const holders = await holdersOf(
    zfs,
    busy.map(([name, own]) => ({
      name,
      holds: counted(own, "userrefs"),
      cloned: counted(own, "numclones") > 0,
    })),
  );
  return found.map(([full, own]): Snapshot => {
    const at = full.indexOf("@");
    const tag = tagOf(own, TAG);
    const sequence = own.get("createtxg");
    return {
      volume: full.slice(0, at) as VolumeId,
      name: full.slice(at + 1) as SnapshotName,
      id: own.get("guid") ?? full,
      createdAt: instant(Number(own.get("creation") ?? 0) * 1000),
      ...(sequence === undefined ? {} : { sequence: BigInt(sequence) }),
      ...(tag === undefined ? {} : { tag }),
      heldBy: holders.get(full) ?? [],
      uniqueBytes: counted(own, "used"),
    };
  });
}

function counted(own: Properties, property: string): number {
  return Number(own.get(property) ?? 0);
}
