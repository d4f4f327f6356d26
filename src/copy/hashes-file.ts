import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { endianness } from "node:os";

import type { FilePath } from "../domain/names.ts";
import { noHashes, type BlockHashes } from "./block-hashes.ts";
import { errnoOf } from "./failure.ts";
import type { Files, OpenFile } from "./files.ts";
import { createPart, partPath } from "./part.ts";
import { within, type Patience } from "./patience.ts";

/** The state of a copy to which hashes belong. */
export interface HashedState {
  readonly generation: string;
  readonly blockSize: number;
  readonly bytes: number;
  /** When the copy was written last, in ns: somebody else's writing makes the hashes void. */
  readonly modifiedNs: bigint;
}

interface Place {
  readonly files: Files;
  readonly path: FilePath;
  readonly patience: Patience;
}

/** More are not kept: 256 GiB of 8 KiB blocks. The table is held in memory. */
const MOST_BYTES = 268_435_456;
const SUM_BYTES = 32;
const FORMAT = 2;

/**
 * Format: one line of JSON that says whose hashes these are, the table (`BlockHashes`), and the SHA-256 of both.
 * A file that is not there, damaged, or of another state gives undefined: it only saves work.
 */
export async function readHashes(
  { files, path, patience }: Place,
  state: HashedState,
): Promise<BlockHashes | undefined> {
  const line = headLine(state);
  const table = noHashes(state.bytes / state.blockSize);
  const wanted = line.length + table.byteLength + SUM_BYTES;
  let file: OpenFile;
  try {
    file = await files.openSource(path);
  } catch {
    return undefined;
  }
  try {
    const operation = { side: "target" as const, path, name: "read" };
    const { size } = await within(patience, operation, file.stat());
    if (size !== wanted || table.byteLength > MOST_BYTES) return undefined;
    const head = Buffer.alloc(line.length);
    const sum = Buffer.alloc(SUM_BYTES);
    const content = Buffer.from(table);
    let position = 0;
    for (const part of [head, content, sum]) {
      const read = await within(patience, operation, readAll(file, part, position));
      if (!read) return undefined;
      position += part.length;
    }
    const sound = head.equals(line) && sum.equals(sumOf(line, content));
    return sound ? table : undefined;
  } finally {
    file.close().catch(() => {});
  }
}

/** Makes sure that no hashes are there, even after a crash: also of an earlier removal that is not durable yet. */
export async function removeHashes({ files, path, patience }: Place, durable: boolean): Promise<void> {
  const operation = (name: string) => ({ side: "target" as const, path, name });
  try {
    await within(patience, operation("remove"), files.remove(path));
  } catch (error) {
    if (errnoOf((error as Error).cause) !== "ENOENT") throw error;
  }
  if (durable) await within(patience, operation("fsync"), files.syncDirectory(dirname(path)));
}

/**
 * Only after the copy is durable. False where they are too many. Nothing is flushed: what a power failure leaves of the
 * file is whole, or has another sum, or is not there, and then the copy is compared.
 */
export async function writeHashes(
  { files, path, patience }: Place,
  state: HashedState,
  table: BlockHashes,
): Promise<boolean> {
  if (table.byteLength > MOST_BYTES) return false;
  const operation = (name: string) => ({ side: "target" as const, path, name });
  const part = partPath(path);
  const line = headLine(state);
  const content = Buffer.from(table);
  const file = await createPart(files, part, patience);
  try {
    let position = 0;
    for (const piece of [line, content, sumOf(line, content)]) {
      await within(patience, operation("write"), writeAll(file, piece, position));
      position += piece.length;
    }
    await within(patience, operation("rename"), files.rename(part, path));
  } catch (error) {
    await within({ stallMs: patience.stallMs }, operation("remove"), files.remove(part)).catch(() => {});
    throw error;
  } finally {
    file.close().catch(() => {});
  }
  return true;
}

function headLine({ generation, blockSize, bytes, modifiedNs }: HashedState): Buffer {
  const said = {
    umbraHashes: FORMAT,
    order: endianness(),
    generation,
    blockSize,
    bytes,
    modifiedNs: modifiedNs.toString(),
  };
  return Buffer.from(`${JSON.stringify(said)}\n`);
}

function sumOf(line: Buffer, table: Buffer): Buffer {
  return createHash("sha256").update(line).update(table).digest();
}

/** False where the file ends before. */
async function readAll(file: OpenFile, into: Buffer, position: number): Promise<boolean> {
  for (let done = 0; done < into.length;) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) return false;
    done += bytesRead;
  }
  return true;
}

async function writeAll(file: OpenFile, from: Buffer, position: number): Promise<void> {
  for (let done = 0; done < from.length;) {
    done += (await file.write(from, done, from.length - done, position + done)).bytesWritten;
  }
}
