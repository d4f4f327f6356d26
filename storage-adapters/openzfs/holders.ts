import { localProperties } from "./properties.ts";
import { rowsOf, type Zfs } from "./zfs.ts";

export interface Busy {
  readonly name: string;
  /** As ZFS counts them. */
  readonly holds: number;
  readonly cloned: boolean;
}

/** Holds of umbra's in ZFS are called `umbra:ID`, and their reason is the snapshot's property of that name. */
export const HOLD = "umbra:hold:";

/** Who keeps snapshots from being deleted, with names wherever ZFS tells them. */
export async function holdersOf(
  zfs: Zfs,
  busy: readonly Busy[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const clones = busy.some(({ cloned }) => cloned)
    ? await clonesByOrigin(zfs, busy)
    : new Map<string, string[]>();
  const holders = new Map<string, readonly string[]>();
  for (const { name, holds } of busy) {
    const held = holds > 0 ? await namesOfHolds(zfs, name, holds) : [];
    holders.set(name, [...held, ...(clones.get(name) ?? []).map((clone) => `clone ${clone}`)]);
  }
  return holders;
}

async function namesOfHolds(zfs: Zfs, snapshot: string, count: number): Promise<readonly string[]> {
  const told = await zfs.attempt(["holds", "-H", snapshot]);
  if (told.status === 0) {
    return rowsOf(told.stdout.toString()).map(([, hold = ""]) => `hold ${hold.replace(/^umbra:/, "")}`);
  }
  // zfs-fuse cannot list holds: umbra knows its own.
  const ours = holdsIn(await localProperties(zfs, snapshot)).map(({ id }) => `hold ${id}`);
  const others = count - ours.length;
  return others > 0 ? [...ours, `${others} holds whose names this zfs does not tell`] : ours;
}

/** Holds that umbra noted. */
export function holdsIn(properties: ReadonlyMap<string, string>): readonly { id: string; reason: string }[] {
  return [...properties]
    .filter(([property]) => property.startsWith(HOLD))
    .map(([property, reason]) => ({ id: property.slice(HOLD.length), reason: decoded(reason) }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Set by hand, it may be anything. */
function decoded(reason: string): string {
  try {
    return decodeURIComponent(reason);
  } catch {
    return reason;
  }
}

/** All clones are in the snapshot's pool. The property `clones` would tell them, but not in zfs-fuse. */
async function clonesByOrigin(
  zfs: Zfs,
  busy: readonly Busy[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const pools = new Set(busy.map(({ name }) => poolOf(name)));
  const clones = new Map<string, string[]>();
  for (const pool of pools) {
    const list = ["list", "-H", "-o", "name,origin", "-t", "filesystem,volume", "-r", pool];
    for (const [clone = "", origin = ""] of rowsOf(await zfs.output(list))) {
      clones.set(origin, [...(clones.get(origin) ?? []), clone]);
    }
  }
  return clones;
}

export function poolOf(dataset: string): string {
  return dataset.split(/[/@]/, 1)[0] ?? dataset;
}
