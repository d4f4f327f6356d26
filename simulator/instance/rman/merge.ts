import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";

import { neverUsedBlock, rdba } from "../../files/block.ts";
import { type DatafileHeader, decodeDatafileHeader, isBigfile } from "../../files/datafile-header.ts";
import { encodeOsHeader } from "../../files/os-header.ts";
import { OraError } from "../../engine/ora-error.ts";
import { readHeaderOfAnySize, writeHeader } from "../data-files.ts";
import type { SimulatedDatabase } from "../database.ts";
import { type PieceBlock, type PieceFile, readPiece } from "./backup-piece.ts";
import { notFound } from "./read-datafile.ts";
import {
  type BackupDatafileRecord,
  type BackupSetRecord,
  type DatafileCopyRecord,
  nextKey,
  recordsOf,
} from "./records.ts";

/** Sets that bring a copy forward, one after the other; each begins at or before the checkpoint reached before it. */
export function setsFor(
  sets: readonly BackupSetRecord[],
  copy: DatafileCopyRecord,
  untilScn: bigint | undefined,
): BackupSetRecord[] {
  const chain: BackupSetRecord[] = [];
  let reached = copy.checkpointScn;
  for (;;) {
    const next = sets.find((set) => {
      const part = partOf(set, copy);
      if (part === undefined || set.pieces.some(({ status }) => status !== "A")) return false;
      const fits = part.incrementalScn <= reached && part.checkpointScn > reached;
      return fits && (untilScn === undefined || part.checkpointScn < untilScn);
    });
    const part = next && partOf(next, copy);
    if (next === undefined || part === undefined) return chain;
    chain.push(next);
    reached = part.checkpointScn;
  }
}

function partOf(set: BackupSetRecord, copy: DatafileCopyRecord): BackupDatafileRecord | undefined {
  if (set.incrementalLevel !== 1) return undefined;
  return set.files.find(
    (part) =>
      part.file === copy.file &&
      part.creationScn === copy.creationScn &&
      part.resetlogsScn === copy.resetlogsScn,
  );
}

/**
 * RECOVER COPY: writes the blocks of one set into one image copy. May be done again: the header moves on last, and until
 * then says that newer blocks are in. The record of the copy is replaced by a new one.
 */
export function mergeInto(
  database: SimulatedDatabase,
  copy: DatafileCopyRecord,
  set: BackupSetRecord,
): DatafileCopyRecord {
  const header = identified(database, copy, set);
  const parts = set.pieces.map(({ handle }) => partFrom(handle, copy.file));
  const [first] = parts;
  const target = first === undefined ? undefined : decodeDatafileHeader(first.header);
  if (first === undefined || target === undefined)
    throw new OraError(19_870, `error while restoring backup piece ${set.pieces[0]?.handle ?? ""}`);
  writeHeader(copy.path, { ...header, absoluteFuzzyScn: newest(target) });
  const fd = openSync(copy.path, "r+");
  try {
    for (const part of parts) for (const block of part.blocks) writeBlock(fd, target, block);
    const os = encodeOsHeader({ blockSize: target.blockSize, blocks: target.blocks, redo: false });
    writeSync(fd, os, 0, os.length, 0);
    ftruncateSync(fd, (target.blocks + 1) * target.blockSize);
    fsyncSync(fd);
    writeSync(fd, first.header, 0, first.header.length, target.blockSize);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return replaced(database, copy, target);
}

function newest({ absoluteFuzzyScn, checkpoint }: DatafileHeader): bigint {
  return absoluteFuzzyScn > checkpoint.scn ? absoluteFuzzyScn : checkpoint.scn;
}

/** The file as it is, not as the control file remembers it: somebody may have put an older one in its place. */
function identified(
  database: SimulatedDatabase,
  copy: DatafileCopyRecord,
  set: BackupSetRecord,
): DatafileHeader {
  if (!existsSync(copy.path)) throw notFound(copy.path);
  const header = readHeaderOfAnySize(copy.path);
  const part = partOf(set, copy);
  const same =
    header?.dbid === database.control.dbid &&
    header.file === copy.file &&
    header.creationScn === copy.creationScn;
  if (header === undefined || !same)
    throw new OraError(19_563, `datafile header validation failed for file ${copy.path}`);
  if (part !== undefined && header.checkpoint.scn < part.incrementalScn)
    throw new OraError(19_923, `incremental backup of datafile ${copy.file} begins after its checkpoint`, {
      below: [`ORA-01110: data file ${copy.file}: '${copy.path}'`],
    });
  return header;
}

function partFrom(handle: string, file: number): PieceFile {
  if (!existsSync(handle))
    throw new OraError(19_505, `failed to identify file "${handle}"`, {
      below: ["ORA-27037: unable to obtain file status", "Linux-x86_64 Error: 2: No such file or directory"],
    });
  const part = readPiece(handle)?.files.find((candidate) => candidate.file === file);
  if (part === undefined)
    throw new OraError(19_870, `error while restoring backup piece ${handle}`, {
      below: [`ORA-19587: error occurred reading 8192 bytes at block number 1`],
    });
  return part;
}

function writeBlock(fd: number, target: DatafileHeader, block: PieceBlock): void {
  const { blockSize, relativeFile } = target;
  const address = rdba({ relativeFile, block: block.number, bigfile: isBigfile(target) });
  const bytes = block.bytes ?? neverUsedBlock(blockSize, address);
  writeSync(fd, bytes, 0, bytes.length, block.number * blockSize);
}

function replaced(
  database: SimulatedDatabase,
  copy: DatafileCopyRecord,
  header: DatafileHeader,
): DatafileCopyRecord {
  const records = recordsOf(database.control);
  const now = database.hooks.now();
  const record: DatafileCopyRecord = {
    ...copy,
    ...nextKey(records, now),
    checkpointScn: header.checkpoint.scn,
    checkpointAt: header.checkpoint.at,
    absoluteFuzzyScn: header.absoluteFuzzyScn,
    blocks: header.blocks,
    completedAt: now,
  };
  copy.status = "D";
  records.copies.push(record);
  database.writeControl();
  return record;
}
