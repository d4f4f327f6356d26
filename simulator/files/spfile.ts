import { BLOCK_HEADER_BYTES, BLOCK_TAIL_BYTES, blockTypes, judgeBlock, sealBlock } from "./block.ts";

const BLOCK_SIZE = 512;
const TEXT_BYTES = BLOCK_SIZE - BLOCK_HEADER_BYTES - BLOCK_TAIL_BYTES;

/** The text of the parameters in 512-byte blocks without an OS header, numbered from 1 (formats.md, section 11). */
export function encodeSpfile(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  const count = Math.max(1, Math.ceil(bytes.length / TEXT_BYTES));
  const blocks: Buffer[] = [];
  for (let i = 0; i < count; i += 1) {
    const block = Buffer.alloc(BLOCK_SIZE);
    bytes.copy(block, BLOCK_HEADER_BYTES, i * TEXT_BYTES, (i + 1) * TEXT_BYTES);
    sealBlock(block, { type: blockTypes.parameterFile, rdba: i + 1, scn: 0n, seq: 1 });
    blocks.push(block);
  }
  return Buffer.concat(blocks);
}

/** undefined where a block is damaged or of another kind. */
export function decodeSpfile(file: Buffer): string | undefined {
  if (file.length === 0 || file.length % BLOCK_SIZE !== 0) return undefined;
  const parts: Buffer[] = [];
  for (let i = 0; i * BLOCK_SIZE < file.length; i += 1) {
    const block = file.subarray(i * BLOCK_SIZE, (i + 1) * BLOCK_SIZE);
    if (block[0] !== blockTypes.parameterFile || judgeBlock(block, { rdba: i + 1 }) !== "ok")
      return undefined;
    parts.push(block.subarray(BLOCK_HEADER_BYTES, BLOCK_SIZE - BLOCK_TAIL_BYTES));
  }
  return Buffer.concat(parts).toString("utf8").replace(/\0+$/u, "");
}
