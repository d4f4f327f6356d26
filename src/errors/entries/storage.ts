import { entry } from "../entry.ts";
import { exitClass } from "../exit-classes.ts";

/** UMB-6xxx. */
export const storageErrors = {
  "UMB-6101": entry<{ path: string; operation: string; errno: string }>(
    exitClass.storage,
    (c) => `${c.path}: ${c.operation} failed with ${c.errno}`,
    "umbra's user must be able to write the backup area; for EIO look at the storage's errors first",
  ),
  "UMB-6102": entry<{ path: string; errno: string }>(
    exitClass.storage,
    (c) => `${c.path}: the backup area is full (${c.errno})`,
    "free space or enlarge the storage; nothing half-written was left behind",
  ),
  "UMB-6103": entry<{ path: string; stallMs: number }>(
    exitClass.storage,
    (c) => `${c.path}: the storage did not answer for ${c.stallMs} ms`,
    "the backup storage hangs: look at its mount, then run the backup again",
  ),
  "UMB-6104": entry<{ path: string }>(
    exitClass.storage,
    (c) => `${c.path}: something that is not a file of umbra's has the name of a half-written copy`,
    "look at what it is and remove it",
  ),
  "UMB-6105": entry<{ path: string; errno: string }>(
    exitClass.storage,
    (c) => `${c.path}: the storage became full while this copy was brought forward (${c.errno})`,
    "free space or enlarge the storage, then refresh again: until then this copy is a mixture and cannot be used",
  ),
  "UMB-6106": entry<{ path: string; source: string }>(
    exitClass.storage,
    (c) => `${c.path}: this is no copy of ${c.source} but the same file`,
    "look for links between the database's directories and the backup area; nothing was written",
  ),
  "UMB-6201": entry<{ seen: string }>(
    exitClass.storage,
    (c) => c.seen,
    "create the directory of the storage, mount it, and give umbra's user write permission",
  ),
  "UMB-6301": entry<{ storage: string; path: string; seen: string }>(
    exitClass.storage,
    (c) => `${c.path} is not on storage ${c.storage}: ${c.seen}`,
    "name another storage for this database, or move the files",
  ),
  "UMB-6302": entry<{ storage: string; path: string }>(
    exitClass.storage,
    (c) => `storage ${c.storage}: nothing is at ${c.path}`,
    "see whether it is mounted, and whether umbra's user may read it",
  ),
  "UMB-6303": entry<{ storage: string; what: string; owner: string }>(
    exitClass.storage,
    (c) => `storage ${c.storage}: ${c.what} belongs to ${c.owner} and was left alone`,
    "umbra changes and deletes only what carries its own tag; if it is in the way, remove it by hand",
  ),
  "UMB-6304": entry<{ storage: string; what: string; said: string }>(
    exitClass.storage,
    (c) => `storage ${c.storage}: no space for ${c.what}: ${c.said}`,
    "free space or enlarge the storage; nothing half-made counts as a snapshot",
  ),
  "UMB-6305": entry<{ storage: string; what: string; holders: readonly string[] }>(
    exitClass.storage,
    (c) => `storage ${c.storage}: ${c.what} is kept by ${c.holders.join(", ")}`,
    "release the hold or drop the clone first; nothing was deleted",
  ),
  "UMB-6306": entry<{ storage: string; what: string }>(
    exitClass.storage,
    (c) => `storage ${c.storage}: there is no ${c.what}`,
    "`umbra snapshot list` shows what is there",
  ),
  "UMB-6307": entry<{ storage: string; volumes: readonly string[]; seen: string }>(
    exitClass.storage,
    (c) => `storage ${c.storage}: ${c.volumes.join(", ")} cannot be snapshotted at one moment: ${c.seen}`,
    "move them to one pool, or let backup mode span the snapshots of all of them",
  ),
  "UMB-6308": entry<{ storage: string; program: string; seen: string }>(
    exitClass.storage,
    (c) => `storage ${c.storage}: the answer of ${c.program} is not understood: ${c.seen}`,
    "report it with the version of the program; nothing was changed because of it",
  ),
  "UMB-6309": entry<{ storage: string; command: string; status: number; said: string }>(
    exitClass.storage,
    (c) => `storage ${c.storage}: ${c.command} ended with ${c.status}: ${c.said}`,
    "run the command by hand as umbra's user; the privileges that are needed stand in the adapter's README",
  ),
  "UMB-6310": entry<{ storage: string; seen: string }>(
    exitClass.storage,
    (c) => `storage ${c.storage} cannot be used: ${c.seen}`,
    "install the program, or correct the storage's settings",
  ),
  "UMB-6311": entry<{ storage: string; name: string }>(
    exitClass.storage,
    (c) => `storage ${c.storage}: "${c.name}" cannot be a name here`,
    "letters, digits, - _ and . are allowed, beginning with a letter or digit, at most 128 of them",
  ),
  "UMB-6401": entry<{ object: string; directory: string; seen: string }>(
    exitClass.retention,
    (c) => `${c.directory} is not proved to be backup ${c.object}: ${c.seen}; nothing of it was removed`,
    "look at the directory; if it is an old backup of umbra's, remove it by hand and run `umbra catalog rebuild`",
  ),
} as const;
