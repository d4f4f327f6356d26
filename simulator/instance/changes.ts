import { blockScn, blockSeq } from "../files/block.ts";
import { differences } from "./block-difference.ts";
import type { DatafileRecord } from "./control-file.ts";
import type { SimulatedDatabase } from "./database.ts";
import { type BlockChange, encodeRecord, type Marker } from "./redo-record.ts";

/** One change of a block, as code that wants it says it. */
export interface Edit {
  readonly file: DatafileRecord;
  readonly block: number;
  /** The old contents do not matter: logged whole. */
  readonly fresh?: boolean;
  readonly mutate: (block: Buffer, scn: bigint) => void;
}

/**
 * Changes blocks in the cache and logs the change as one record. Synchronous: nobody sees half of it.
 * The caller has made room in the thread's log (`roomInLog`).
 */
export function change(
  database: SimulatedDatabase,
  thread: number,
  edits: readonly Edit[],
  marker?: Marker,
): bigint {
  // Reads first: a damaged block refuses the whole change, before any of it is made.
  for (const edit of edits) if (edit.fresh !== true) database.cache.read(edit.file, edit.block);
  const scn = database.nextScn();
  const changes = edits.map((edit) => changeBlock(database, edit, scn));
  const log = database.threads.get(thread);
  const at = database.hooks.now();
  log?.append(encodeRecord({ scn, at, changes, ...(marker !== undefined && { marker }) }));
  return scn;
}

function changeBlock(database: SimulatedDatabase, edit: Edit, scn: bigint): BlockChange {
  const { cache } = database;
  const entry = edit.fresh === true ? cache.fresh(edit.file, edit.block) : cache.read(edit.file, edit.block);
  const before = Buffer.from(entry.buffer);
  const previousScn = blockScn(before);
  const previousSeq = blockSeq(before);
  edit.mutate(entry.buffer, scn);
  const backup = database.backups.get(edit.file.file);
  const firstInBackup = backup !== undefined && entry.imageEpoch !== backup.epoch;
  const whole = edit.fresh === true || firstInBackup;
  if (backup !== undefined) entry.imageEpoch = backup.epoch;
  const seq = previousScn === scn ? previousSeq + 1 : 1;
  cache.stamp(entry, scn, seq);
  return {
    file: edit.file.file,
    block: edit.block,
    whole,
    previousScn,
    previousSeq,
    seq,
    blockSize: edit.file.blockSize,
    patches: differences(whole ? undefined : before, entry.buffer),
  };
}

/** A record without blocks. */
export function mark(database: SimulatedDatabase, thread: number, marker: Marker): bigint {
  return change(database, thread, [], marker);
}
