import { existsSync } from "node:fs";
import { join } from "node:path";
import { headerStatus, isFuzzy } from "../files/datafile-header.ts";
import type { DatafileHeaderView, Instance } from "./api.ts";
import type { DatafileRecord } from "./control-file.ts";
import { readHeader } from "./data-files.ts";
import type { SimulatedDatabase } from "./database.ts";

export function passwordFile(home: string, sid: string): string | undefined {
  const path = join(home, "dbs", `orapw${sid}`);
  return existsSync(path) ? path : undefined;
}

/** v$datafile_header: what the file says of itself. */
export function datafileHeader(database: SimulatedDatabase, file: DatafileRecord): DatafileHeaderView {
  const header = readHeader(file.path, file.blockSize);
  const online = file.status === "ONLINE" || file.status === "SYSTEM";
  const status = online ? "ONLINE" : "OFFLINE";
  if (header === undefined) {
    const error = existsSync(file.path) ? "WRONG FILE TYPE" : "FILE NOT FOUND";
    return {
      status,
      error,
      recover: null,
      fuzzy: null,
      checkpointScn: 0n,
      checkpointAt: null,
      checkpointCount: 0,
      creationScn: 0n,
      resetlogsScn: 0n,
      resetlogsAt: null,
      bytes: 0,
      blocks: 0,
    };
  }
  const wrong = header.file !== file.file || header.dbid !== database.control.dbid;
  const normal = !online && file.enabled === "DISABLED";
  const needed = file.lastScn ?? (database.openMode === "MOUNTED" ? file.checkpointScn : 0n);
  return {
    status,
    error: wrong ? "WRONG FILE TYPE" : normal ? "OFFLINE NORMAL" : null,
    recover: normal ? null : header.checkpoint.scn < needed ? "YES" : "NO",
    fuzzy: isFuzzy(header) ? "YES" : "NO",
    checkpointScn: header.checkpoint.scn,
    checkpointAt: header.checkpoint.at,
    checkpointCount: header.checkpointCount,
    creationScn: header.creationScn,
    resetlogsScn: header.resetlogsScn,
    resetlogsAt: header.resetlogsAt,
    bytes: header.blocks * header.blockSize,
    blocks: header.blocks,
  };
}

/** v$backup. The last BEGIN BACKUP stays visible after its END. */
export function backupMode(file: DatafileRecord): ReturnType<Instance["backupMode"]> {
  const header = readHeader(file.path, file.blockSize);
  if (header === undefined) return { status: "FILE NOT FOUND", changeScn: 0n, at: null };
  const { beginScn, beginAt } = header.backup;
  if (file.status === "OFFLINE" && file.enabled === "DISABLED")
    return { status: "OFFLINE NORMAL", changeScn: 0n, at: null };
  const active = (header.status & headerStatus.HBP) !== 0;
  return { status: active ? "ACTIVE" : "NOT ACTIVE", changeScn: beginScn, at: beginAt };
}
