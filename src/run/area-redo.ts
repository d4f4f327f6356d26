import type { ArchivedLogFacts } from "../domain/facts.ts";
import type { FilePath } from "../domain/names.ts";
import type { Scn } from "../domain/scn.ts";
import { archivedLogProblems, readArchivedLogHeader } from "../formats/archived-log-header.ts";
import { below } from "../plan/backup-layout.ts";
import type { Host, HostOptions } from "../ports/host.ts";
import { eachOf } from "./each-of.ts";

/** A whole archived log, by its own header. */
export interface ArchivedRedo {
  readonly name: string;
  readonly bytes: number;
  readonly thread: number;
  readonly sequence: number;
  readonly resetlogsId: string;
  readonly resetlogsScn: Scn;
  readonly firstScn: Scn;
  readonly nextScn: Scn;
  readonly blockSize: number;
  readonly blocks: number;
}

/** Two blocks of the largest size that redo has. */
const HEAD_BYTES = 8_192;
const WIDTH = 8;

/**
 * The archived logs of one database in a directory. Names are the archiver's and tell nothing; a file counts if its header
 * is that of a closed log of this DBID and its size is as the header says (rule 94). What is still being written, and what
 * is no log, is left out. `known` is added to, and spares reading what it has.
 */
export async function readAreaRedo(
  host: Pick<Host, "list" | "stat" | "read">,
  place: { readonly directory: FilePath; readonly dbid: string },
  options: HostOptions,
  known = new Map<string, ArchivedRedo>(),
): Promise<ReadonlyMap<string, ArchivedRedo>> {
  const { directory, dbid } = place;
  const names = ((await host.list(directory, options)) ?? []).filter((name) => !name.startsWith("."));
  for (const name of known.keys()) if (!names.includes(name)) known.delete(name);
  const unknown = names.filter((name) => !known.has(name));
  await eachOf(unknown, WIDTH, options.signal ?? new AbortController().signal, async (name) => {
    const redo = await readOne(host, below(directory, name), name, dbid, options);
    if (redo !== undefined) known.set(name, redo);
  });
  return known;
}

async function readOne(
  host: Pick<Host, "stat" | "read">,
  path: FilePath,
  name: string,
  dbid: string,
  options: HostOptions,
): Promise<ArchivedRedo | undefined> {
  const stat = await host.stat(path, options);
  if (stat?.kind !== "file") return undefined;
  const head = await host.read(path, { offset: 0, length: HEAD_BYTES }, options);
  const read = readArchivedLogHeader(head);
  if (!read.ok || archivedLogProblems(read.value, { fileBytes: stat.bytes, dbid }).length > 0)
    return undefined;
  const { thread, sequence, resetlogsId, resetlogsScn, firstScn, nextScn, blockSize, blocks } = read.value;
  if (nextScn === undefined) return undefined;
  return {
    name,
    bytes: stat.bytes,
    thread,
    sequence,
    resetlogsId,
    resetlogsScn,
    firstScn,
    nextScn,
    blockSize,
    blocks,
  };
}

/** As the database would tell of it: with the lowest destination number, so that it is taken before all others. */
export function asArchivedLog(redo: ArchivedRedo, directory: FilePath): ArchivedLogFacts {
  const { name, bytes: _bytes, ...log } = redo;
  return {
    ...log,
    destination: 0,
    archived: true,
    deleted: false,
    status: "A",
    path: below(directory, name),
  };
}
