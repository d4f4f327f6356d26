import { type OwnershipTag, parseTag } from "../../src/domain/snapshot.ts";
import { isAbsent, rowsOf, type Zfs, zfsFailed } from "./zfs.ts";

/** Properties of one dataset or snapshot: those that are its own, and those that ZFS computes. */
export type Properties = ReadonlyMap<string, string>;

/** The tag of a snapshot, of a view and of a clone: three names, because a clone's snapshots would inherit its tag. */
export const TAG = "umbra:tag";
export const VIEW_TAG = "umbra:view";
export const CLONE_TAG = "umbra:clone";

/**
 * `zfs get -Hp`, the one way of reading that all versions have: name → properties. undefined: no such dataset.
 * Inherited values are left out: what a dataset says of itself is not said of its snapshots.
 */
export async function readProperties(
  zfs: Zfs,
  properties: readonly string[],
  target: readonly string[],
): Promise<ReadonlyMap<string, Properties> | undefined> {
  const args = ["get", "-Hp", ...target.slice(0, -1), "-o", "name,property,value,source"];
  const all = [...args, properties.join(","), ...target.slice(-1)];
  const result = await zfs.attempt(all);
  if (isAbsent(result)) return undefined;
  if (result.status !== 0) throw zfsFailed(zfs.storage, all, result);
  const found = new Map<string, Map<string, string>>();
  for (const [name = "", property = "", value = "-", source = "-"] of rowsOf(result.stdout.toString())) {
    const own = found.get(name) ?? new Map<string, string>();
    found.set(name, own);
    if (value !== "-" && (source === "-" || source === "local" || source === "received"))
      own.set(property, value);
  }
  return found;
}

/** All local properties of one snapshot, holds among them. */
export async function localProperties(zfs: Zfs, name: string): Promise<Properties> {
  const args = ["get", "-H", "-s", "local", "-o", "property,value", "all", name];
  const result = await zfs.attempt(args);
  if (isAbsent(result)) return new Map();
  if (result.status !== 0) throw zfsFailed(zfs.storage, args, result);
  return new Map(rowsOf(result.stdout.toString()).map(([property = "", value = ""]) => [property, value]));
}

export function tagOf(properties: Properties | undefined, property: string): OwnershipTag | undefined {
  return parseTag(properties?.get(property) ?? "");
}
