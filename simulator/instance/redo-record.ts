import type { DatafileHeader } from "../files/datafile-header.ts";
import type { ContainerRecord, DatafileRecord, TablespaceRecord } from "./control-file.ts";
import { fromOracleTime, toOracleTime } from "../files/oracle-time.ts";
import { fromTaggedJson, toTaggedJson } from "./tagged-json.ts";

/** Changes of blocks and of the structure, as the simulated redo stores them. */
export interface RedoRecord {
  readonly scn: bigint;
  /** When it was made, in whole seconds. */
  readonly at: Date;
  /** Transactions give their id, so that a reader of logs can follow them; 0 without one. */
  readonly changes: readonly BlockChange[];
  readonly marker?: Marker;
}

export interface BlockChange {
  readonly file: number;
  readonly block: number;
  /** The whole block: patches over zeroes. Otherwise patches over what the block was at `previous`. */
  readonly whole: boolean;
  readonly previousScn: bigint;
  readonly previousSeq: number;
  readonly seq: number;
  readonly blockSize: number;
  readonly patches: readonly Patch[];
}

export interface Patch {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** What happened beside blocks: what recovery must do to files and to the control file. */
export type Marker =
  | { readonly kind: "end-backup"; readonly file: number; readonly beginScn: bigint }
  | { readonly kind: "commit"; readonly at: Date }
  | {
      readonly kind: "file-create";
      readonly datafile: DatafileRecord;
      readonly tablespace: TablespaceRecord;
      readonly header: DatafileHeader;
    }
  | { readonly kind: "file-resize"; readonly file: number; readonly blocks: number }
  | { readonly kind: "file-drop"; readonly file: number }
  | { readonly kind: "tablespace-drop"; readonly conId: number; readonly ts: number }
  | { readonly kind: "container-create"; readonly container: ContainerRecord }
  | { readonly kind: "container-drop"; readonly conId: number }
  | {
      readonly kind: "file-status";
      readonly files: readonly number[];
      readonly enabled: DatafileRecord["enabled"];
      readonly status: DatafileRecord["status"];
    };

const CHANGE_HEAD = 32;
const RECORD_HEAD = 24;

/** u4 length · u8 SCN · u4 length of the marker · u4 changes · u4 time · marker as JSON · changes. */
export function encodeRecord(record: RedoRecord): Buffer {
  const marker = record.marker === undefined ? Buffer.alloc(0) : Buffer.from(toTaggedJson(record.marker));
  const changes = record.changes.map(encodeChange);
  const length = changes.reduce((sum, change) => sum + change.length, RECORD_HEAD + marker.length);
  const head = Buffer.alloc(RECORD_HEAD);
  head.writeUInt32LE(length, 0);
  head.writeBigUInt64LE(record.scn, 4);
  head.writeUInt32LE(marker.length, 12);
  head.writeUInt32LE(changes.length, 16);
  head.writeUInt32LE(toOracleTime(record.at), 20);
  return Buffer.concat([head, marker, ...changes], length);
}

export const recordLength = (bytes: Buffer): number => bytes.readUInt32LE(0);

export function decodeRecord(bytes: Buffer): RedoRecord {
  const markerLength = bytes.readUInt32LE(12);
  const count = bytes.readUInt32LE(16);
  let next = RECORD_HEAD + markerLength;
  const changes: BlockChange[] = [];
  for (let index = 0; index < count; index += 1) {
    const length = bytes.readUInt32LE(next);
    changes.push(decodeChange(bytes.subarray(next, next + length)));
    next += length;
  }
  const scn = bytes.readBigUInt64LE(4);
  const at = fromOracleTime(bytes.readUInt32LE(20));
  if (markerLength === 0) return { scn, at, changes };
  const text = bytes.toString("utf8", RECORD_HEAD, RECORD_HEAD + markerLength);
  return { scn, at, changes, marker: fromTaggedJson(text) as Marker };
}

/** u4 length · u4 file · u4 block · u8 previous SCN · u1 previous seq · u1 seq · u1 whole · u1 - · u4 block size · u4 patches. */
function encodeChange(change: BlockChange): Buffer {
  const length = change.patches.reduce((sum, patch) => sum + 4 + patch.bytes.length, CHANGE_HEAD);
  const out = Buffer.allocUnsafe(length);
  out.writeUInt32LE(length, 0);
  out.writeUInt32LE(change.file, 4);
  out.writeUInt32LE(change.block, 8);
  out.writeBigUInt64LE(change.previousScn, 12);
  out.writeUInt8(change.previousSeq, 20);
  out.writeUInt8(change.seq, 21);
  out.writeUInt16LE(change.whole ? 1 : 0, 22);
  out.writeUInt32LE(change.blockSize, 24);
  out.writeUInt32LE(change.patches.length, 28);
  let at = CHANGE_HEAD;
  for (const patch of change.patches) {
    out.writeUInt16LE(patch.offset, at);
    out.writeUInt16LE(patch.bytes.length, at + 2);
    patch.bytes.copy(out, at + 4);
    at += 4 + patch.bytes.length;
  }
  return out;
}

function decodeChange(bytes: Buffer): BlockChange {
  const patches: Patch[] = [];
  let at = CHANGE_HEAD;
  for (let left = bytes.readUInt32LE(28); left > 0; left -= 1) {
    const length = bytes.readUInt16LE(at + 2);
    patches.push({ offset: bytes.readUInt16LE(at), bytes: bytes.subarray(at + 4, at + 4 + length) });
    at += 4 + length;
  }
  return {
    file: bytes.readUInt32LE(4),
    block: bytes.readUInt32LE(8),
    previousScn: bytes.readBigUInt64LE(12),
    previousSeq: bytes.readUInt8(20),
    seq: bytes.readUInt8(21),
    whole: bytes.readUInt16LE(22) === 1,
    blockSize: bytes.readUInt32LE(24),
    patches,
  };
}
