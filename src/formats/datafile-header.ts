import type { Scn } from "../domain/scn.ts";
import { scn } from "../domain/scn.ts";
import type { FieldReader } from "./byte-order.ts";
import { datafileStatus, type DatafileStatus } from "./datafile-status.ts";
import { problemOfBlock1, readGenericHeader, readHead, type GenericHeader } from "./generic-header.ts";
import { oracleTime } from "./oracle-time.ts";
import { parsed, unreadable, type Parsed } from "./parsed.ts";
import { readScn } from "./scn-slot.ts";

/** Block 1 of a datafile: what the file says of itself. The header of a copy is the truth about the copy (rule 128). */
export interface DatafileHeader extends GenericHeader {
  readonly relativeFile: number;
  readonly bigfile: boolean;
  readonly tablespace: string;
  /** Local to the container. */
  readonly tablespaceNumber: number;
  readonly creationScn: Scn;
  /** Times are local to the database, without a zone. */
  readonly createdAt?: string;
  /** Decimal text, `%r` of log names. */
  readonly resetlogsId: string;
  readonly resetlogsScn: Scn;
  readonly status: DatafileStatus;
  readonly checkpoint: Checkpoint;
  /** Goes on counting while the checkpoint is frozen by backup mode. */
  readonly checkpointCount: number;
  /** The last BEGIN BACKUP; its SCN is 0 where there never was one. */
  readonly beginBackup: { readonly scn: Scn; readonly at?: string; readonly thread: number };
}

export interface Checkpoint {
  readonly scn: Scn;
  readonly at?: string;
  readonly thread: number;
  /** Log sequence, block and offset at which recovery of this file begins. */
  readonly rba: { readonly sequence: number; readonly block: number; readonly offset: number };
}

const DATAFILE_HEADER = 0x0b;
const BIGFILE_NUMBER = 1024;
/** `typ` of a datafile; 6, a temp file, is never copied. */
const TYPE_DATAFILE = 3;

/** Reads the header from the first two blocks of a datafile, as `CopyResult.head` has them. */
export function readDatafileHeader(head: Uint8Array): Parsed<DatafileHeader> {
  const split = readHead(head);
  if (!split.ok) return split;
  const { fields, os } = split.value;
  const relativeFile = fields.u32(368);
  const problem = problemOfBlock1(split.value, DATAFILE_HEADER, { relativeFile });
  if (problem !== undefined) return unreadable(problem);
  const generic = readGenericHeader(fields);
  if (generic.fileType !== TYPE_DATAFILE)
    return unreadable(`it is a file of type ${generic.fileType}, no datafile`);
  if (generic.blockSize !== os.blockSize) return unreadable("blocks 0 and 1 name different block sizes");
  return parsed({
    ...generic,
    relativeFile,
    bigfile: relativeFile === BIGFILE_NUMBER,
    tablespace: fields.text(338, Math.min(fields.u16(336), 30)),
    tablespaceNumber: fields.u32(332),
    creationScn: scnAt(fields, 100),
    ...timed("createdAt", fields.u32(108)),
    resetlogsId: String(fields.u32(112)),
    resetlogsScn: scnAt(fields, 116),
    status: datafileStatus(fields.u16(138)),
    checkpoint: checkpointAt(fields),
    checkpointCount: fields.u32(140),
    beginBackup: { scn: scnAt(fields, 128), ...timed("at", fields.u32(124)), thread: fields.u16(136) },
  });
}

function checkpointAt(fields: FieldReader): Checkpoint {
  return {
    scn: scnAt(fields, 484),
    ...timed("at", fields.u32(492)),
    thread: fields.u16(496),
    rba: { sequence: fields.u32(500), block: fields.u32(504), offset: fields.u16(508) },
  };
}

/** A slot without SCN means "never" in these fields, which Oracle's views show as 0. */
function scnAt(fields: FieldReader, offset: number): Scn {
  return readScn(fields, offset) ?? scn(0);
}

function timed<K extends string>(key: K, seconds: number): { readonly [P in K]?: string } {
  const time = oracleTime(seconds);
  return time === undefined ? {} : ({ [key]: time } as { readonly [P in K]?: string });
}
