import { readFileSync, renameSync, writeFileSync } from "node:fs";

import { OraError } from "../engine/ora-error.ts";
import type { ControlFile } from "../instance/control-file.ts";
import { BLOCK_HEADER_BYTES, BLOCK_TAIL_BYTES, blockTypes, formatByte } from "./block.ts";
import { storeCheckValue, xorOfWords } from "./checksum.ts";
import { controlFileFromJson, controlFileToJson } from "./control-file-json.ts";
import { decodeOsHeader, encodeOsHeader } from "./os-header.ts";

const BLOCK_SIZE = 16_384;
const PAYLOAD_BYTES = BLOCK_SIZE - BLOCK_HEADER_BYTES - BLOCK_TAIL_BYTES;
const TYPE_CONTROL = 1;
const TYPE_BACKUP_CONTROL = 4;
const COMPATIBLE_19 = 0x13_00_00_00;
/** Past the generic header, where Oracle's own fields of block 1 are not known. */
const OUR_PAYLOAD_LENGTH = 128;

/**
 * Writes the whole control file under a temporary name and renames it, so a reader sees the old one or the new one.
 * Frame and header of block 1 are Oracle's (formats.md, section 10), the records inside are ours.
 * `compatible` is the version word, 19.0.0 where it is not given.
 */
export function writeControlFile(
  path: string,
  model: ControlFile,
  options: { readonly compatible?: number } = {},
): void {
  writeControlFiles([path], model, options);
}

/** All members of it: each as `writeControlFile` does. */
export function writeControlFiles(
  paths: readonly string[],
  model: ControlFile,
  options: { readonly compatible?: number } = {},
): void {
  const content = encodeControlFile(model, options.compatible ?? COMPATIBLE_19);
  for (const path of paths) {
    const temporary = `${path}.writing`;
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  }
}

/** ORA-00205 where it cannot be read, ORA-00227 where a block of it is damaged. */
export function readControlFile(path: string): ControlFile {
  return decodeControlFile(readBytes(path), path);
}

function encodeControlFile(model: ControlFile, compatible: number = COMPATIBLE_19): Buffer {
  const payload = Buffer.from(controlFileToJson(model), "utf8");
  const payloadBlocks = Math.ceil(payload.length / PAYLOAD_BYTES);
  const blocks = payloadBlocks + 1;
  const file = Buffer.alloc((blocks + 1) * BLOCK_SIZE);
  encodeOsHeader({ blockSize: BLOCK_SIZE, blocks, redo: false }).copy(file);
  const header = file.subarray(BLOCK_SIZE, 2 * BLOCK_SIZE);
  writeHeader(header, model, { compatible, blocks, payloadBytes: payload.length });
  seal(header, 1, model.sequence);
  for (let i = 0; i < payloadBlocks; i += 1) {
    const block = file.subarray((i + 2) * BLOCK_SIZE, (i + 3) * BLOCK_SIZE);
    payload.copy(block, BLOCK_HEADER_BYTES, i * PAYLOAD_BYTES, (i + 1) * PAYLOAD_BYTES);
    seal(block, i + 2, model.sequence);
  }
  return file;
}

function writeHeader(
  block: Buffer,
  model: ControlFile,
  sizes: { compatible: number; blocks: number; payloadBytes: number },
): void {
  block.writeUInt32LE(sizes.compatible, 24);
  block.writeUInt32LE(model.dbid, 28);
  block.write(model.dbName.slice(0, 8), 32, "latin1");
  block.writeUInt32LE(model.sequence, 40);
  block.writeUInt32LE(sizes.blocks, 44);
  block.writeUInt32LE(BLOCK_SIZE, 48);
  block.writeUInt16LE(model.type === "BACKUP" ? TYPE_BACKUP_CONTROL : TYPE_CONTROL, 54);
  block.writeUInt32LE(sizes.payloadBytes, OUR_PAYLOAD_LENGTH);
}

/** Control file blocks carry the control sequence as SCN, wrap ffff and their plain number as address. */
function seal(block: Buffer, number: number, sequence: number): void {
  block[0] = blockTypes.controlFile;
  block[1] = formatByte(BLOCK_SIZE);
  block.writeUInt32LE(number, 4);
  block.writeUInt32LE(sequence, 8);
  block.writeUInt16LE(0xff_ff, 12);
  block[14] = 1;
  block[15] = 0x04;
  block.writeUInt32LE(tailOf(sequence), BLOCK_SIZE - BLOCK_TAIL_BYTES);
  storeCheckValue(block, 16);
}

function tailOf(sequence: number): number {
  return (((sequence & 0xff_ff) << 16) | (blockTypes.controlFile << 8) | 1) >>> 0;
}

function decodeControlFile(file: Buffer, path: string): ControlFile {
  const size = decodeOsHeader(file);
  if (size === undefined || size.blockSize !== BLOCK_SIZE || file.length < (size.blocks + 1) * BLOCK_SIZE)
    throw damaged(path, 0);
  const payload: Buffer[] = [];
  for (let number = 1; number <= size.blocks; number += 1) {
    const block = file.subarray(number * BLOCK_SIZE, (number + 1) * BLOCK_SIZE);
    if (!blockOk(block, number)) throw damaged(path, number);
    if (number > 1) payload.push(block.subarray(BLOCK_HEADER_BYTES, BLOCK_SIZE - BLOCK_TAIL_BYTES));
  }
  const length = file.readUInt32LE(BLOCK_SIZE + OUR_PAYLOAD_LENGTH);
  return controlFileFromJson(Buffer.concat(payload).toString("utf8", 0, length));
}

function blockOk(block: Buffer, number: number): boolean {
  const sequence = block.readUInt32LE(8);
  if (block[0] !== blockTypes.controlFile || block.readUInt32LE(4) !== number) return false;
  return block.readUInt32LE(BLOCK_SIZE - BLOCK_TAIL_BYTES) === tailOf(sequence) && xorOfWords(block) === 0;
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new OraError(205, "error in identifying control file, check alert log for more info", {
      below: [`ORA-00202: control file: '${path}'`, "ORA-27037: unable to obtain file status"],
    });
  }
}

function damaged(path: string, block: number): OraError {
  return new OraError(227, `corrupt block detected in control file: (block ${block}, # blocks 1)`, {
    below: [`ORA-00202: control file: '${path}'`],
  });
}
