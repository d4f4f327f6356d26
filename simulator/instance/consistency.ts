import { type DatafileHeader, headerStatus, isFuzzy } from "../files/datafile-header.ts";
import type { OraError } from "../engine/ora-error.ts";
import type { DatafileRecord } from "./control-file.ts";
import type { SimulatedDatabase } from "./database.ts";
import { identify, requiredFiles } from "./open-checks.ts";
import { fileError } from "./refusals.ts";

/** A file that was closed cleanly before, and stands still since: read only, or of a PDB that was not open. */
export function standsStill(file: DatafileRecord, header: DatafileHeader): boolean {
  if (isFuzzy(header)) return false;
  return file.enabled !== "READ WRITE" || (file.lastScn !== null && header.checkpoint.scn === file.lastScn);
}

/**
 * What hinders an open after recovery: a hot copy whose END BACKUP was not reached (1195), a file that holds blocks
 * newer than the redo applied or that lags behind the others (1194), a file ahead of them (1152).
 */
export function inconsistency(database: SimulatedDatabase): OraError | undefined {
  const seen = requiredFiles(database).map((file) => ({ file, header: identify(database, file) }));
  for (const { file, header } of seen) {
    if ((header.status & headerStatus.HBP) !== 0) return fileError(1195, file);
    if (header.recoveryFuzzyScn > header.checkpoint.scn) return fileError(1194, file);
  }
  const moving = seen.filter(({ file, header }) => !standsStill(file, header));
  const target = database.control.checkpointScn;
  for (const { file, header } of moving) {
    if (header.checkpoint.scn > target) return fileError(1152, file);
    if (header.checkpoint.scn < target || (header.status & headerStatus.OFZ) !== 0)
      return fileError(1194, file);
  }
  return seen.find(({ header }) => header.checkpoint.scn > target && moving.length > 0) === undefined
    ? undefined
    : fileError(
        1152,
        seen.find(({ header }) => header.checkpoint.scn > target)?.file ?? { file: 0, path: "" },
      );
}

export function requireConsistent(database: SimulatedDatabase): void {
  const reason = inconsistency(database);
  if (reason !== undefined) throw reason;
}
