import { fieldsOf, type FieldReader } from "./byte-order.ts";
import { blockJudge, type BlockExpectation } from "./block-verdict.ts";
import { wordsOf } from "./check-value.ts";
import { readOsHeader, type OsHeader } from "./os-header.ts";
import { parsed, unreadable, type Parsed } from "./parsed.ts";

/** Fields that block 1 of a datafile and of a control file have in common. */
export interface GenericHeader {
  /** COMPATIBLE of the database that wrote it, `19.0.0.0`. */
  readonly compatible: string;
  /** Decimal text, as `v$database.dbid` is read. */
  readonly dbid: string;
  readonly databaseName: string;
  /** Control file sequence number. */
  readonly controlSequence: number;
  /** Without block 0. */
  readonly blocks: number;
  readonly blockSize: number;
  readonly file: number;
  /** 1 control file, 3 datafile, 4 backup control file, 5 backup piece, 6 temp file. */
  readonly fileType: number;
}

export function readGenericHeader(fields: FieldReader): GenericHeader {
  return {
    compatible: versionText(fields.u32(24)),
    dbid: String(fields.u32(28)),
    databaseName: fields.text(32, 8),
    controlSequence: fields.u32(40),
    blocks: fields.u32(44),
    blockSize: fields.u32(48),
    file: fields.u16(52),
    fileType: fields.u16(54),
  };
}

/**
 * Version word to text: 0x0b200400 is 11.2.0.4, 0x17060000 is 23.6.0.0. From 18 on the second part, the release
 * update, has a whole byte.
 */
export function versionText(word: number): string {
  const major = word >>> 24;
  const nibble = (shift: number) => (word >>> shift) & 0x0f;
  if (major >= 18) return `${major}.${(word >>> 16) & 0xff}.${nibble(12)}.${nibble(8)}`;
  return `${major}.${nibble(20)}.${(word >>> 12) & 0xff}.${nibble(8)}`;
}

/** The first two blocks of a file: what block 0 says, and the fields of block 1. */
export interface Head {
  readonly os: OsHeader;
  readonly block1: Uint8Array;
  readonly fields: FieldReader;
}

/** Splits the first two blocks of a file. Block 1 is not judged yet. */
export function readHead(head: Uint8Array): Parsed<Head> {
  const os = readOsHeader(head);
  if (!os.ok) return os;
  const { blockSize, byteOrder, form } = os.value;
  if (form !== "10g") return unreadable("headers of releases before 10g are not decoded");
  if (head.length < 2 * blockSize) return unreadable("the file has no whole block 1");
  const block1 = head.subarray(blockSize, 2 * blockSize);
  return parsed({ os: os.value, block1, fields: fieldsOf(block1, byteOrder) });
}

/** How block 1 is addressed: with the file bits of a relative file number, or by its plain number. */
type Address = Pick<BlockExpectation, "relativeFile" | "bigfile">;

/** Undefined where block 1 is sound and of the wanted type; else the reason why not. */
export function problemOfBlock1(head: Head, type: number, address: Address): string | undefined {
  const found = head.fields.u8(0);
  if (found !== type) return `block 1 has type 0x${hex(found)}, not 0x${hex(type)}`;
  const { blockSize, byteOrder } = head.os;
  const judge = blockJudge({ blockSize, byteOrder, ...address });
  const verdict = judge(head.block1, wordsOf(head.block1), 0, 1);
  return verdict === "ok" ? undefined : `block 1 is damaged: ${verdict}`;
}

function hex(value: number): string {
  return value.toString(16).padStart(2, "0");
}
