import { toOracleTime } from "../../files/oracle-time.ts";
import type { ControlFile } from "../control-file.ts";

/** What the control file knows of copies and backup sets: behind v$datafile_copy, v$backup_set, _piece and _datafile. */
export interface RmanRecords {
  nextRecid: number;
  nextSet: number;
  copies: DatafileCopyRecord[];
  sets: BackupSetRecord[];
}

/** A available, X expired (a crosscheck did not find it), D deleted or uncatalogued. */
type RecordStatus = "A" | "X" | "D";

/** Of a datafile, wherever it was backed up: the file, not its path (rule 56). */
interface BackedUpFile {
  file: number;
  conId: number;
  creationScn: bigint;
  creationAt: Date;
  resetlogsScn: bigint;
  resetlogsAt: Date;
  checkpointScn: bigint;
  checkpointAt: Date;
  /** Newest block, where it is newer than the checkpoint; 0 otherwise. */
  absoluteFuzzyScn: bigint;
  /** Size of the file in blocks, without block 0. */
  blocks: number;
  blockSize: number;
}

export interface DatafileCopyRecord extends BackedUpFile {
  recid: number;
  stamp: number;
  path: string;
  tag: string;
  relativeFile: number;
  /** Only a copy of level 0 is the parent of a level 1. */
  incrementalLevel: 0 | null;
  /** Taken while the file was in backup mode. */
  inBackup: boolean;
  completedAt: Date;
  status: RecordStatus;
}

export interface BackupSetRecord {
  recid: number;
  stamp: number;
  /** SET_COUNT. */
  count: number;
  type: "D" | "I";
  incrementalLevel: 0 | 1 | null;
  controlfile: boolean;
  startedAt: Date;
  completedAt: Date;
  pieces: BackupPieceRecord[];
  files: BackupDatafileRecord[];
}

export interface BackupPieceRecord {
  recid: number;
  stamp: number;
  piece: number;
  handle: string;
  tag: string;
  bytes: number;
  startedAt: Date;
  completedAt: Date;
  status: RecordStatus;
}

export interface BackupDatafileRecord extends BackedUpFile {
  recid: number;
  stamp: number;
  /** Blocks changed since here are in the set; 0 for all blocks. */
  incrementalScn: bigint;
  blocksInBackup: number;
  blocksRead: number;
  sectionBlocks: number;
}

export function recordsOf(control: ControlFile): RmanRecords {
  control.rman ??= { nextRecid: 1, nextSet: 1, copies: [], sets: [] };
  return control.rman;
}

/** Key and time of a new record; each view counts RECID by itself in a real one, here they share a counter. */
export function nextKey(records: RmanRecords, now: Date): { recid: number; stamp: number } {
  const recid = records.nextRecid;
  records.nextRecid += 1;
  return { recid, stamp: toOracleTime(now) };
}
