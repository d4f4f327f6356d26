import type { FilePath } from "./names.ts";

/** One mounted file system of a host, as its kernel tells it (proc(5), /proc/PID/mountinfo). */
export interface Mount {
  /** Number of the mount on its host, and of the one it is mounted on. */
  readonly id: number;
  readonly parent: number;
  /** Where its tree begins for this process. */
  readonly point: FilePath;
  /** `major:minor`, as `lsblk` and /sys/dev/block have it. Of network file systems and ZFS: a number without a device. */
  readonly device: string;
  /** ext4, xfs, nfs4, fuse.sshfs … */
  readonly kind: string;
  /** Device, `server:/export`, dataset; `none` and the like where there is nothing to name. */
  readonly source: string;
  /** Directory of the file system that is mounted: `/`, or what a bind mount or a btrfs subvolume shows of it. */
  readonly root: string;
}

/**
 * File systems whose server may be gone: a call on one may never return. autofs waits for the mount behind it. Every
 * `fuse` is one: its server is a process.
 */
const NETWORK: ReadonlySet<string> = new Set([
  "9p",
  "acfs",
  "afs",
  "autofs",
  "beegfs",
  "ceph",
  "cifs",
  "fuse",
  "gfs2",
  "glusterfs",
  "gpfs",
  "lustre",
  "nfs",
  "nfs4",
  "ocfs2",
  "orangefs",
  "smb3",
  "smbfs",
  "virtiofs",
]);

export function isNetwork({ kind }: Pick<Mount, "kind">): boolean {
  return NETWORK.has(kind) || kind.startsWith("fuse.");
}

/**
 * The file system that a path is on; undefined only where not even `/` is listed. Of mounts over each other the
 * reachable one counts. The path is absolute and taken as it is: symbolic links in it are the caller's to resolve.
 */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  const listed = new Set(mounts.map(({ id }) => id));
  let found: Mount | undefined;
  for (const point of prefixes(path)) {
    const at = mounts.filter((mount) => mount.point === point);
    for (;;) {
      // A mount on top of a mount has the same point. One whose parent this process cannot see begins a tree.
      const next = at.findLast(({ id, parent }) =>
        found === undefined ? id === parent || !listed.has(parent) : parent === found.id && id !== parent,
      );
      if (next === undefined) break;
      found = next;
    }
  }
  return found;
}

/** `/`, `/a`, `/a/b` of `/a/b`. */
function prefixes(path: string): readonly string[] {
  const names = path.split("/").filter((name) => name !== "");
  return ["/", ...names.map((_, index) => `/${names.slice(0, index + 1).join("/")}`)];
}
