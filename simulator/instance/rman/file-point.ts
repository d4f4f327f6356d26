import { type DatafileHeader, headerStatus } from "../../files/datafile-header.ts";
import { OraError } from "../../engine/ora-error.ts";
import { fileCheckpoint, takesWrites } from "../checkpoint.ts";
import type { DatafileRecord } from "../control-file.ts";
import { readHeader } from "../data-files.ts";
import type { SimulatedDatabase } from "../database.ts";

/**
 * From where a copy or set of the file can be recovered: a file that is written gets a checkpoint for it, as a server
 * process of RMAN asks for. ORA-19602 where a copy could not be recovered, as no redo is archived.
 */
export async function filePoint(database: SimulatedDatabase, file: DatafileRecord): Promise<DatafileHeader> {
  const written = takesWrites(database, file);
  const found = readHeader(file.path, file.blockSize);
  if (found === undefined) throw inaccessible(file);
  const open = written || (found.status & headerStatus.OFZ) !== 0;
  if (open && database.control.logMode === "NOARCHIVELOG")
    throw new OraError(19_602, "cannot backup or copy active file in NOARCHIVELOG mode");
  if (written) await fileCheckpoint(database, [file], () => ({}));
  const header = readHeader(file.path, file.blockSize);
  if (header === undefined) throw inaccessible(file);
  return header;
}

/** The header of a copy: not open, and newest block told where it is newer than the checkpoint. */
export function copyHeader(header: DatafileHeader, newestBlock: bigint): DatafileHeader {
  return {
    ...header,
    status: header.status & ~headerStatus.OFZ,
    absoluteFuzzyScn: newestBlock >= header.checkpoint.scn ? newestBlock : 0n,
  };
}

/** RMAN-06056 in the words of its client; the server says ORA-19625. */
function inaccessible(file: DatafileRecord): OraError {
  return new OraError(19_625, `error identifying file ${file.path}`, {
    below: ["ORA-27037: unable to obtain file status"],
  });
}
