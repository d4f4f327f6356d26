import { blockTypes, rdba, sealBlock } from "./block.ts";
import { fromOptionalTime, fromOracleTime, toOptionalTime, toOracleTime } from "./oracle-time.ts";
import { readScn, writeScn } from "./scn-slot.ts";

/** Bits of `DatafileHeader.status` (formats.md, section 8). */
export const headerStatus = {
  /** In hot backup. */
  HBP: 0x00_01,
  /** Online fuzzy: the file is open. */
  OFZ: 0x00_04,
  /** Media recovery fuzzy. */
  MFZ: 0x00_10,
  /** Absolutely fuzzy. */
  AFZ: 0x00_40,
  PCP: 0x10_00,
  /** Root address valid: the first file of SYSTEM. */
  RBS: 0x20_00,
  SBY: 0x40_00,
} as const;

const FUZZY =
  headerStatus.HBP |
  headerStatus.OFZ |
  headerStatus.MFZ |
  headerStatus.AFZ |
  headerStatus.PCP |
  headerStatus.SBY;

/** `relativeFile` of the only file of a bigfile tablespace. */
export const BIGFILE_RELATIVE_FILE = 1024;

const TYPE_DATA = 3;
const TYPE_TEMP = 6;
const NAME_BYTES = 30;

/** Oracle keeps more here than is known; the container id of the simulated instance has this place to itself. */
const OUR_CONTAINER_ID = 1096;

interface RedoAddress {
  readonly sequence: number;
  readonly block: number;
  readonly offset: number;
}

interface HeaderCheckpoint {
  readonly scn: bigint;
  readonly at: Date;
  readonly thread: number;
  readonly rba: RedoAddress;
}

/** Block 1 of a data file or temp file (formats.md, section 8). SCN 0 and `null` dates stand for "never". */
export interface DatafileHeader {
  readonly kind: "data" | "temp";
  readonly dbid: number;
  readonly dbName: string;
  /** Version word of COMPATIBLE: 0x13000000 is 19.0.0. Decides how SCNs are written. */
  readonly compatible: number;
  readonly controlSequence: number;
  /** Without block 0. */
  readonly blocks: number;
  readonly blockSize: number;
  readonly file: number;
  /** 1024 for a bigfile. */
  readonly relativeFile: number;
  readonly tablespaceNumber: number;
  readonly tablespaceName: string;
  readonly creationScn: bigint;
  readonly creationAt: Date;
  readonly resetlogsScn: bigint;
  readonly resetlogsAt: Date;
  readonly priorResetlogsScn: bigint;
  readonly priorResetlogsAt: Date | null;
  /** Bits of `headerStatus`. */
  readonly status: number;
  readonly checkpoint: HeaderCheckpoint;
  readonly checkpointCount: number;
  /** Checkpoint count in the control file, normally one less. */
  readonly controlCount: number;
  readonly backup: {
    readonly beginAt: Date | null;
    /** SCN of the last BEGIN BACKUP (bsc). */
    readonly beginScn: bigint;
    /** Size of the file at BEGIN BACKUP (bhz). */
    readonly blocks: number;
    readonly checkpointScn: bigint;
  };
  readonly absoluteFuzzyScn: bigint;
  readonly recoveryFuzzyScn: bigint;
  readonly rootDba: number;
  readonly conId: number;
}

export function isFuzzy(header: Pick<DatafileHeader, "status">): boolean {
  return (header.status & FUZZY) !== 0;
}

export function isBigfile(header: Pick<DatafileHeader, "relativeFile">): boolean {
  return header.relativeFile === BIGFILE_RELATIVE_FILE;
}

export function encodeDatafileHeader(header: DatafileHeader): Buffer {
  const buffer = Buffer.alloc(header.blockSize);
  writeGeneric(buffer, header);
  writeOrigin(buffer, header);
  writeBackup(buffer, header);
  writeCheckpoint(buffer, header);
  const address = rdba({ relativeFile: header.relativeFile, block: 1, bigfile: isBigfile(header) });
  sealBlock(buffer, { type: blockTypes.fileHeader, rdba: address, scn: 0n, seq: 1 });
  return buffer;
}

function writeGeneric(buffer: Buffer, header: DatafileHeader): void {
  buffer.writeUInt32LE(header.compatible, 24);
  buffer.writeUInt32LE(header.dbid, 28);
  buffer.write(header.dbName.slice(0, 8), 32, "latin1");
  buffer.writeUInt32LE(header.controlSequence, 40);
  buffer.writeUInt32LE(header.blocks, 44);
  buffer.writeUInt32LE(header.blockSize, 48);
  buffer.writeUInt16LE(header.file, 52);
  buffer.writeUInt16LE(header.kind === "temp" ? TYPE_TEMP : TYPE_DATA, 54);
}

