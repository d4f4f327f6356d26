import { existsSync, rmSync, writeFileSync } from "node:fs";

import { OraError } from "../../engine/ora-error.ts";
import type { SimulatedDatabase } from "../database.ts";

/** What a new change tracking file has. Only its being there is simulated: a level 1 compares all blocks. */
const FILE_BYTES = 11_599_872;

export interface TrackingRequest {
  /** Absent: DB_CREATE_FILE_DEST would have to name it, which is not simulated. */
  readonly path?: string;
  readonly reuse: boolean;
  readonly enterprise: boolean;
}

/** ALTER DATABASE ENABLE BLOCK CHANGE TRACKING. */
export function trackChanges(
  database: SimulatedDatabase,
  { path, reuse, enterprise }: TrackingRequest,
): void {
  const { control } = database;
  if (!enterprise) throw new OraError(439, "feature not enabled: Block Change Tracking");
  if (control.changeTracking !== undefined)
    throw new OraError(19_752, "block change tracking is already enabled");
  if (path === undefined) throw new OraError(19_773, "must specify change tracking file name");
  if (!reuse && existsSync(path)) throw notCreated(path, "ORA-27038: created file already exists");
  try {
    writeFileSync(path, Buffer.alloc(512));
  } catch {
    throw notCreated(path, "ORA-27040: file create error, unable to create file");
  }
  control.changeTracking = { path, bytes: FILE_BYTES };
  database.writeControl();
}

/** ALTER DATABASE DISABLE BLOCK CHANGE TRACKING. The file goes with it. */
export function untrackChanges(database: SimulatedDatabase): void {
  const { control } = database;
  if (control.changeTracking === undefined)
    throw new OraError(19_759, "block change tracking is not enabled");
  rmSync(control.changeTracking.path, { force: true });
  delete control.changeTracking;
  database.writeControl();
}

function notCreated(path: string, why: string): OraError {
  const below = [`ORA-19750: change tracking file: '${path}'`, why];
  return new OraError(19_751, "could not create the change tracking file", { below });
}
