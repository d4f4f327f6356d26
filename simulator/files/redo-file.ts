import { formatByte } from "./block.ts";
import { storeCheckValue, xorOfWords } from "./checksum.ts";
import { encodeOsHeader } from "./os-header.ts";
import { fromOptionalTime, fromOracleTime, toOptionalTime, toOracleTime } from "./oracle-time.ts";
import { readScn, writeScn } from "./scn-slot.ts";

/** Bytes 0..15 of every redo block but block 0 are its header; records begin after it. */
export const REDO_BLOCK_HEADER_BYTES = 16;
/** `nab` of a log that is being written: the end is not known. */
export const NAB_OPEN = 0xff_ff_ff_ff;

const REDO_TYPE = 0x01;
const CHECK_VALUE = 14;
const RECORD_OFFSET_SEEN = 0x80_00;
const FILE_TYPE_LOG = 2;
const ZERO_BLOCKS = 8;
const FORMAT_ID = 0x12;

/** Block 1 of an online or archived log (formats.md, section 9). */
export interface RedoHeader {
  readonly compatible: number;
  readonly dbid: number;
  readonly dbName: string;
  readonly controlSequence: number;
  readonly blockSize: 512 | 4096;
  /** Blocks of the *online* log, also in the archived file. Without block 0. */
  readonly onlineBlocks: number;
  readonly group: number;
  readonly activationId: number;
  readonly thread: number;
  readonly sequence: number;
  /** Next available block: the length of the archived file in blocks with block 0, `NAB_OPEN` while current. */
  readonly nab: number;
  readonly resetlogsScn: bigint;
  readonly resetlogsAt: Date;
  readonly priorResetlogsScn: bigint;
  readonly priorResetlogsAt: Date | null;
  readonly firstScn: bigint;
  readonly firstAt: Date;
  /** null while the log is current. */
  readonly nextScn: bigint | null;
  readonly nextAt: Date | null;
  readonly enabledScn: bigint;
  readonly enabledAt: Date | null;
  readonly endOfThread: boolean;
}

/** Block 0 of a log of `blocks` blocks (block 0 not counted; for an archived log that is nab - 1). */
export function redoOsHeader(blockSize: number, blocks: number): Buffer {
  return encodeOsHeader({ blockSize, blocks, redo: true });
}

/** Header, number and check value of a redo block. `recordOffset`: where the first record that begins here begins; 0 none. */
export function sealRedoBlock(
  buffer: Buffer,
  seal: { readonly block: number; readonly sequence: number; readonly recordOffset: number },
): void {
  buffer[0] = REDO_TYPE;
  buffer[1] = formatByte(buffer.length);
  buffer.writeUInt16LE(0, 2);
  buffer.writeUInt32LE(seal.block, 4);
  buffer.writeUInt32LE(seal.sequence, 8);
  buffer.writeUInt16LE(RECORD_OFFSET_SEEN | seal.recordOffset, 12);
  storeCheckValue(buffer, CHECK_VALUE);
}

/** False for damage, and in an online log for older blocks past its end. */
export function redoBlockOk(
  buffer: Buffer,
  expected: { readonly block: number; readonly sequence: number },
): boolean {
  if (buffer[0] !== REDO_TYPE || buffer[1] !== formatByte(buffer.length)) return false;
  if (buffer.readUInt32LE(4) !== expected.block || buffer.readUInt32LE(8) !== expected.sequence) return false;
  return xorOfWords(buffer) === 0;
}

/** Offset of the first record that begins in the block; 0 where none does. */
export function redoRecordOffset(buffer: Buffer): number {
  return buffer.readUInt16LE(12) & 0x7f_ff;
}

