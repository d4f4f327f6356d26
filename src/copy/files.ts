import { constants } from "node:fs";
import { lstat, open, rename, stat, unlink, type FileHandle } from "node:fs/promises";

/** An open file, as Node has it. */
export type OpenFile = Pick<FileHandle, "fd" | "stat" | "read" | "write" | "truncate" | "sync" | "close">;

export type Access = "read" | "write" | "read-write";

/** The calls that a copy makes on the file system; exchanged where a test wants a disk that fails. */
export interface Files {
  /** Follows symbolic links; does not wait for the other end of a pipe. */
  openSource(path: string): Promise<OpenFile>;
  /** A new file for reading and writing; EEXIST where the name is taken, by a symbolic link too. */
  createNew(path: string): Promise<OpenFile>;
  /** A file that is there, for reading and writing; ELOOP where its name is a symbolic link. */
  openExisting(path: string): Promise<OpenFile>;
  /** The same file again, past the page cache, for whole pages only; undefined where that is not to be had. */
  openDirect?(file: OpenFile, access: Access): Promise<OpenFile | undefined>;
  isRegular(path: string): Promise<boolean>;
  /** The same for the name itself, without following a link. */
  isPlainEntry(path: string): Promise<boolean>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  syncDirectory(path: string): Promise<void>;
}

const ways = {
  read: constants.O_RDONLY,
  write: constants.O_WRONLY,
  "read-write": constants.O_RDWR,
} as const satisfies Record<Access, number>;

/** Readable by the owner's group, as Oracle makes its datafiles. */
const COPY_MODE = 0o640;

export const nodeFiles: Files = {
  openSource: (path) => open(path, constants.O_RDONLY | constants.O_NONBLOCK),
  createNew: (path) => open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, COPY_MODE),
  openExisting: (path) => open(path, constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK),
  openDirect: async (file, access) => {
    try {
      // By its descriptor: the name may stand for another file meanwhile.
      return await open(`/proc/self/fd/${file.fd}`, ways[access] | constants.O_DIRECT);
    } catch {
      return undefined;
    }
  },
  isRegular: async (path) => (await stat(path)).isFile(),
  isPlainEntry: async (path) => (await lstat(path)).isFile(),
  rename,
  remove: unlink,
  syncDirectory: async (path) => {
    const directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  },
};
