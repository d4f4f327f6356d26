import { scn, type Scn } from "../domain/scn.ts";
import { wordsOf } from "./check-value.ts";
import { readHead, versionText } from "./generic-header.ts";
import { parsed, unreadable, type Parsed } from "./parsed.ts";
import { redoJudge } from "./redo-verdict.ts";
import { readScn } from "./scn-slot.ts";

/** Block 1 of an archived log. */
export interface ArchivedLogHeader {
  readonly compatible: string;
  readonly dbid: string;
  readonly databaseName: string;
  readonly blockSize: number;
  /** Blocks of the file with block 0, by its header; the size of the file is this times the block size. */
  readonly nextAvailableBlock: number;
  /** Blocks without block 0, by block 0. One less than `nextAvailableBlock`, else the log is not whole. */
  readonly blocks: number;
  readonly thread: number;
  readonly sequence: number;
  readonly resetlogsId: string;
  readonly resetlogsScn: Scn;
  readonly firstScn: Scn;
  /** Undefined in a log that is still the current one. */
  readonly nextScn?: Scn;
}

const TYPE_LOG = 2;

/** Reads the header from the first two blocks of an archived log. */
export function readArchivedLogHeader(head: Uint8Array): Parsed<ArchivedLogHeader> {
  const split = readHead(head);
  if (!split.ok) return split;
  const { fields, os, block1 } = split.value;
  if (fields.u16(50) !== TYPE_LOG) return unreadable(`it is a file of type ${fields.u16(50)}, no redo log`);
  const sequence = fields.u32(8);
  const judge = redoJudge({ blockSize: os.blockSize, byteOrder: os.byteOrder, sequence });
  const verdict = judge(block1, wordsOf(block1), 0, 1);
  if (verdict !== "ok") return unreadable(`block 1 is damaged: ${verdict}`);
  const nextScn = readScn(fields, 192);
  return parsed({
    compatible: versionText(fields.u32(20)),
    dbid: String(fields.u32(24)),
    databaseName: fields.text(28, 8),
    blockSize: os.blockSize,
    nextAvailableBlock: fields.u32(156),
    blocks: os.blocks,
    thread: fields.u16(176),
    sequence,
    resetlogsId: String(fields.u32(160)),
    resetlogsScn: readScn(fields, 164) ?? scn(0),
    firstScn: readScn(fields, 180) ?? scn(0),
    ...(nextScn === undefined ? {} : { nextScn }),
  });
}

/** What the database says of a log; absent fields are not compared. */
export interface ExpectedLog {
  readonly fileBytes: number;
  readonly dbid?: string;
  readonly thread?: number;
  readonly sequence?: number;
  readonly resetlogsId?: string;
  readonly firstScn?: Scn;
  readonly nextScn?: Scn;
}

/** Everything in which the header differs from what the database says; empty for a whole, right log. */
export function archivedLogProblems(header: ArchivedLogHeader, expected: ExpectedLog): readonly string[] {
  const problems: string[] = [];
  if (header.nextScn === undefined) problems.push("it has no next SCN: the log was not closed");
  const length = header.nextAvailableBlock * header.blockSize;
  if (header.nextAvailableBlock !== header.blocks + 1) {
    problems.push(`its header ends at block ${header.nextAvailableBlock}, block 0 at ${header.blocks + 1}`);
  }
  if (expected.fileBytes !== length) problems.push(`it holds ${expected.fileBytes} bytes, not ${length}`);
  for (const key of ["dbid", "thread", "sequence", "resetlogsId", "firstScn", "nextScn"] as const) {
    const wanted = expected[key];
    if (wanted !== undefined && header[key] !== wanted) {
      problems.push(`its ${names[key]} is ${String(header[key] ?? "absent")}, not ${String(wanted)}`);
    }
  }
  return problems;
}

const names = {
  dbid: "DBID",
  thread: "thread",
  sequence: "sequence",
  resetlogsId: "resetlogs id",
  firstScn: "first SCN",
  nextScn: "next SCN",
} as const;
