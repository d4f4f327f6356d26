import { existsSync } from "node:fs";
import { OraError } from "../engine/ora-error.ts";
import { type DatafileHeader, isBigfile, isFuzzy } from "../files/datafile-header.ts";
import { writeControlFile } from "../files/control-file-image.ts";
import type { CreateControlfileSpec } from "./api.ts";
import type {
  ContainerRecord,
  ControlFile,
  DatafileRecord,
  LogGroupRecord,
  TablespaceRecord,
} from "./control-file.ts";
import { readHeaderOfAnySize } from "./data-files.ts";
import { SimulatedDatabase } from "./database.ts";
import type { InstanceLifecycle } from "./instance-lifecycle.ts";
import { rememberBackupModes } from "./mount.ts";
import { PROFILES } from "./profiles.ts";
import { identifyLog } from "./redo-files.ts";

interface Found {
  readonly path: string;
  readonly header: DatafileHeader;
}

/** CREATE CONTROLFILE: the files themselves say what database this is. Mounts it. */
export function createControlfile(
  instance: InstanceLifecycle,
  spec: CreateControlfileSpec,
): SimulatedDatabase {
  const paths = instance.controlFilePaths;
  const existing = paths.find((path) => existsSync(path));
  if (existing !== undefined && !spec.reuse) {
    throw failed([
      `ORA-00200: control file could not be created`,
      `ORA-00202: control file: '${existing}'`,
      "ORA-27038: created file already exists",
    ]);
  }
  const found = spec.datafiles.map(identifyDatafile);
  const [first] = found;
  if (first === undefined) throw failed(["ORA-01160: file is not a data file"]);
  for (const { path, header } of found) {
    if (header.dbName !== spec.dbName) {
      throw failed([
        `ORA-01161: database name ${header.dbName} in file header does not match given name of ${spec.dbName}`,
        `ORA-01110: data file ${header.file}: '${path}'`,
      ]);
    }
    if (header.dbid !== first.header.dbid)
      throw failed([`ORA-01159: file is not from same database as previous files - wrong database id`]);
  }
  const control = modelFrom(spec, found, first.header, instance.now());
  for (const path of paths) writeControlFile(path, control);
  const { hooks, alert } = instance.setup;
  const database = new SimulatedDatabase(
    control,
    paths,
    hooks,
    alert,
    PROFILES[instance.profile.name].compatibleWord,
  );
  rememberBackupModes(database);
  return database;
}

const failed = (below: readonly string[]): OraError =>
  new OraError(1503, "CREATE CONTROLFILE failed", { below });

function identifyDatafile(path: string): Found {
  const header = readHeaderOfAnySize(path);
  if (header === undefined) {
    throw failed([
      `ORA-01565: error in identifying file '${path}'`,
      "ORA-27037: unable to obtain file status",
    ]);
  }
  return { path, header };
}

function modelFrom(
  spec: CreateControlfileSpec,
  found: readonly Found[],
  first: DatafileHeader,
  now: Date,
): ControlFile {
  const newest = found
    .map(({ header }) => header)
    .reduce((a, b) => (b.checkpoint.scn > a.checkpoint.scn ? b : a));
  const threads = [...new Set(spec.logGroups.map((group) => group.thread))];
  const logGroups = spec.logGroups.map((group) => groupFrom(spec, group));
  return {
    dbid: first.dbid,
    dbName: spec.dbName,
    cdb: found.some(({ header }) => header.conId > 0),
    createdAt: now,
    type: "CREATED",
    logMode: spec.archivelog ? "ARCHIVELOG" : "NOARCHIVELOG",
    forceLogging: spec.forceLogging,
    sequence: Math.max(...found.map(({ header }) => header.controlSequence)) + 1,
    checkpointScn: newest.checkpoint.scn,
    resetlogsScn: newest.resetlogsScn,
    resetlogsAt: newest.resetlogsAt,
    incarnations: [
      {
        number: 1,
        resetlogsScn: newest.resetlogsScn,
        resetlogsAt: newest.resetlogsAt,
        priorResetlogsScn: newest.priorResetlogsScn,
        priorResetlogsAt: newest.priorResetlogsAt,
        status: "CURRENT",
        priorNumber: 0,
      },
    ],
    containers: containersFrom(spec, found, first),
    tablespaces: tablespacesFrom(found),
    datafiles: found
      .map(recordFrom)
      .map((file) => (file.lastScn === null ? { ...file, checkpointScn: newest.checkpoint.scn } : file))
      .toSorted((a, b) => a.file - b.file),
    tempfiles: [],
    threads: threads.map((thread) => {
      const own = logGroups.filter((group) => group.thread === thread);
      return {
        thread,
        status: spec.resetlogs ? "CLOSED" : "OPEN",
        enabled: "PUBLIC",
        instance: "",
        sequence: Math.max(1, ...own.map((group) => group.sequence)),
        checkpointScn: newest.checkpoint.scn,
      };
    }),
    logGroups,
    archivedLogs: [],
    maxDatafiles: spec.maxDatafiles,
    resetlogsRequired: spec.resetlogs,
  };
}