function writeOrigin(buffer: Buffer, header: DatafileHeader): void {
  buffer.writeUInt32LE(header.rootDba, 96);
  writeScn(buffer, 100, header.creationScn, header.compatible);
  buffer.writeUInt32LE(toOracleTime(header.creationAt), 108);
  buffer.writeUInt32LE(toOracleTime(header.resetlogsAt), 112);
  writeScn(buffer, 116, header.resetlogsScn, header.compatible);
  const name = Buffer.from(header.tablespaceName, "utf8").subarray(0, NAME_BYTES);
  buffer.writeUInt32LE(header.tablespaceNumber, 332);
  buffer.writeUInt16LE(name.length, 336);
  name.copy(buffer, 338);
  buffer.writeUInt32LE(header.relativeFile, 368);
  buffer.writeUInt32LE(toOptionalTime(header.priorResetlogsAt), 416);
  writeScn(buffer, 420, header.priorResetlogsScn, header.compatible);
  buffer.writeUInt16LE(header.conId, OUR_CONTAINER_ID);
}

function writeBackup(buffer: Buffer, header: DatafileHeader): void {
  buffer.writeUInt32LE(toOptionalTime(header.backup.beginAt), 124);
  writeScn(buffer, 128, header.backup.beginScn, header.compatible);
  buffer.writeUInt16LE(header.backup.beginAt === null ? 0 : header.checkpoint.thread, 136);
  writeScn(buffer, 152, header.backup.checkpointScn, header.compatible);
  buffer.writeUInt32LE(header.backup.blocks, 312);
}

function writeCheckpoint(buffer: Buffer, header: DatafileHeader): void {
  buffer.writeUInt16LE(header.status, 138);
  buffer.writeUInt32LE(header.checkpointCount, 140);
  buffer.writeUInt32LE(header.controlCount, 148);
  writeScn(buffer, 372, header.recoveryFuzzyScn, header.compatible);
  writeScn(buffer, 384, header.absoluteFuzzyScn, header.compatible);
  writeScn(buffer, 484, header.checkpoint.scn, header.compatible);
  buffer.writeUInt32LE(toOracleTime(header.checkpoint.at), 492);
  buffer.writeUInt16LE(header.checkpoint.thread, 496);
  buffer.writeUInt32LE(header.checkpoint.rba.sequence, 500);
  buffer.writeUInt32LE(header.checkpoint.rba.block, 504);
  buffer.writeUInt16LE(header.checkpoint.rba.offset, 508);
  buffer[512] = 1 << header.checkpoint.thread;
}

/** Decodes without judging the block: see `judgeBlock`. undefined where it is no file header. */
export function decodeDatafileHeader(buffer: Buffer): DatafileHeader | undefined {
  if (buffer.length < 2048 || buffer[0] !== blockTypes.fileHeader) return undefined;
  const type = buffer.readUInt16LE(54);
  if (type !== TYPE_DATA && type !== TYPE_TEMP) return undefined;
  return {
    kind: type === TYPE_TEMP ? "temp" : "data",
    ...readGeneric(buffer),
    ...readOrigin(buffer),
    ...readState(buffer),
  };
}

function readGeneric(buffer: Buffer) {
  return {
    compatible: buffer.readUInt32LE(24),
    dbid: buffer.readUInt32LE(28),
    dbName: textOf(buffer.subarray(32, 40)),
    controlSequence: buffer.readUInt32LE(40),
    blocks: buffer.readUInt32LE(44),
    blockSize: buffer.readUInt32LE(48),
    file: buffer.readUInt16LE(52),
  };
}

function readOrigin(buffer: Buffer) {
  return {
    rootDba: buffer.readUInt32LE(96),
    creationScn: scnAt(buffer, 100),
    creationAt: fromOracleTime(buffer.readUInt32LE(108)),
    resetlogsAt: fromOracleTime(buffer.readUInt32LE(112)),
    resetlogsScn: scnAt(buffer, 116),
    tablespaceNumber: buffer.readUInt32LE(332),
    tablespaceName: buffer.toString("utf8", 338, 338 + Math.min(NAME_BYTES, buffer.readUInt16LE(336))),
    relativeFile: buffer.readUInt32LE(368),
    priorResetlogsAt: fromOptionalTime(buffer.readUInt32LE(416)),
    priorResetlogsScn: scnAt(buffer, 420),
    conId: buffer.readUInt16LE(OUR_CONTAINER_ID),
  };
}

function readState(buffer: Buffer) {
  return {
    status: buffer.readUInt16LE(138),
    checkpointCount: buffer.readUInt32LE(140),
    controlCount: buffer.readUInt32LE(148),
    backup: {
      beginAt: fromOptionalTime(buffer.readUInt32LE(124)),
      beginScn: scnAt(buffer, 128),
      blocks: buffer.readUInt32LE(312),
      checkpointScn: scnAt(buffer, 152),
    },
    recoveryFuzzyScn: scnAt(buffer, 372),
    absoluteFuzzyScn: scnAt(buffer, 384),
    checkpoint: {
      scn: scnAt(buffer, 484),
      at: fromOracleTime(buffer.readUInt32LE(492)),
      thread: buffer.readUInt16LE(496),
      rba: {
        sequence: buffer.readUInt32LE(500),
        block: buffer.readUInt32LE(504),
        offset: buffer.readUInt16LE(508),
      },
    },
  };
}

function scnAt(buffer: Buffer, offset: number): bigint {
  return readScn(buffer, offset) ?? 0n;
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("latin1", 0, end === -1 ? bytes.length : end);
}
