import { closeSync, existsSync, fsyncSync, openSync, writeSync } from "node:fs";

import { encodeDatafileHeader, headerStatus } from "../../files/datafile-header.ts";
import { encodeOsHeader } from "../../files/os-header.ts";
import type { DatafileRecord } from "../control-file.ts";
import type { SimulatedDatabase } from "../database.ts";
import { copyHeader, filePoint } from "./file-point.ts";
import { corrupt, isDamaged, notCreated, readBlocks } from "./read-datafile.ts";
import { type DatafileCopyRecord, nextKey, recordsOf } from "./records.ts";

export interface CopyOrder {
  readonly path: string;
  readonly tag: string;
  readonly level: 0 | null;
  readonly reuse: boolean;
}

/**
 * BACKUP AS COPY of one datafile. Its header is written last, so that what a crash leaves is no copy; the control file
 * learns of it then. ORA-19504 where the file cannot be made, ORA-19566 where a block is damaged.
 */
export async function copyImage(
  database: SimulatedDatabase,
  file: DatafileRecord,
  order: CopyOrder,
): Promise<DatafileCopyRecord> {
  const header = await filePoint(database, file);
  if (existsSync(order.path) && !order.reuse)
    throw notCreated(order.path, Object.assign(new Error("exists"), { code: "EEXIST" }));
  const fd = created(order.path);
  let newest = 0n;
  try {
    writeSync(fd, encodeOsHeader({ blockSize: file.blockSize, blocks: header.blocks, redo: false }), 0);
    for await (const block of readBlocks(database, file, header.blocks)) {
      if (isDamaged(block.verdict)) throw corrupt(file.path);
      if (block.scn > newest) newest = block.scn;
      writeSync(fd, block.bytes, 0, block.bytes.length, block.number * file.blockSize);
    }
    writeSync(fd, encodeDatafileHeader(copyHeader(header, newest)), 0, file.blockSize, file.blockSize);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return recordCopy(database, order, { file, header: copyHeader(header, newest) });
}

/** Notes a copy in the control file; an older one of the same path is gone. */
export function recordCopy(
  database: SimulatedDatabase,
  { path, tag, level }: Pick<CopyOrder, "path" | "tag" | "level">,
  {
    file,
    header,
  }: {
    readonly file: Pick<DatafileRecord, "file" | "conId" | "blockSize" | "relativeFile">;
    readonly header: ReturnType<typeof copyHeader>;
  },
): DatafileCopyRecord {
  const records = recordsOf(database.control);
  for (const older of records.copies) if (older.path === path) older.status = "D";
  const now = database.hooks.now();
  const record: DatafileCopyRecord = {
    ...nextKey(records, now),
    path,
    tag,
    incrementalLevel: level,
    inBackup: (header.status & headerStatus.HBP) !== 0,
    completedAt: now,
    status: "A",
    ...backedUp(file, header),
    relativeFile: file.relativeFile,
  };
  records.copies.push(record);
  database.writeControl();
  return record;
}

/** What a record says of the file itself. */
export function backedUp(
  file: Pick<DatafileRecord, "file" | "conId" | "blockSize">,
  header: ReturnType<typeof copyHeader>,
) {
  return {
    file: file.file,
    conId: file.conId,
    creationScn: header.creationScn,
    creationAt: header.creationAt,
    resetlogsScn: header.resetlogsScn,
    resetlogsAt: header.resetlogsAt,
    checkpointScn: header.checkpoint.scn,
    checkpointAt: header.checkpoint.at,
    absoluteFuzzyScn: header.absoluteFuzzyScn,
    blocks: header.blocks,
    blockSize: file.blockSize,
  };
}

function created(path: string): number {
  try {
    return openSync(path, "w");
  } catch (error) {
    throw notCreated(path, error);
  }
}
