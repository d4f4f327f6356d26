import { existsSync } from "node:fs";

import type { DatafileHeader } from "../../files/datafile-header.ts";
import type { ControlFile } from "../control-file.ts";
import { readHeaderOfAnySize } from "../data-files.ts";
import type { SimulatedDatabase } from "../database.ts";
import { recordCopy } from "./image-copy.ts";
import type { DatafileCopyRecord } from "./records.ts";

/** CATALOG DATAFILECOPY: undefined where it is no datafile of this database, as its header tells. */
export function catalogCopy(
  database: SimulatedDatabase,
  order: { readonly path: string; readonly tag: string; readonly level: 0 | null },
): DatafileCopyRecord | undefined {
  const header = readHeaderOfAnySize(order.path);
  if (header === undefined || header.dbid !== database.control.dbid) return undefined;
  const { file, blockSize, relativeFile } = header;
  const copied = { file, conId: conOf(database.control, header), blockSize, relativeFile };
  return recordCopy(database, order, { file: copied, header });
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
