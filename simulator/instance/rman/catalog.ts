import { existsSync } from "node:fs";

import { type DatafileHeader, headerStatus } from "../../files/datafile-header.ts";
import type { ControlFile } from "../control-file.ts";
import { readHeaderOfAnySize } from "../data-files.ts";
import type { SimulatedDatabase } from "../database.ts";
import { backedUp } from "./image-copy.ts";
import { type DatafileCopyRecord, nextKey, recordsOf } from "./records.ts";

/** CATALOG DATAFILECOPY: undefined where it is no datafile of this database, as its header tells. */
export function catalogCopy(
  database: SimulatedDatabase,
  order: { readonly path: string; readonly tag: string; readonly level: 0 | null },
): DatafileCopyRecord | undefined {
  const header = readHeaderOfAnySize(order.path);
  if (header === undefined || header.dbid !== database.control.dbid) return undefined;
  const records = recordsOf(database.control);
  for (const older of records.copies) if (older.path === order.path) older.status = "D";
  const now = database.hooks.now();
  const record: DatafileCopyRecord = {
    ...nextKey(records, now),
    path: order.path,
    tag: order.tag,
    incrementalLevel: order.level,
    inBackup: (header.status & headerStatus.HBP) !== 0,
    completedAt: now,
    status: "A",
    ...backedUp(
      { file: header.file, conId: conOf(database.control, header), blockSize: header.blockSize },
      header,
    ),
    relativeFile: header.relativeFile,
  };
  records.copies.push(record);
  database.writeControl();
  return record;
}

function conOf(control: ControlFile, { file, conId }: DatafileHeader): number {
  return control.datafiles.find((candidate) => candidate.file === file)?.conId ?? conId;
}

/** CROSSCHECK: true where the file is there. What comes back becomes available again. */
export function crosscheck(record: { status: "A" | "X" | "D" }, path: string): boolean {
  const found = existsSync(path);
  record.status = found ? "A" : "X";
  return found;
}

/** The copy that a level 1 of this tag builds on: the newest of level 0 (rule 79). */
export function parentOf(
  control: ControlFile,
  file: { readonly file: number; readonly creationScn: bigint },
  tag: string | undefined,
): DatafileCopyRecord | undefined {
  return (control.rman?.copies ?? [])
    .filter(
      (copy) =>
        copy.status === "A" &&
        copy.incrementalLevel === 0 &&
        copy.file === file.file &&
        copy.creationScn === file.creationScn &&
        copy.resetlogsScn === control.resetlogsScn &&
        (tag === undefined || copy.tag === tag),
    )
    .toSorted((a, b) => (a.checkpointScn < b.checkpointScn ? 1 : -1))[0];
}
