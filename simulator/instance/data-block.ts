/**
 * A table block (type 0x06): common header, then
 * 20 u1 object type (1 data) · 24 u4 object id · 28 u2 slots · 30 u2 lowest byte used by a row · 36… slot directory.
 * A slot is u2 offset and u2 length; offset 0 is an empty slot. Row pieces grow down from the tail.
 */
const OBJECT_TYPE = 20;
const OBJECT_ID = 24;
const SLOTS = 28;
const ROW_START = 30;
const DIRECTORY = 36;
const SLOT_SIZE = 4;
const TAIL_SIZE = 4;

const DATA_BLOCK = 0x06;

export function initialiseDataBlock(block: Buffer, objectId: number): void {
  block.fill(0, 20);
  block.writeUInt8(DATA_BLOCK, 0);
  block.writeUInt8(1, OBJECT_TYPE);
  block.writeUInt32LE(objectId, OBJECT_ID);
  block.writeUInt16LE(0, SLOTS);
  block.writeUInt16LE(block.length - TAIL_SIZE, ROW_START);
}

export const slotCount = (block: Buffer): number => block.readUInt16LE(SLOTS);

/** The row piece in a slot; undefined where the slot is empty. A view, not a copy. */
export function rowAt(block: Buffer, slot: number): Buffer | undefined {
  if (slot >= slotCount(block)) return undefined;
  const offset = block.readUInt16LE(DIRECTORY + slot * SLOT_SIZE);
  if (offset === 0) return undefined;
  return block.subarray(offset, offset + block.readUInt16LE(DIRECTORY + slot * SLOT_SIZE + 2));
}

/** Bytes that rows may still take, after compaction. */
function freeBytes(block: Buffer): number {
  const slots = slotCount(block);
  let used = 0;
  for (let slot = 0; slot < slots; slot += 1) used += rowAt(block, slot)?.length ?? 0;
  return block.length - TAIL_SIZE - DIRECTORY - slots * SLOT_SIZE - used;
}

export const fits = (block: Buffer, slot: number, length: number, reserved: number): boolean =>
  freeBytes(block) +
    (rowAt(block, slot)?.length ?? 0) -
    (slot < slotCount(block) ? 0 : SLOT_SIZE) -
    reserved >=
  length;

/** Puts a piece into a slot (which may be new), or empties it. The caller has asked `fits`. */
export function putRow(block: Buffer, slot: number, piece: Buffer | undefined): void {
  while (slotCount(block) <= slot) addSlot(block);
  const entry = DIRECTORY + slot * SLOT_SIZE;
  block.writeUInt32LE(0, entry);
  if (piece === undefined) return;
  const kept = Buffer.from(piece);
  if (rowStart(block) - kept.length < DIRECTORY + slotCount(block) * SLOT_SIZE) compact(block);
  const offset = rowStart(block) - kept.length;
  kept.copy(block, offset);
  block.writeUInt16LE(offset, entry);
  block.writeUInt16LE(kept.length, entry + 2);
  block.writeUInt16LE(offset, ROW_START);
}

const rowStart = (block: Buffer): number => block.readUInt16LE(ROW_START);

function addSlot(block: Buffer): void {
  const slots = slotCount(block);
  if (rowStart(block) < DIRECTORY + (slots + 1) * SLOT_SIZE) compact(block);
  block.writeUInt16LE(slots + 1, SLOTS);
  block.writeUInt32LE(0, DIRECTORY + slots * SLOT_SIZE);
}

function compact(block: Buffer): void {
  const pieces: [number, Buffer][] = [];
  for (let slot = 0; slot < slotCount(block); slot += 1) {
    const piece = rowAt(block, slot);
    if (piece !== undefined) pieces.push([slot, Buffer.from(piece)]);
  }
  let end = block.length - TAIL_SIZE;
  for (const [slot, piece] of pieces) {
    end -= piece.length;
    piece.copy(block, end);
    block.writeUInt16LE(end, DIRECTORY + slot * SLOT_SIZE);
  }
  block.writeUInt16LE(end, ROW_START);
}
