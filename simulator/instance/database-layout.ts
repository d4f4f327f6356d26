import { createHash } from "node:crypto";
import { join } from "node:path";
import { fromOracleTime, toOracleTime } from "../files/oracle-time.ts";
import type { ContainerRecord, ControlFile, LogGroupRecord, TablespaceRecord } from "./control-file.ts";
import type { CreateDatabaseOptions } from "./create-database.ts";
import type { SimulatedDatabase } from "./database.ts";
import { layOutDatafile, layOutTempfile, nextDatafileNumber, nextTempfileNumber } from "./new-datafile.ts";

const FIRST_SCN = 1_000_000n;
const MEBIBYTE = 1_048_576;
const SMALLEST_FILE_BLOCKS = 64;

/** Shares of a container's bytes, in hundredths. */
const SHARES = { SYSTEM: 30, SYSAUX: 15, UNDOTBS1: 15, USERS: 40 } as const;

export function namesOf(options: CreateDatabaseOptions) {
  const data = join(options.base, "oradata", options.name);
  const fast = join(options.base, "fast", options.name);
  return {
    sid: options.sid ?? options.name,
    data,
    fast,
    arch: join(options.base, "arch"),
    controls: [join(data, "control01.ctl"), join(fast, "control02.ctl")],
  };
}

/** A stable number from the seed and a purpose. */
function numberFrom(options: CreateDatabaseOptions, purpose: string): number {
  return createHash("sha256")
    .update(`${options.seed ?? options.name}/${purpose}`)
    .digest()
    .readUInt32BE(0);
}

function guidFrom(options: CreateDatabaseOptions, purpose: string): string {
  const hash = createHash("sha256").update(`${options.seed ?? options.name}/guid/${purpose}`);
  return hash.digest("hex").slice(0, 32).toUpperCase();
}

/** The control file before there is any datafile. Times are whole seconds, as headers hold them. */
export function firstControlFile(options: CreateDatabaseOptions): ControlFile {
  const at = fromOracleTime(toOracleTime(options.now()));
  const containers = containerNames(options).map(([conId, name]): ContainerRecord => ({
    conId,
    name,
    guid: guidFrom(options, name),
    dbid: conId <= 1 ? dbidOf(options) : numberFrom(options, `dbid/${name}`),
    createdScn: FIRST_SCN,
    opensWithRoot: conId > 2,
  }));
  const threads = Array.from({ length: options.threads ?? 1 }, (_, index) => index + 1);
  return {
    dbid: dbidOf(options),
    dbName: options.name,
    cdb: options.cdb === true,
    createdAt: at,
    type: "CURRENT",
    logMode: options.archivelog === false ? "NOARCHIVELOG" : "ARCHIVELOG",
    forceLogging: false,
    sequence: 1,
    checkpointScn: FIRST_SCN,
    resetlogsScn: FIRST_SCN,
    resetlogsAt: at,
    incarnations: [
      {
        number: 1,
        resetlogsScn: FIRST_SCN,
        resetlogsAt: at,
        priorResetlogsScn: 0n,
        priorResetlogsAt: null,
        status: "CURRENT",
        priorNumber: 0,
      },
    ],
    containers,
    tablespaces: [],
    datafiles: [],
    tempfiles: [],
    threads: threads.map((thread) => ({
      thread,
      status: "CLOSED",
      enabled: "PUBLIC",
      instance: "",
      sequence: 1,
      checkpointScn: FIRST_SCN,
    })),
    logGroups: threads.flatMap((thread) => groupsOf(options, thread, at)),
    archivedLogs: [],
    maxDatafiles: 1024,
    resetlogsRequired: false,
  };
}

const dbidOf = (options: CreateDatabaseOptions): number =>
  options.dbid ?? (numberFrom(options, "dbid") & 0x7f_ff_ff_ff) + 1;

function containerNames(options: CreateDatabaseOptions): [number, string][] {
  if (options.cdb !== true) return [[0, options.name]];
  const pdbs = (options.pdbs ?? []).map((name, index): [number, string] => [index + 3, name]);
  return [[1, "CDB$ROOT"], [2, "PDB$SEED"], ...pdbs];
}

function groupsOf(options: CreateDatabaseOptions, thread: number, at: Date): LogGroupRecord[] {
  const count = options.logGroups ?? 3;
  const bytes = options.logBytes ?? (totalBytes(options) > 64 * MEBIBYTE ? 16 * MEBIBYTE : MEBIBYTE);
  return Array.from({ length: count }, (_, index): LogGroupRecord => {
    const group = (thread - 1) * count + index + 1;
    return {
      group,
      thread,
      sequence: index === 0 ? 1 : 0,
      blockSize: options.logBlockSize ?? 512,
      bytes,
      members: [join(namesOf(options).data, `redo${String(group).padStart(2, "0")}.log`)],
      status: index === 0 ? "CURRENT" : "UNUSED",
      archived: index !== 0,
      firstScn: index === 0 ? FIRST_SCN : 0n,
      firstAt: index === 0 ? at : null,
      nextScn: null,
    };
  });
}

const totalBytes = (options: CreateDatabaseOptions): number => options.totalBytes ?? 8 * MEBIBYTE;

/** Tablespaces and files of a container, formatted and in the control file. */
export function layOutContainer(
  options: CreateDatabaseOptions,
  database: SimulatedDatabase,
  conId: number,
): void {
  const { control, compatible } = database;
  const blockSize = options.blockSize ?? 8192;
  const name = control.containers.find((container) => container.conId === conId)?.name ?? "";
  const folder =
    conId <= 1 ? namesOf(options).data : join(namesOf(options).data, name === "PDB$SEED" ? "pdbseed" : name);
  const seeds = control.containers.some((container) => container.conId === 2) ? 1 : 0;
  const share = (totalBytes(options) - seeds * 4 * MEBIBYTE) / Math.max(1, control.containers.length - seeds);
  const bytes = conId === 2 ? 0 : share;
  const born = { scn: database.nextScn(), at: control.createdAt, open: false };
  for (const [index, [tsName, hundredths]] of Object.entries(SHARES).entries()) {
    if (conId === 2 && tsName === "USERS") continue;
    const tablespace: TablespaceRecord = {
      conId,
      ts: index,
      name: tsName,
      contents: tsName === "UNDOTBS1" ? "UNDO" : "PERMANENT",
      bigfile: options.profile === "23ai" && tsName === "USERS",
      blockSize,
    };
    control.tablespaces.push(tablespace);
    const blocks = Math.max(SMALLEST_FILE_BLOCKS, Math.trunc((bytes * hundredths) / 100 / blockSize / 8) * 8);
    const file = {
      file: nextDatafileNumber(control),
      path: join(
        folder,
        `${tsName
          .toLowerCase()
          .replace(/1$/u, "01")
          .replace(/(?<!01)$/u, "01")}.dbf`,
      ),
      blocks,
      autoextend: { nextBlocks: 64, maxBlocks: 4_194_302 },
    };
    control.datafiles.push(layOutDatafile(control, compatible, tablespace, file, born).record);
  }
  const temp: TablespaceRecord = {
    conId,
    ts: 4,
    name: "TEMP",
    contents: "TEMPORARY",
    bigfile: false,
    blockSize,
  };
  control.tablespaces.push(temp);
  const file = {
    file: nextTempfileNumber(control),
    path: join(folder, "temp01.dbf"),
    blocks: SMALLEST_FILE_BLOCKS,
    autoextend: null,
  };
  control.tempfiles.push(layOutTempfile(control, compatible, temp, file, born));
}
