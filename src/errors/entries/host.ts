import { entry } from "../entry.ts";
import { exitClass } from "../exit-classes.ts";

/** UMB-7xxx. */
export const hostErrors = {
  "UMB-7101": entry<{ path: string }>(
    exitClass.host,
    (c) => `${c.path}: the file to copy is not there, or was removed while it was copied`,
    "if it was dropped from the database, start the backup again; else look at its mount",
  ),
  "UMB-7102": entry<{ path: string }>(
    exitClass.host,
    (c) => `${c.path}: not a regular file, so it cannot be copied as an image`,
    "files in ASM and on raw devices are not supported: keep datafiles on a file system",
  ),
  "UMB-7103": entry<{ path: string; operation: string; errno: string }>(
    exitClass.host,
    (c) => `${c.path}: ${c.operation} failed with ${c.errno}`,
    "umbra's user must be able to read the file; for EIO look at the host's disk errors first",
  ),
  "UMB-7104": entry<{ path: string; bytes: number; wanted: number }>(
    exitClass.host,
    (c) =>
      `${c.path}: holds ${c.bytes} bytes, fewer than the ${c.wanted} that its block 0 or the start of the copy told`,
    "the file is truncated, or was made smaller while it was copied: check it with DBVERIFY and copy again",
  ),
  "UMB-7105": entry<{ path: string; blocks: number; expected: number }>(
    exitClass.host,
    (c) => `${c.path}: has ${c.blocks} blocks where the database told ${c.expected}`,
    "check that the path is the datafile of this database, and that nobody resized it",
  ),
  "UMB-7106": entry<{ path: string; stallMs: number }>(
    exitClass.host,
    (c) => `${c.path}: no byte could be read for ${c.stallMs} ms`,
    "the file system below it hangs: look at its mount, then run the backup again",
  ),
  "UMB-7107": entry<{ path: string; operation: string; deadlineMs: number }>(
    exitClass.host,
    (c) => `${c.path}: no answer to ${c.operation} within ${c.deadlineMs} ms`,
    "the file system below it hangs: look at its mount, then run the command again",
  ),
  "UMB-7108": entry<{ path: string; operation: string; errno: string }>(
    exitClass.host,
    (c) => `${c.path}: ${c.operation} failed with ${c.errno}`,
    "check that the path is right and that umbra's user may use it; for ENOSPC free space, for EIO look at the disk",
  ),
} as const;
