import { UmbraError } from "../../src/errors/umbra-error.ts";
import type { Hold, HoldFacet, OwnedSnapshot } from "../contract.ts";
import { mustBelong } from "../ownership.ts";
import { HOLD, holdsIn } from "./holders.ts";
import { localProperties } from "./properties.ts";
import { findSnapshot, fullName, mustOwn } from "./snapshots.ts";
import { type Zfs, zfsFailed } from "./zfs.ts";

/*
 * A hold is ZFS's own, called `umbra:ID`; the snapshot's property `umbra:hold:ID` has its reason, and its name for a zfs
 * that cannot list holds. The property is set after the hold and taken away before it: what is listed does hold.
 */

type Add = Parameters<HoldFacet["add"]>[0];
type Release = Parameters<HoldFacet["release"]>[0];

export async function addHold(zfs: Zfs, request: Add): Promise<void> {
  checkedId(zfs, request.id);
  await mustOwn(zfs, request);
  const args = ["hold", `umbra:${request.id}`, fullName(request)];
  const held = await zfs.attempt(args);
  if (held.status !== 0 && !/tag already exists/i.test(held.said)) throw zfsFailed(zfs.storage, args, held);
  const known = (await listHolds(zfs, request)).some(({ id }) => id === request.id);
  // Encoded: a tab or a line's end in it would end the field when it is read.
  const reason = encodeURIComponent(request.reason);
  if (!known) await zfs.output(["set", `${HOLD}${request.id}=${reason}`, fullName(request)]);
}

export async function releaseHold(zfs: Zfs, request: Release): Promise<void> {
  checkedId(zfs, request.id);
  const name = fullName(request);
  const snapshot = await findSnapshot(zfs, request);
  if (snapshot === undefined) return;
  mustBelong(zfs.storage, `snapshot ${request.name}`, snapshot.tag, request.tag);
  // Also where it is not there: a hold whose caller gave up is over when this is answered, and released now.
  await zfs.output(["inherit", `${HOLD}${request.id}`, name]);
  const args = ["release", `umbra:${request.id}`, name];
  const released = await zfs.attempt(args);
  if (released.status !== 0 && !/no such tag/i.test(released.said))
    throw zfsFailed(zfs.storage, args, released);
}

export async function listHolds(zfs: Zfs, request: OwnedSnapshot): Promise<readonly Hold[]> {
  return holdsIn(await localProperties(zfs, fullName(request)));
}

/** Part of a property's name, which has no capital letters. */
function checkedId({ storage }: Zfs, id: string): void {
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(id)) throw new UmbraError("UMB-6311", { storage, name: id });
}
