import type { Instant } from "../domain/instant.ts";
import type { Mount } from "../domain/mount.ts";
import type { FilePath } from "../domain/names.ts";
import type {
  CopyRequest,
  CopyResult,
  ForwardRequest,
  ForwardResult,
  RefreshRequest,
  RefreshResult,
  VerifyRequest,
  VerifyResult,
} from "./copier.ts";

export interface FileStat {
  readonly kind: "file" | "directory" | "other";
  readonly bytes: number;
  readonly modifiedAt: Instant;
  /** Identifies the file system: equal on two paths means the same one. */
  readonly device: string;
  readonly mode: number;
}

export interface HostOptions {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

export interface RunOptions extends HostOptions {
  /** All of standard input; without it the program reads an empty one. */
  readonly input?: string | Uint8Array;
  /** Limit of standard output and standard error together; a program that prints more is killed (UMB-7204). */
  readonly maxOutputBytes: number;
}

/** How a program ended: by itself with a status, or by a signal. Exactly one of the two is there. */
export interface RunResult {
  /** 127: no such program; 126: it may not be executed. */
  readonly status: number | undefined;
  /** `SIGTERM` and the like. */
  readonly signal: string | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/**
 * The machine on which files are: the database's or the backup storage's.
 * Errors: `UmbraError` UMB-7xxx with path and errno. Absence is `undefined` where the method says so, else an error.
 */
export interface Host {
  readonly name: string;
  /** undefined where nothing is there. Follows symbolic links. */
  stat(path: FilePath, options: HostOptions): Promise<FileStat | undefined>;
  /** Names in a directory, sorted; undefined where it is not there. */
  list(path: FilePath, options: HostOptions): Promise<readonly string[] | undefined>;
  /** At most `length` bytes from `offset`; shorter at the end of the file. */
  read(path: FilePath, range: { offset: number; length: number }, options: HostOptions): Promise<Buffer>;
  /** Temporary name in the same directory, fsync, rename, fsync of the directory. Replaces what was there. */
  writeAtomically(path: FilePath, content: string | Uint8Array, options: HostOptions): Promise<void>;
  /**
   * Adds a piece to a file that is being made, for content that comes from elsewhere and is not all at hand. `offset` is
   * the file's length so far (EINVAL else); 0 makes it (EEXIST where something has the name). After an error the file
   * may hold any part of the piece: remove it. Not durable before `publish`. Absent on hosts without umbra.
   */
  append?(
    path: FilePath,
    piece: { readonly offset: number; readonly content: Uint8Array },
    options: HostOptions,
  ): Promise<void>;
  /**
   * Gives a file that is whole its name in the same directory: fsync, rename, fsync of the directory. EEXIST where
   * something has that name. Absent as `append`.
   */
  publish?(path: FilePath, name: FilePath, options: HostOptions): Promise<void>;
  /** With parents; done already is success. Each new directory entry is fsynced. */
  makeDirectory(path: FilePath, options: HostOptions): Promise<void>;
  /** A file, or an empty directory. Gone already is success. */
  remove(path: FilePath, options: HostOptions): Promise<void>;
  freeBytes(path: FilePath, options: HostOptions): Promise<number>;
  /** What is mounted, in the order of the kernel. Touches no mount. See `mountOf`. */
  mounts(options: HostOptions): Promise<readonly Mount[]>;
  /**
   * Runs a program, never a shell line: the first word is found on the account's PATH. A status other than 0 is a result.
   * Errors: UMB-7201 it did not start; UMB-7202 deadline, UMB-7203 connection lost: it may have done its work or not, and
   * may still do it, so look before it is run again; UMB-7204 too much output. After the first, the second, the fourth and
   * an abort nothing of it runs on, as far as the host can be reached.
   */
  run(argv: readonly string[], options: RunOptions): Promise<RunResult>;
  /** The image-copy engine, run where the data is. See `CopyRequest`. */
  copy(request: CopyRequest): Promise<CopyResult>;
  /** Brings a copy forward where it lies. Absent where files are copied by the host's own tools. See `RefreshRequest`. */
  refresh?(request: RefreshRequest): Promise<RefreshResult>;
  /** Makes a copy in several passes. Absent where files are copied by the host's own tools. See `ForwardRequest`. */
  forward?(request: ForwardRequest): Promise<ForwardResult>;
  /** Reads a copy again, where it lies. See `VerifyRequest`. */
  verify(request: VerifyRequest): Promise<VerifyResult>;
}
