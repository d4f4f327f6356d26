import { blockJudge } from "./block-verdict.ts";
import { wordsOf } from "./check-value.ts";
import type { ByteOrder } from "./byte-order.ts";
import { parsed, unreadable, type Parsed } from "./parsed.ts";

const BLOCK = 512;
const PARAMETER_FILE = 0x43;
const TEXT_BEGIN = 20;
const TEXT_END = BLOCK - 4;

/** Text of a binary parameter file: blocks of 512 bytes without a block 0, numbered from 1. */
export function readSpfile(bytes: Uint8Array): Parsed<{ readonly text: string; readonly blocks: number }> {
  if (bytes.length === 0 || bytes.length % BLOCK !== 0) {
    return unreadable(`its size of ${bytes.length} bytes is no multiple of ${BLOCK}`);
  }
  const words = wordsOf(bytes);
  // The address of the first block is 1: where that 1 stands tells the byte order.
  const byteOrder: ByteOrder = bytes[4] === 1 ? "little" : "big";
  const judge = blockJudge({ blockSize: BLOCK, byteOrder, bigfile: true });
  const parts: Uint8Array[] = [];
  for (let offset = 0; offset < bytes.length; offset += BLOCK) {
    const block = offset / BLOCK + 1;
    if (bytes[offset] !== PARAMETER_FILE) return unreadable(`block ${block} is no block of a parameter file`);
    const verdict = judge(bytes, words, offset, block);
    if (verdict !== "ok") return unreadable(`block ${block} is damaged: ${verdict}`);
    parts.push(bytes.subarray(offset + TEXT_BEGIN, offset + TEXT_END));
  }
  const text = Buffer.concat(parts).toString("utf8").replace(/\0+$/, "");
  return parsed({ text, blocks: parts.length });
}