export function encodeRedoHeader(header: RedoHeader): Buffer {
  const buffer = Buffer.alloc(header.blockSize);
  buffer.writeUInt32LE(header.compatible, 20);
  buffer.writeUInt32LE(header.dbid, 24);
  buffer.write(header.dbName.slice(0, 8), 28, "latin1");
  buffer.writeUInt32LE(header.controlSequence, 36);
  buffer.writeUInt32LE(header.onlineBlocks, 40);
  buffer.writeUInt32LE(header.blockSize, 44);
  buffer.writeUInt16LE(header.group, 48);
  buffer.writeUInt16LE(FILE_TYPE_LOG, 50);
  buffer.writeUInt32LE(header.activationId, 52);
  buffer.write(description(header), 92, "latin1");
  buffer.writeUInt32LE(header.nab, 156);
  buffer.writeUInt16LE(header.thread, 176);
  buffer[204] = header.endOfThread ? 1 : 0;
  buffer[206] = ZERO_BLOCKS;
  buffer[207] = FORMAT_ID;
  writeRange(buffer, header);
  sealRedoBlock(buffer, { block: 1, sequence: header.sequence, recordOffset: 0 });
  return buffer;
}

function writeRange(buffer: Buffer, header: RedoHeader): void {
  const scn = (offset: number, value: bigint | null) => writeScn(buffer, offset, value, header.compatible);
  buffer.writeUInt32LE(toOracleTime(header.resetlogsAt), 160);
  scn(164, header.resetlogsScn);
  scn(180, header.firstScn);
  buffer.writeUInt32LE(toOracleTime(header.firstAt), 188);
  scn(192, header.nextScn);
  buffer.writeUInt32LE(toOptionalTime(header.nextAt), 200);
  scn(208, header.enabledScn);
  buffer.writeUInt32LE(toOptionalTime(header.enabledAt), 216);
  scn(220, header.firstScn);
  buffer.writeUInt32LE(toOracleTime(header.firstAt), 228);
  scn(284, header.priorResetlogsScn);
  buffer.writeUInt32LE(toOptionalTime(header.priorResetlogsAt), 292);
}

function description(header: RedoHeader): string {
  const hex = (scn: bigint | null) => `0x${(scn ?? 0xff_ff_ff_ff_ff_ffn).toString(16).padStart(16, "0")}`;
  const thread = String(header.thread).padStart(4, "0");
  const sequence = String(header.sequence).padStart(10, "0");
  return `T ${thread}, S ${sequence}, SCN ${hex(header.firstScn)}-${hex(header.nextScn)}`;
}

/** undefined where the block is no sound redo log header. */
export function decodeRedoHeader(buffer: Buffer): RedoHeader | undefined {
  if (buffer.length !== 512 && buffer.length !== 4096) return undefined;
  if (
    !redoBlockOk(buffer, { block: 1, sequence: buffer.readUInt32LE(8) }) ||
    buffer.readUInt16LE(50) !== FILE_TYPE_LOG
  )
    return undefined;
  const name = buffer.subarray(28, 36);
  return {
    compatible: buffer.readUInt32LE(20),
    dbid: buffer.readUInt32LE(24),
    dbName: name.toString("latin1").replaceAll("\0", ""),
    controlSequence: buffer.readUInt32LE(36),
    onlineBlocks: buffer.readUInt32LE(40),
    blockSize: buffer.length,
    group: buffer.readUInt16LE(48),
    activationId: buffer.readUInt32LE(52),
    nab: buffer.readUInt32LE(156),
    thread: buffer.readUInt16LE(176),
    sequence: buffer.readUInt32LE(8),
    endOfThread: buffer[204] === 1,
    ...readRange(buffer),
  };
}

function readRange(buffer: Buffer) {
  const scn = (offset: number) => readScn(buffer, offset) ?? 0n;
  return {
    resetlogsAt: fromOracleTime(buffer.readUInt32LE(160)),
    resetlogsScn: scn(164),
    firstScn: scn(180),
    firstAt: fromOracleTime(buffer.readUInt32LE(188)),
    nextScn: readScn(buffer, 192),
    nextAt: fromOptionalTime(buffer.readUInt32LE(200)),
    enabledScn: scn(208),
    enabledAt: fromOptionalTime(buffer.readUInt32LE(216)),
    priorResetlogsScn: scn(284),
    priorResetlogsAt: fromOptionalTime(buffer.readUInt32LE(292)),
  };
}
