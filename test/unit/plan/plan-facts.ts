import type { DatafileFacts, Facts } from "../../../src/domain/facts.ts";
import { instant } from "../../../src/domain/instant.ts";
import { type ContainerName, type FilePath, ROOT, type TablespaceName } from "../../../src/domain/names.ts";
import { scn } from "../../../src/domain/scn.ts";

export function planDatafile(file: number, more: Partial<DatafileFacts> = {}): DatafileFacts {
  return {
    file,
    relativeFile: file,
    creationScn: scn(file),
    container: ROOT,
    tablespace: "USERS" as TablespaceName,
    tablespaceNumber: 4,
    bigfile: false,
    path: `/data/${file}.dbf` as FilePath,
    status: "ONLINE",
    enabled: "READ WRITE",
    bytes: 8192 * 10,
    blocks: 10,
    blockSize: 8192,
    checkpointScn: scn(100),
    header: { fuzzy: true, checkpointScn: scn(100) },
    backup: { active: false, changeScn: scn(0) },
    ...more,
  };
}

/** An open primary in ARCHIVELOG mode with an empty, writable backup area. */
export function planFacts(more: Partial<Facts> = {}): Facts {
  return {
    readAt: instant(0),
    identity: {
      dbid: "7",
      name: "PROD1",
      uniqueName: "PROD1",
      role: "PRIMARY",
      openMode: "READ WRITE",
      logMode: "ARCHIVELOG",
      cdb: true,
      resetlogsScn: scn(1),
      resetlogsId: "1",
      controlfileType: "CURRENT",
      currentScn: scn(200),
      forceLogging: true,
      platform: "Linux x86 64-bit",
    },
    instances: [],
    containers: [
      { id: 1, name: ROOT, openMode: "READ WRITE" },
      { id: 2, name: "PDB$SEED" as ContainerName, openMode: "READ ONLY" },
      { id: 3, name: "SALES" as ContainerName, openMode: "READ WRITE" },
      { id: 4, name: "HR" as ContainerName, openMode: "MOUNTED" },
    ],
    tablespaces: [],
    datafiles: [planDatafile(1)],
    tempfiles: [],
    controlfiles: [],
    onlineLogs: [],
    threads: [{ thread: 1, status: "OPEN", enabled: "PUBLIC" }],
    archiveDestinations: [
      { id: 1, status: "VALID", target: "PRIMARY", destination: "/arch", binding: "OPTIONAL" },
    ],
    parameters: {},
    wallets: [],
    patches: [],
    sessionPrivileges: ["SYSBACKUP"],
    clock: { databaseUtc: instant(0), skewMs: 0, uncertaintyMs: 0, offset: "+00:00" },
    backupArea: {
      path: "/backup/TEST" as FilePath,
      exists: true,
      parentExists: true,
      writable: true,
      freeBytes: Number.MAX_SAFE_INTEGER,
      sharedWith: [],
    },
    ...more,
  };
}
