import { constants } from "node:fs";
import { open, readdir, readFile, rmdir, stat, statfs, unlink } from "node:fs/promises";

import { instant } from "../../domain/instant.ts";
import type { FilePath } from "../../domain/names.ts";
import type { Copier, ForwardRequest, RefreshRequest } from "../../ports/copier.ts";
import type { FileStat, Host } from "../../ports/host.ts";
import { appendPiece } from "./append-piece.ts";
import { writeAtomically } from "./atomic-write.ts";
import { makeDirectory } from "./make-directory.ts";
import { MOUNTINFO, parseMountinfo } from "./mountinfo.ts";
import { errnoOf, onPath } from "./path-call.ts";
import { publishFile } from "./publish-file.ts";
import { runLocally } from "./run-locally.ts";

export interface LocalHostParts {
  readonly copier: Pick<Copier, "copy" | "verify"> & Partial<Pick<Copier, "forward" | "refresh">>;
  readonly name?: string;
}

/** This machine. Contract: `Host`. */
export function createLocalHost({ copier, name = "local" }: LocalHostParts): Host {
  const { forward, refresh } = copier;
  return {
    name,
    stat: (path, options) => onPath(path, "stat", options, () => statOf(path)),
    list: (path, options) => onPath(path, "list", options, () => namesIn(path)),
    read: (path, range, options) => onPath(path, "read", options, () => readRange(path, range)),
    writeAtomically: (path, content, options) =>
      onPath(path, "write", options, (stillWanted) => writeAtomically(path, content, stillWanted)),
    append: (path, piece, options) =>
      onPath(path, "append", options, (stillWanted) => appendPiece(path, piece, stillWanted)),
    publish: (path, final, options) =>
      onPath(path, "publish", options, (stillWanted) => publishFile(path, final, stillWanted)),
    makeDirectory: (path, options) => onPath(path, "make directory", options, () => makeDirectory(path)),
    remove: (path, options) => onPath(path, "remove", options, () => removeEntry(path)),
    freeBytes: (path, options) => onPath(path, "statfs", options, () => freeBytes(path)),
    mounts: (options) =>
      onPath(MOUNTINFO, "read", options, async () => parseMountinfo(await readFile(MOUNTINFO, "utf8"))),
    run: (argv, options) => runLocally(name, argv, options),
    copy: (request) => copier.copy(request),
    ...(forward && { forward: (request: ForwardRequest) => forward.call(copier, request) }),
    ...(refresh && { refresh: (request: RefreshRequest) => refresh.call(copier, request) }),
    verify: (request) => copier.verify(request),
  };
}

async function statOf(path: FilePath): Promise<FileStat | undefined> {
  const found = await ifThere(stat(path, { bigint: true }));
  if (found === undefined) return undefined;
  return {
    kind: found.isFile() ? "file" : found.isDirectory() ? "directory" : "other",
    bytes: Number(found.size),
    modifiedAt: instant(Number(found.mtimeMs)),
    device: found.dev.toString(),
    mode: Number(found.mode & 0o7777n),
  };
}

async function namesIn(path: FilePath): Promise<readonly string[] | undefined> {
  const names = await ifThere(readdir(path));
  return names?.toSorted();
}

/** Without O_NONBLOCK a named pipe would hold the open for ever. */
async function readRange(path: FilePath, range: { offset: number; length: number }): Promise<Buffer> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(range.length);
  let done = 0;
  while (done < range.length) {
    const { bytesRead } = await file.read(buffer, done, range.length - done, range.offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

async function removeEntry(path: FilePath): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return;
    // Linux says EISDIR for a directory, POSIX allows EPERM.
    if (errnoOf(error) !== "EISDIR" && errnoOf(error) !== "EPERM") throw error;
    await ifThere(rmdir(path));
  }
}

/** What an ordinary user may still write. */
async function freeBytes(path: FilePath): Promise<number> {
  const { bavail, bsize } = await statfs(path, { bigint: true });
  return Number(bavail * bsize);
}

async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}
