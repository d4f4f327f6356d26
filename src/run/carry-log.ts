import { createHash } from "node:crypto";

import type { FilePath } from "../domain/names.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import { type BackfillCopy, bytesOf } from "../plan/archive-backfill.ts";
import type { Host, HostOptions } from "../ports/host.ts";
import { newLogPart } from "./left-log-parts.ts";
import { proveLog } from "./prove-log.ts";
import type { StandbyWay } from "./standby-way.ts";
import type { World } from "./world.ts";

/** Two of them are in memory at most, once more in the text of a far side's line. */
const PIECE_BYTES = 4 * 1024 * 1024;
/** A storage slower than this, in bytes a millisecond, is taken to hang when the whole log is flushed. */
const SLOWEST_FLUSH = 10_000;

/** Where the area is written, by pieces. */
type Receiver = Host & Required<Pick<Host, "append" | "publish">>;

/**
 * Brings a log from a host that does not see the area: piece by piece into a file without a name of its own, which is
 * read again and judged block by block before it gets its name. Nothing is left where that fails.
 * Errors: UMB-7111 from the standby's side, UMB-61xx from the area's, UMB-9xxx where it is not the log.
 */
export async function carryLog(
  world: World,
  way: StandbyWay,
  copy: BackfillCopy,
  dbid: string,
): Promise<void> {
  const { copyStallMs, statementMs } = world.database.deadlines;
  const { source, target, blockSize } = copy;
  const bytes = bytesOf(copy);
  const read = readerOf(way, source, { deadlineMs: copyStallMs, signal: world.signal });
  proveLog(source, await read(0, 2 * blockSize), copy, dbid, await lengthOf(world, way, source));
  const receiver = receiverOf(world);
  const part = newLogPart(world);
  const options = { deadlineMs: copyStallMs, signal: world.signal };
  try {
    const sha256 = createHash("sha256");
    for (let offset = 0; offset < bytes; offset += PIECE_BYTES) {
      const length = Math.min(PIECE_BYTES, bytes - offset);
      const content = await read(offset, length);
      if (content.length < length) throw shrunk(way, source, offset + content.length, bytes);
      sha256.update(content);
      await ofArea(part, copyStallMs, receiver.append(part, { offset, content }, options));
    }
    await judge(world, receiver, { part, copy, dbid, sha256: sha256.digest("hex") });
    const flush = { ...options, deadlineMs: copyStallMs + Math.ceil(bytes / SLOWEST_FLUSH) };
    await ofArea(target, flush.deadlineMs, receiver.publish(part, target, flush));
  } catch (error) {
    // Also after an abort: without its signal. What stays all the same, the next run removes.
    await receiver.remove(part, { deadlineMs: statementMs }).catch(() => {});
    throw error;
  }
}

/** The header, every block, and that what was written is what was read. */
async function judge(
  world: World,
  receiver: Receiver,
  what: {
    readonly part: FilePath;
    readonly copy: BackfillCopy;
    readonly dbid: string;
    readonly sha256: string;
  },
): Promise<void> {
  const { part, copy, dbid, sha256 } = what;
  const { source, blockSize } = copy;
  const stallMs = world.database.deadlines.copyStallMs;
  const request = { path: part, mode: "redo", blockSize, sha256, stallMs, signal: world.signal } as const;
  const found = await ofArea(part, stallMs, receiver.verify(request));
  const problems = [
    ...(found.problem === undefined ? [] : [found.problem]),
    ...found.damaged.slice(0, 3).map((one) => `block ${one.block} is damaged (${one.verdict})`),
    ...(found.sha256Matches === true ? [] : ["what was written is not what was read"]),
  ];
  if (problems.length > 0) throw new UmbraError("UMB-9003", { log: source, problems, rule: 94 });
  proveLog(source, found.head, copy, dbid, found.bytes);
}

/** The machine where the area is mounted, or the database's, whichever has umbra. */
function receiverOf({ backupHost, databaseHost }: World): Receiver {
  const host = [backupHost, databaseHost].find(canReceive);
  if (host !== undefined) return host;
  throw new UmbraError("UMB-7224", { host: backupHost.name, call: "append", allowed: [] });
}

function canReceive(host: Host): host is Receiver {
  return host.append !== undefined && host.publish !== undefined;
}

function readerOf(way: StandbyWay, path: FilePath, options: HostOptions) {
  return (offset: number, length: number) =>
    ofStandby(way, path, way.host.read(path, { offset, length }, options));
}

async function lengthOf(world: World, way: StandbyWay, path: FilePath): Promise<number> {
  const options = { deadlineMs: way.database.deadlines.statementMs, signal: world.signal };
  const found = await ofStandby(way, path, way.host.stat(path, options));
  if (found?.kind === "file") return found.bytes;
  throw failedThere(way, path, new UmbraError("UMB-7101", { path }));
}

function shrunk(way: StandbyWay, path: FilePath, bytes: number, wanted: number): UmbraError {
  return failedThere(way, path, new UmbraError("UMB-7104", { path, bytes, wanted }));
}

function failedThere({ database }: StandbyWay, path: FilePath, cause: UmbraError): UmbraError {
  const context = { standby: database.name, path, problem: cause.message };
  return new UmbraError("UMB-7111", context, { cause });
}

/** What fails over there says nothing about the area, nor about other standbys. */
async function ofStandby<T>(way: StandbyWay, path: FilePath, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw isUmbraError(error) ? failedThere(way, path, error) : error;
  }
}

const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT"]);

/** What fails here would fail with the next log too. */
async function ofArea<T>(path: FilePath, stallMs: number, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isUmbraError(error)) throw error;
    if (error.code === "UMB-7107" || error.code === "UMB-7106") {
      throw new UmbraError("UMB-6103", { path, stallMs }, { cause: error });
    }
    if (error.code !== "UMB-7108") throw error;
    const { errno, operation } = error.context as { readonly errno: string; readonly operation: string };
    if (FULL.has(errno)) throw new UmbraError("UMB-6102", { path, errno }, { cause: error });
    throw new UmbraError("UMB-6101", { path, operation, errno }, { cause: error });
  }
}
