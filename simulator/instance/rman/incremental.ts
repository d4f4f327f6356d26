import { existsSync, writeFileSync } from "node:fs";

import { blockTypes, blockType } from "../../files/block.ts";
import { type DatafileHeader, encodeDatafileHeader } from "../../files/datafile-header.ts";
import type { DatafileRecord } from "../control-file.ts";
import type { SimulatedDatabase } from "../database.ts";
import { encodePiece, type PieceBlock } from "./backup-piece.ts";
import { copyHeader, filePoint } from "./file-point.ts";
import { backedUp } from "./image-copy.ts";
import { corrupt, isDamaged, notCreated, readBlocks } from "./read-datafile.ts";
import {
  type BackupPieceRecord,
  type BackupSetRecord,
  type DatafileCopyRecord,
  nextKey,
  recordsOf,
} from "./records.ts";

export interface IncrementalFile {
  readonly file: DatafileRecord;
  /** Blocks changed since its checkpoint go into the set. */
  readonly parent: DatafileCopyRecord;
}

export interface SetOrder {
  readonly files: readonly IncrementalFile[];
  readonly tag: string;
  /** Path of a piece of the set. */
  readonly pieceName: (set: number, piece: number) => string;
  /** Blocks of one piece; only where the set holds one file. */
  readonly sectionBlocks: number | undefined;
  readonly onPiece: (piece: BackupPieceRecord, startedAt: Date) => void;
  /** Nobody wrote the file since its parent was made. */
  readonly onUnchanged: (file: DatafileRecord) => void;
}

interface ReadFile {
  readonly source: IncrementalFile;
  readonly header: DatafileHeader;
  readonly blocks: readonly PieceBlock[];
  readonly read: number;
}

/**
 * BACKUP INCREMENTAL LEVEL 1: one set with all files that were written; undefined where none was. Nothing is known of it
 * unless all pieces were written.
 */
export async function backupIncremental(
  database: SimulatedDatabase,
  order: SetOrder,
): Promise<BackupSetRecord | undefined> {
  const records = recordsOf(database.control);
  const count = records.nextSet;
  records.nextSet += 1;
  const startedAt = database.hooks.now();
  const files: ReadFile[] = [];
  for (const source of order.files) {
    const changed = await changedBlocks(database, source);
    if (changed === undefined) order.onUnchanged(source.file);
    else files.push(changed);
  }
  if (files.length === 0) return undefined;
  const pieces: BackupPieceRecord[] = [];
  for (const [from, to] of sections(files, order.sectionBlocks)) {
    const piece = pieces.length + 1;
    const handle = order.pieceName(count, piece);
    const began = database.hooks.now();
    const content = encodePiece({
      dbid: database.control.dbid,
      set: count,
      piece,
      tag: order.tag,
      files: files.map(({ source, header, blocks }) => ({
        file: source.file.file,
        blockSize: source.file.blockSize,
        header: encodeDatafileHeader(header),
        blocks: blocks.filter(({ number }) => number >= from && number <= to),
      })),
    });
    writeOnce(handle, content);
    const completedAt = database.hooks.now();
    const record: BackupPieceRecord = {
      ...nextKey(records, completedAt),
      piece,
      handle,
      tag: order.tag,
      bytes: content.length,
      startedAt: began,
      completedAt,
      status: "A",
    };
    pieces.push(record);
    order.onPiece(record, began);
  }
  return remember(database, { count, startedAt, pieces, files, sectionBlocks: order.sectionBlocks ?? 0 });
}

/** Blocks not older than the parent's checkpoint, and all that were never used: those may have been something else. */
async function changedBlocks(
  database: SimulatedDatabase,
  source: IncrementalFile,
): Promise<ReadFile | undefined> {
  const { file, parent } = source;
  const header = await filePoint(database, file);
  if (header.checkpoint.scn === parent.checkpointScn) return undefined;
  const blocks: PieceBlock[] = [];
  let newest = 0n;
  let read = 0;
  for await (const { number, scn, verdict, bytes } of readBlocks(database, file, header.blocks)) {
    read += 1;
    if (isDamaged(verdict)) throw corrupt(file.path);
    if (scn > newest) newest = scn;
    const unused = verdict === "all-zero" || blockType(bytes) === blockTypes.neverUsed;
    if (unused) blocks.push({ number, bytes: undefined });
    else if (scn >= parent.checkpointScn || number > parent.blocks)
      blocks.push({ number, bytes: Buffer.from(bytes) });
  }
  return { source, header: copyHeader(header, newest), blocks, read };
}

function sections(
  files: readonly ReadFile[],
  sectionBlocks: number | undefined,
): (readonly [number, number])[] {
  const [only] = files;
  if (sectionBlocks === undefined || only === undefined || files.length > 1)
    return [[0, Number.MAX_SAFE_INTEGER]];
  const ranges: (readonly [number, number])[] = [];
  for (let from = 0; from <= only.header.blocks; from += sectionBlocks)
    ranges.push([from, from + sectionBlocks - 1]);
  return ranges;
}

function writeOnce(path: string, content: Buffer): void {
  if (existsSync(path)) throw notCreated(path, Object.assign(new Error("exists"), { code: "EEXIST" }));
  try {
    writeFileSync(path, content, { flag: "wx", flush: true });
  } catch (error) {
    throw notCreated(path, error);
  }
}

function remember(
  database: SimulatedDatabase,
  made: Pick<BackupSetRecord, "count" | "startedAt" | "pieces"> & {
    readonly files: readonly ReadFile[];
    readonly sectionBlocks: number;
  },
): BackupSetRecord {
  const records = recordsOf(database.control);
  const now = database.hooks.now();
  const set: BackupSetRecord = {
    ...nextKey(records, now),
    count: made.count,
    type: "I",
    incrementalLevel: 1,
    controlfile: false,
    startedAt: made.startedAt,
    completedAt: now,
    pieces: made.pieces,
    files: made.files.map(({ source, header, blocks, read }) => ({
      ...nextKey(records, now),
      ...backedUp(source.file, header),
      incrementalScn: source.parent.checkpointScn,
      blocksInBackup: blocks.filter(({ bytes }) => bytes !== undefined).length,
      blocksRead: read,
      sectionBlocks: made.sectionBlocks,
    })),
  };
  records.sets.push(set);
  database.writeControl();
  return set;
}