/** NORESETLOGS reads the online logs; the newest of a thread is the current one. */
function groupFrom(
  spec: CreateControlfileSpec,
  group: CreateControlfileSpec["logGroups"][number],
): LogGroupRecord {
  const base = {
    group: group.group,
    thread: group.thread,
    blockSize: group.blockSize,
    bytes: group.bytes,
    members: [...group.members],
  };
  const log = identifyLog(group.members[0] ?? "");
  if (spec.resetlogs || log === undefined) {
    // A group that was never written has no header yet.
    if (!spec.resetlogs && !existsSync(group.members[0] ?? ""))
      throw failed([`ORA-01565: error in identifying file '${group.members[0] ?? ""}'`]);
    return {
      ...base,
      sequence: 0,
      status: "UNUSED",
      archived: true,
      firstScn: 0n,
      firstAt: null,
      nextScn: null,
    };
  }
  const { header } = log;
  const newest = Math.max(
    ...spec.logGroups
      .filter((other) => other.thread === group.thread)
      .map((other) => identifyLog(other.members[0] ?? "")?.header.sequence ?? 0),
  );
  const current = header.sequence === newest;
  return {
    ...base,
    sequence: header.sequence,
    status: current ? "CURRENT" : "ACTIVE",
    archived: false,
    firstScn: header.firstScn,
    firstAt: header.firstAt,
    nextScn: header.nextScn,
  };
}

function containersFrom(
  spec: CreateControlfileSpec,
  found: readonly Found[],
  first: DatafileHeader,
): ContainerRecord[] {
  const conIds = [...new Set(found.map(({ header }) => header.conId))].toSorted((a, b) => a - b);
  return conIds.map((conId) => ({
    conId,
    name:
      conId === 0 ? spec.dbName : conId === 1 ? "CDB$ROOT" : conId === 2 ? "PDB$SEED" : pdbName(found, conId),
    guid: conId.toString(16).toUpperCase().padStart(32, "0"),
    dbid: conId <= 1 ? first.dbid : (first.dbid + conId) >>> 0,
    createdScn: first.creationScn,
    opensWithRoot: conId > 2,
  }));
}

/** Until the dictionary is read the name is a guess: the folder of the PDB's files. */
function pdbName(found: readonly Found[], conId: number): string {
  const path = found.find(({ header }) => header.conId === conId)?.path ?? "";
  return path.split("/").at(-2)?.toUpperCase() ?? `_###_UNKNOWN_PDB_#_${conId}`;
}

function tablespacesFrom(found: readonly Found[]): TablespaceRecord[] {
  const seen = new Map<string, TablespaceRecord>();
  for (const { header } of found) {
    const name = header.tablespaceName;
    seen.set(`${header.conId}.${header.tablespaceNumber}`, {
      conId: header.conId,
      ts: header.tablespaceNumber,
      name,
      contents: name.startsWith("UNDO") ? "UNDO" : "PERMANENT",
      bigfile: isBigfile(header),
      blockSize: header.blockSize,
    });
  }
  return [...seen.values()];
}

function recordFrom({ path, header }: Found): DatafileRecord {
  return {
    file: header.file,
    relativeFile: header.relativeFile,
    conId: header.conId,
    ts: header.tablespaceNumber,
    path,
    status: header.tablespaceName === "SYSTEM" ? "SYSTEM" : "ONLINE",
    enabled: "READ WRITE",
    blockSize: header.blockSize,
    blocks: header.blocks,
    creationScn: header.creationScn,
    creationAt: header.creationAt,
    checkpointScn: header.checkpoint.scn,
    checkpointAt: header.checkpoint.at,
    lastScn: isFuzzy(header) ? null : header.checkpoint.scn,
    offlineScn: 0n,
    onlineScn: 0n,
    unrecoverableScn: 0n,
    autoextend: null,
  };
}
