import type { RowAddress } from "./api.ts";

/**
 * The undo header of a container (type 0x26): common header, 24 u4 slots, then the transaction table from 32 on.
 * A slot is 32 bytes: u4 state · u4 sequence · u4 first file · u4 first block · u4 last file · u4 last block · u8 commit SCN.
 */
const UNDO_HEADER = 0x26;
const UNDO_BLOCK = 0x02;
const SLOTS_AT = 32;
const SLOT_SIZE = 32;
export const SLOT_STATE = { free: 0, active: 1, committed: 2 } as const;

export interface UndoSlot {
  readonly state: number;
  readonly sequence: number;
  readonly lastFile: number;
  readonly lastBlock: number;
  readonly commitScn: bigint;
}

export const undoSlots = (blockSize: number): number => Math.trunc((blockSize - SLOTS_AT - 4) / SLOT_SIZE);

export function initialiseUndoHeader(block: Buffer): void {
  block.fill(0, 20);
  block.writeUInt8(UNDO_HEADER, 0);
  block.writeUInt32LE(undoSlots(block.length), 24);
}

export function readSlot(block: Buffer, slot: number): UndoSlot {
  const at = SLOTS_AT + slot * SLOT_SIZE;
  return {
    state: block.readUInt32LE(at),
    sequence: block.readUInt32LE(at + 4),
    lastFile: block.readUInt32LE(at + 16),
    lastBlock: block.readUInt32LE(at + 20),
    commitScn: block.readBigUInt64LE(at + 24),
  };
}

export function writeSlot(block: Buffer, slot: number, value: UndoSlot): void {
  const at = SLOTS_AT + slot * SLOT_SIZE;
  block.writeUInt32LE(value.state, at);
  block.writeUInt32LE(value.sequence, at + 4);
  block.writeUInt32LE(value.lastFile, at + 16);
  block.writeUInt32LE(value.lastBlock, at + 20);
  block.writeBigUInt64LE(value.commitScn, at + 24);
}

/**
 * An undo block (type 0x02): 20 u4 slot · 24 u4 sequence of the transaction · 28 u4 previous file · 32 u4 previous block ·
 * 36 u4 end of the records, then records: u2 length · u4 object · u4 file · u4 block · u2 row slot · u2 row existed · piece.
 */
const RECORDS_AT = 40;
const RECORD_HEAD = 18;

export interface UndoRecord {
  readonly objectId: number;
  readonly address: RowAddress;
  readonly before: Buffer | undefined;
}

export interface UndoBlockHead {
  readonly slot: number;
  readonly sequence: number;
  readonly previousFile: number;
  readonly previousBlock: number;
}

export function initialiseUndoBlock(block: Buffer, head: UndoBlockHead): void {
  block.fill(0, 20);
  block.writeUInt8(UNDO_BLOCK, 0);
  block.writeUInt32LE(head.slot, 20);
  block.writeUInt32LE(head.sequence, 24);
  block.writeUInt32LE(head.previousFile, 28);
  block.writeUInt32LE(head.previousBlock, 32);
  block.writeUInt32LE(RECORDS_AT, 36);
}

export const undoBlockHead = (block: Buffer): UndoBlockHead => ({
  slot: block.readUInt32LE(20),
  sequence: block.readUInt32LE(24),
  previousFile: block.readUInt32LE(28),
  previousBlock: block.readUInt32LE(32),
});

/** The largest row piece whose before image fits an undo block. */
export const largestBefore = (blockSize: number): number => blockSize - RECORDS_AT - RECORD_HEAD - 4;

export const undoFits = (block: Buffer, record: UndoRecord): boolean =>
  block.readUInt32LE(36) + RECORD_HEAD + (record.before?.length ?? 0) <= block.length - 4;

export function addUndo(block: Buffer, record: UndoRecord): void {
  const at = block.readUInt32LE(36);
  const length = RECORD_HEAD + (record.before?.length ?? 0);
  block.writeUInt16LE(length, at);
  block.writeUInt32LE(record.objectId, at + 2);
  block.writeUInt32LE(record.address.file, at + 6);
  block.writeUInt32LE(record.address.block, at + 10);
  block.writeUInt16LE(record.address.slot, at + 14);
  block.writeUInt16LE(record.before === undefined ? 0 : 1, at + 16);
  record.before?.copy(block, at + RECORD_HEAD);
  block.writeUInt32LE(at + length, 36);
}

/** Oldest first. Pieces are copies. */
export function undoRecords(block: Buffer): UndoRecord[] {
  const records: UndoRecord[] = [];
  const end = block.readUInt32LE(36);
  for (let at = RECORDS_AT; at < end; at += block.readUInt16LE(at)) {
    const before = Buffer.from(block.subarray(at + RECORD_HEAD, at + block.readUInt16LE(at)));
    records.push({
      objectId: block.readUInt32LE(at + 2),
      address: {
        file: block.readUInt32LE(at + 6),
        block: block.readUInt32LE(at + 10),
        slot: block.readUInt16LE(at + 14),
      },
      before: block.readUInt16LE(at + 16) === 0 ? undefined : before,
    });
  }
  return records;
}
