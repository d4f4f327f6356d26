import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { type DatafileHeader, decodeDatafileHeader, encodeDatafileHeader } from "../files/datafile-header.ts";

/** Open datafiles by file number. Paths may change (rename), so a file is closed before its path does. */
export class DataFiles {
  private readonly open = new Map<number, { fd: number; path: string }>();

  /** Throws the errno error of the file system. Returns the bytes read. */
  read(file: { file: number; path: string }, buffer: Buffer, position: number): number {
    return readSync(this.descriptor(file), buffer, 0, buffer.length, position);
  }

  write(file: { file: number; path: string }, bytes: Buffer, position: number): void {
    const fd = this.descriptor(file);
    for (let done = 0; done < bytes.length;)
      done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }

  close(file: number): void {
    const found = this.open.get(file);
    if (found === undefined) return;
    this.open.delete(file);
    closeSync(found.fd);
  }

  closeAll(): void {
    for (const file of Array.from(this.open.keys())) this.close(file);
  }

  private descriptor(file: { file: number; path: string }): number {
    const found = this.open.get(file.file);
    if (found?.path === file.path) return found.fd;
    this.close(file.file);
    const fd = openSync(file.path, "r+");
    this.open.set(file.file, { fd, path: file.path });
    return fd;
  }
}

/** undefined where the file is missing, too short, or begins with no datafile header. */
export function readHeader(path: string, blockSize: number): DatafileHeader | undefined {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    const block = Buffer.alloc(blockSize);
    if (readSync(fd, block, 0, blockSize, blockSize) < blockSize) return undefined;
    return decodeDatafileHeader(block);
  } finally {
    closeSync(fd);
  }
}

/** Block size from the OS header's format byte: headers are found before the control file says anything. */
export function readHeaderOfAnySize(path: string): DatafileHeader | undefined {
  for (const blockSize of [8192, 16_384, 4096, 32_768, 2048]) {
    const header = readHeader(path, blockSize);
    if (header?.blockSize === blockSize) return header;
  }
  return undefined;
}

export function writeHeader(path: string, header: DatafileHeader): void {
  const fd = openSync(path, "r+");
  try {
    writeSync(fd, encodeDatafileHeader(header), 0, header.blockSize, header.blockSize);
  } finally {
    closeSync(fd);
  }
}
