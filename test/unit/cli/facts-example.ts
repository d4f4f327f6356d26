import type { DatafileFacts, Facts } from "../../../src/domain/facts.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { ContainerName, FilePath, TablespaceName } from "../../../src/domain/names.ts";
import { ROOT } from "../../../src/domain/names.ts";
import { scn } from "../../../src/domain/scn.ts";

const PDB = "PDB1" as ContainerName;
const path = (text: string) => text as FilePath;

function datafile(
  file: number,
  container: ContainerName,
  tablespace: string,
  more: Partial<DatafileFacts> = {},
): DatafileFacts {
  return {
    file,
    relativeFile: file,
    creationScn: scn(7),
    container,
    tablespace: tablespace as TablespaceName,
    tablespaceNumber: file,
    bigfile: false,
    path: path(`/data/PROD1/${tablespace.toLowerCase()}01.dbf`),
    status: "ONLINE",
    enabled: "READ WRITE",
    bytes: 100 * 1024 * 1024,
    blocks: 12_800,
    blockSize: 8192,
    checkpointScn: scn(18_446_744_073_709_551_615n),
    backup: { active: false, changeScn: scn(0) },
    ...more,
  };
}

/** A small container database; one file was left in backup mode, one has a name that could draw on a terminal. */
export const factsExample: Facts = {
  readAt: instant(Date.UTC(2026, 10, 21, 9, 33)),
  identity: {
    dbid: "1234567890",
    name: "PROD1",
    uniqueName: "PROD1_A",
    role: "PRIMARY",
    openMode: "READ WRITE",
    logMode: "ARCHIVELOG",
    cdb: true,
    resetlogsScn: scn(1),
    resetlogsId: "1100000000",
    controlfileType: "CURRENT",
    currentScn: scn(18_446_744_073_709_551_615n),
    forceLogging: true,
    platform: "Linux x86 64-bit",
  },
  instances: [
    {
      number: 1,
      name: "PROD1",
      host: "db1",
      version: "19.25.0.0.0",
      edition: "EE",
      status: "OPEN",
      thread: 1,
      startedAt: "2026-11-01T00:00:00",
    },
  ],
  containers: [
    { id: 1, name: ROOT, openMode: "READ WRITE" },
    { id: 3, name: PDB, openMode: "MOUNTED" },
  ],
  tablespaces: [
    {
      container: ROOT,
      name: "SYSTEM" as TablespaceName,
      number: 1,
      bigfile: false,
      contents: "PERMANENT",
      status: "ONLINE",
    },
    { container: PDB, name: "USERS" as TablespaceName, number: 2, bigfile: false },
  ],
  datafiles: [
    datafile(1, ROOT, "SYSTEM", { status: "SYSTEM" }),
    datafile(2, PDB, "USERS", {
      path: path("/data/PROD1/us\ners.dbf"),
      backup: { active: true, changeScn: scn(4711) },
    }),
  ],
  tempfiles: [
    {
      file: 1,
      container: ROOT,
      tablespace: "TEMP" as TablespaceName,
      path: path("/data/PROD1/temp01.dbf"),
      bytes: 1024,
      autoextensible: true,
    },
  ],
  controlfiles: [path("/data/PROD1/control01.ctl")],
  onlineLogs: [
    {
      thread: 1,
      group: 1,
      sequence: 41,
      bytes: 1024,
      status: "INACTIVE",
      members: [path("/data/PROD1/redo01.log")],
    },
    {
      thread: 1,
      group: 2,
      sequence: 42,
      bytes: 1024,
      status: "CURRENT",
      members: [path("/data/PROD1/redo02.log")],
    },
  ],
  threads: [{ thread: 1, status: "OPEN", enabled: "PUBLIC" }],
  archiveDestinations: [
    { id: 1, status: "VALID", target: "PRIMARY", destination: "/arch/PROD1", binding: "OPTIONAL" },
    {
      id: 2,
      status: "ERROR",
      target: "PRIMARY",
      destination: "/arch2",
      binding: "OPTIONAL",
      error: "ORA-19502",
    },
  ],
  parameters: { compatible: "19.0.0" },
  spfile: path("/u01/dbs/spfilePROD1.ora"),
  wallets: [],
  patches: [],
  sessionPrivileges: ["SYSBACKUP"],
  clock: {
    databaseUtc: instant(Date.UTC(2026, 10, 21, 9, 33)),
    skewMs: 12,
    uncertaintyMs: 3,
    offset: "+01:00",
  },
};
