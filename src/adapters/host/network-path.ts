import { dirname, join } from "node:path/posix";

import { type Mount, mountOf } from "../../domain/mount.ts";

/** Linux follows no more symbolic links than this in one path (path_resolution(7)). */
const MOST_LINKS = 40;

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

function isNetwork({ kind }: Mount): boolean {
  return NETWORK.has(kind) || kind.startsWith("fuse.");
}

/**
 * The first network file system on the way to a path; undefined where the way is all local. Follows symbolic links, but
 * touches nothing on a network file system: `readLink` is asked only for names on local ones. It gives undefined for
 * what is no link, or not there.
 */
export async function networkMountOn(
  path: string,
  mounts: readonly Mount[],
  readLink: (path: string) => Promise<string | undefined>,
): Promise<Mount | undefined> {
  if (!mounts.some(isNetwork)) return undefined;
  let at = "/";
  let links = 0;
  const names = path.split("/");
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      at = dirname(at);
      continue;
    }
    const next = join(at, name);
    const mount = mountOf(next, mounts);
    if (mount !== undefined && isNetwork(mount)) return mount;
    const link = await readLink(next);
    if (link === undefined) {
      at = next;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return undefined;
    if (link.startsWith("/")) at = "/";
    names.unshift(...link.split("/"));
  }
  return undefined;
}
