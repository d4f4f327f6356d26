import { blockScn, blockSeq, CORRUPT_SEQ } from "../files/block.ts";
import { OraError } from "../engine/ora-error.ts";
import { patch } from "./block-difference.ts";
import type { CachedBlock } from "./cache.ts";
import type { DatafileRecord } from "./control-file.ts";
import type { SimulatedDatabase } from "./database.ts";
import type { BlockChange, RedoRecord } from "./redo-record.ts";
import { fileLine } from "./refusals.ts";

/** How one file stands while redo is applied to it. */
export interface FileUnderRecovery {
  readonly record: DatafileRecord;
  /** Changes before it are in the file. */
  readonly from: bigint;
  /** BEGIN BACKUP whose END has not been seen. */
  openBackup: bigint | undefined;
  /** Taken while it was open, and not in backup mode: its header does not tell how new its blocks are. */
  readonly wasOpen: boolean;
  /** Blocks newer than the redo that was applied: the file is consistent only past it. */
  newestBlock: bigint;
  touched: boolean;
}

/**
 * Applies one record to the files under recovery. A block takes a change only as it was before the change; a newer
 * block has it already; an older one means that redo is missing. A damaged block waits for its whole image.
 */
export function applyRecord(
  database: SimulatedDatabase,
  files: ReadonlyMap<number, FileUnderRecovery>,
  record: RedoRecord,
): void {
  for (const change of record.changes) {
    const file = files.get(change.file);
    if (file === undefined || record.scn < file.from || change.block > file.record.blocks) continue;
    applyChange(database, file, change, record.scn);
  }
}

function applyChange(
  database: SimulatedDatabase,
  file: FileUnderRecovery,
  change: BlockChange,
  scn: bigint,
): void {
  const entry = database.cache.inspect(file.record, change.block);
  const sound = entry.verdict === "ok" || entry.verdict === "empty";
  const found = blockScn(entry.buffer);
  file.touched = true;
  if (sound && isAtLeast(found, blockSeq(entry.buffer), scn, change.seq)) {
    if (found > file.newestBlock) file.newestBlock = found;
    return;
  }
  if (change.whole) {
    entry.buffer.fill(0);
    entry.verdict = "ok";
  } else if (!sound) {
    markCorrupt(database, entry);
    return;
  } else if (found !== change.previousScn || blockSeq(entry.buffer) !== change.previousSeq) {
    throw stuck(file.record, change, found);
  }
  patch(entry.buffer, change.patches);
  database.cache.stamp(entry, scn, change.seq);
}

const isAtLeast = (scn: bigint, seq: number, otherScn: bigint, otherSeq: number): boolean =>
  scn > otherScn || (scn === otherScn && seq >= otherSeq);

/** The block is left unreadable for good: only a restore of the file brings it back. */
function markCorrupt(database: SimulatedDatabase, entry: CachedBlock): void {
  if (entry.verdict === "soft-corrupt") return;
  database.alert.note(
    `Corrupt block relative dba: (file ${entry.file.file}, block ${entry.block})`,
    `Reason: ${entry.verdict} block found during media recovery`,
    `Hex dump suppressed; block marked corrupt in '${entry.file.path}'`,
  );
  entry.verdict = "soft-corrupt";
  database.cache.stamp(entry, blockScn(entry.buffer), CORRUPT_SEQ);
}

function stuck(file: DatafileRecord, change: BlockChange, found: bigint): OraError {
  return new OraError(283, "recovery session canceled due to errors", {
    below: [
      `ORA-00600: internal error code, arguments: [3020], [${file.file}], [${change.block}], [], [], [], [], [], [], [], [], []`,
      `ORA-10567: Redo is inconsistent with data block (file# ${file.file}, block# ${change.block}, file offset is ${change.block * change.blockSize} bytes)`,
      `ORA-10564: block at SCN ${found}, redo expects ${change.previousScn}`,
      fileLine(file),
    ],
  });
}
