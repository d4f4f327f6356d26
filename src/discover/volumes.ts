import { type Mount, mountOf } from "../domain/mount.ts";

/** What a file lies on: a mounted file system, an ASM disk group, or nothing that could be found. */
export type Volume =
  | { readonly on: "mount"; readonly mount: Mount; readonly object: StorageObject }
  /** `+DATA`. Only Oracle itself and RMAN reach the files in it (rule 14). */
  | { readonly on: "disk group"; readonly group: string }
  | { readonly on: "unknown" };

/** The thing that a storage can take a picture of. */
export interface StorageObject {
  /** In words of its storage: `dataset`, `subvolume`, `export`, `logical volume`, `device`. */
  readonly kind: "dataset" | "subvolume" | "export" | "logical volume" | "device" | "other";
  readonly name: string;
  /** What copies without reading: a snapshot of the volume, a clone of single files, or perhaps one of them. */
  readonly pictures: "snapshot" | "reflink" | "perhaps" | "no";
  /** The adapter of umbra that would fit; undefined where nothing of the kind can be told from the mount. */
  readonly adapter: string | undefined;
}

export interface VolumeFiles<F> {
  readonly volume: Volume;
  readonly files: readonly F[];
}

/**
 * Files by what they lie on, in the order in which each volume first appears. Paths have no symbolic links in them any
 * more: see `mountOf`.
 */
export function filesByMount<F extends { readonly path: string }>(
  files: readonly F[],
  mounts: readonly Mount[],
): readonly VolumeFiles<F>[] {
  const groups = new Map<string, { readonly volume: Volume; readonly files: F[] }>();
  for (const file of files) {
    const volume = volumeOf(file.path, mounts);
    const key = volumeKey(volume);
    const group = groups.get(key) ?? { volume, files: [] };
    group.files.push(file);
    groups.set(key, group);
  }
  return [...groups.values()];
}

export function volumeOf(path: string, mounts: readonly Mount[]): Volume {
  if (path.startsWith("+")) return { on: "disk group", group: path.split("/", 1)[0] ?? path };
  const mount = path.startsWith("/") ? mountOf(path, mounts) : undefined;
  return mount === undefined ? { on: "unknown" } : { on: "mount", mount, object: storageObjectOf(mount) };
}

/** Equal for two volumes that are the same one. */
function volumeKey(volume: Volume): string {
  if (volume.on === "mount") return `mount ${volume.mount.id} ${volume.mount.point}`;
  return volume.on === "disk group" ? volume.group : "unknown";
}

/** Whether two volumes fill up together: one file system, or datasets of one pool. */
export function shareSpace(a: Volume, b: Volume): boolean {
  if (a.on !== "mount" || b.on !== "mount") return volumeKey(a) === volumeKey(b) && a.on !== "unknown";
  if (a.mount.device === b.mount.device) return true;
  if (a.mount.kind !== b.mount.kind) return false;
  return placeOf(a.mount) === placeOf(b.mount);
}

/** Datasets share their pool; subvolumes, which have numbers of their own, their device; exports their path on the server. */
function placeOf({ kind, source, id }: Mount): string {
  if (kind === "zfs") return source.split("/", 1)[0] ?? source;
  return isNamed(source) ? source : `mount ${id}`;
}

function storageObjectOf(mount: Mount): StorageObject {
  const { kind, source, root } = mount;
  switch (kind) {
    case "zfs":
      return { kind: "dataset", name: source, pictures: "snapshot", adapter: "openzfs" };
    case "btrfs":
      return { kind: "subvolume", name: `${source}${root}`, pictures: "snapshot", adapter: "btrfs" };
    case "nfs":
    case "nfs4":
      // What serves it knows whether it can take snapshots: nothing here does.
      return { kind: "export", name: source, pictures: "perhaps", adapter: undefined };
    case "xfs":
      // Whether it was made with reflink=1 is in its superblock, not in its mount.
      return { ...deviceOf(source), pictures: "perhaps", adapter: "reflink" };
    case "bcachefs":
    case "ocfs2":
      return { ...deviceOf(source), pictures: "perhaps", adapter: "reflink" };
    default:
      return { ...deviceOf(source), pictures: "no", adapter: undefined };
  }
}

function deviceOf(source: string): Pick<StorageObject, "kind" | "name"> {
  if (!isNamed(source)) return { kind: "other", name: source };
  return { kind: source.startsWith("/dev/mapper/") ? "logical volume" : "device", name: source };
}

/** `none`, `tmpfs` and the like name nothing. */
function isNamed(source: string): boolean {
  return source.includes("/") || source.includes(":");
}
