import type { AreaFile, AreaLog } from "../domain/archive.ts";
import type { FilePath } from "../domain/names.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { archivedLogProblems, readArchivedLogHeader } from "../formats/archived-log-header.ts";
import { below } from "../plan/backup-layout.ts";
import type { FileStat, Host, HostOptions } from "../ports/host.ts";
import { eachOf } from "./each-of.ts";
import type { World } from "./world.ts";

/** The largest block of a redo log is 4 KiB; its header is in block 1. */
const HEAD_BYTES = 8_192;
/** Headers read at once: over ssh each is a round trip. */
const WIDTH = 8;
/** Half-written copies of umbra's, probes, and what others hide. */
const isHidden = (name: string): boolean => name.startsWith(".");

/**
 * What lies in a directory of logs, each by its own header: names are not trusted. Undefined where there is no directory.
 * `known`: headers that need not be read again, by path. Errors: UMB-7xxx of the host; a single file that cannot be read is
 * a strange one.
 */
export async function readLogDirectory(
  world: Pick<World, "signal" | "database">,
  host: Host,
  directory: FilePath,
  known: ReadonlyMap<FilePath, AreaLog> = new Map(),
): Promise<readonly AreaFile[] | undefined> {
  const { signal } = world;
  const options: HostOptions = { deadlineMs: world.database.deadlines.statementMs, signal };
  const names = await host.list(directory, options);
  if (names === undefined) return undefined;
  const files = new Map<string, AreaFile>();
  const shown = names.filter((name) => !isHidden(name));
  await eachOf(shown, WIDTH, signal, async (name) => {
    const file = await readLogFile(host, below(directory, name), options, known);
    if (file !== undefined) files.set(name, file);
  });
  return shown.flatMap((name) => files.get(name) ?? []);
}

/** Undefined: it has gone meanwhile, or is a directory. */
export async function readLogFile(
  host: Host,
  path: FilePath,
  options: HostOptions,
  known: ReadonlyMap<FilePath, AreaLog> = new Map(),
): Promise<AreaFile | undefined> {
  try {
    const stat = await host.stat(path, options);
    if (stat === undefined || stat.kind === "directory") return undefined;
    const before = known.get(path);
    if (before?.bytes === stat.bytes && before.modifiedAt === stat.modifiedAt) return before;
    if (stat.kind !== "file") return strange(path, stat, "not a regular file");
    return fileOf(path, stat, await host.read(path, { offset: 0, length: HEAD_BYTES }, options));
  } catch (error) {
    if (!isUmbraError(error) || options.signal?.aborted === true) throw error;
    return {
      kind: "strange",
      path,
      bytes: 0,
      modifiedAt: 0 as AreaLog["modifiedAt"],
      problem: error.message,
    };
  }
}

function strange(path: FilePath, stat: FileStat, problem: string): AreaFile {
  return { kind: "strange", path, bytes: stat.bytes, modifiedAt: stat.modifiedAt, problem };
}

function fileOf(path: FilePath, stat: FileStat, head: Buffer): AreaFile {
  const parsed = readArchivedLogHeader(head);
  if (!parsed.ok) return strange(path, stat, parsed.reason);
  const header = parsed.value;
  return {
    kind: "log",
    path,
    bytes: stat.bytes,
    modifiedAt: stat.modifiedAt,
    dbid: header.dbid,
    thread: header.thread,
    sequence: header.sequence,
    incarnation: header.resetlogsId,
    firstScn: header.firstScn,
    ...(header.nextScn === undefined ? {} : { nextScn: header.nextScn }),
    blockSize: header.blockSize,
    problems: archivedLogProblems(header, { fileBytes: stat.bytes }),
  };
}
