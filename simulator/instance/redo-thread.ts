import { closeSync, openSync, writeSync } from "node:fs";
import {
  encodeRedoHeader,
  NAB_OPEN,
  REDO_BLOCK_HEADER_BYTES,
  type RedoHeader,
  sealRedoBlock,
} from "../files/redo-file.ts";
import type { LogGroupRecord } from "./control-file.ts";

/** Room that a burst of changes may need before anybody asks again, in bytes of redo. */
const BURST = 196_608;
const FIRST_RECORD_BLOCK = 2;

/** The log writer of one thread: buffers records, lays them into blocks, writes every member of the current group. */
export class RedoThread {
  readonly thread: number;
  group: LogGroupRecord;
  nextBlock = FIRST_RECORD_BLOCK;
  /** Set while somebody switches: everybody else waits for it. */
  switching: Promise<void> | undefined;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private readonly descriptors = new Map<string, number>();

  constructor(thread: number, group: LogGroupRecord) {
    this.thread = thread;
    this.group = group;
  }

  get blocks(): number {
    return this.group.bytes / this.group.blockSize;
  }

  append(record: Buffer): void {
    this.pending.push(record);
    this.pendingBytes += record.length;
  }

  /** True while a burst of changes fits into the current log. */
  hasRoom(): boolean {
    const payload = this.group.blockSize - REDO_BLOCK_HEADER_BYTES;
    const needed = Math.ceil(this.pendingBytes / payload) + 1;
    const margin = Math.min(Math.ceil(BURST / payload), Math.trunc(this.blocks / 3));
    return this.nextBlock + needed + margin <= this.blocks;
  }

  /** Durable, as far as a process can tell, when it returns. Every flush begins a block of its own. */
  flush(): void {
    if (this.pending.length === 0) return;
    const records = this.pending;
    const total = this.pendingBytes;
    this.pending = [];
    this.pendingBytes = 0;
    const { blockSize } = this.group;
    const payload = blockSize - REDO_BLOCK_HEADER_BYTES;
    const count = Math.ceil(total / payload);
    if (this.nextBlock + count > this.blocks + 1)
      throw new Error(`redo log group ${this.group.group} overrun`);
    const bytes = Buffer.concat(records, total);
    const starts = firstRecordOffsets(records, payload, count);
    const image = Buffer.alloc(count * blockSize);
    for (let index = 0; index < count; index += 1) {
      const block = image.subarray(index * blockSize, (index + 1) * blockSize);
      bytes.copy(block, REDO_BLOCK_HEADER_BYTES, index * payload, Math.min((index + 1) * payload, total));
      sealRedoBlock(block, {
        block: this.nextBlock + index,
        sequence: this.group.sequence,
        recordOffset: starts[index] ?? 0,
      });
    }
    this.writeMembers(image, this.nextBlock * blockSize);
    this.nextBlock += count;
  }

  /** Begins to write a group: its header says who and from where, the end stays open. */
  begin(group: LogGroupRecord, header: RedoHeader): void {
    this.group = group;
    this.nextBlock = FIRST_RECORD_BLOCK;
    this.writeMembers(
      encodeRedoHeader({ ...header, nab: NAB_OPEN, nextScn: null, nextAt: null }),
      group.blockSize,
    );
  }

  /** Ends the current group: the header gets its end. */
  finish(header: RedoHeader): void {
    this.flush();
    this.writeMembers(encodeRedoHeader({ ...header, nab: this.nextBlock }), this.group.blockSize);
  }

  close(): void {
    for (const fd of this.descriptors.values()) closeSync(fd);
    this.descriptors.clear();
  }

  private writeMembers(bytes: Buffer, position: number): void {
    for (const path of this.group.members) {
      let fd = this.descriptors.get(path);
      if (fd === undefined) this.descriptors.set(path, (fd = openSync(path, "r+")));
      for (let done = 0; done < bytes.length;) {
        done += writeSync(fd, bytes, done, bytes.length - done, position + done);
      }
    }
  }
}

/** For each block of a flush: where the first record that begins in it begins, counted from the start of the block. */
function firstRecordOffsets(records: readonly Buffer[], payload: number, count: number): number[] {
  const offsets: number[] = Array.from({ length: count }, () => 0);
  let at = 0;
  for (const record of records) {
    const block = Math.trunc(at / payload);
    if (offsets[block] === 0) offsets[block] = REDO_BLOCK_HEADER_BYTES + (at % payload);
    at += record.length;
  }
  return offsets;
}
