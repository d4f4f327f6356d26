import { dirname, join } from "node:path/posix";

import { isNetwork, type Mount, mountOf } from "../../domain/mount.ts";

/** Linux follows no more symbolic links than this in one path (path_resolution(7)). */
const MOST_LINKS = 40;

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
