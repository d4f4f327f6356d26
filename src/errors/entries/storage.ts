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
  "UMB-6201": entry<{ seen: string }>(
    exitClass.storage,
    (c) => c.seen,
    "create the directory of the storage, mount it, and give umbra's user write permission",
  ),
  "UMB-6202": entry<{ seen: string }>(
    exitClass.storage,
    (c) => c.seen,
    "enlarge the storage or remove old backups",
  ),
} as const;
