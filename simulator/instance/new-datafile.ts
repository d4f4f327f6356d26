import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { BIGFILE_RELATIVE_FILE, type DatafileHeader, headerStatus } from "../files/datafile-header.ts";
import { formatDatafile, formatTempfile } from "../files/format-datafile.ts";
import type { ControlFile, DatafileRecord, TablespaceRecord, TempfileRecord } from "./control-file.ts";

export interface NewFile {
  readonly file: number;
  readonly path: string;
  readonly blocks: number;
  readonly autoextend: { nextBlocks: number; maxBlocks: number } | null;
}

/** The first header of a file. */
function birthHeader(
  control: ControlFile,
  compatible: number,
  tablespace: TablespaceRecord,
  file: { readonly file: number; readonly blocks: number; readonly scn: bigint; readonly at: Date },
): DatafileHeader {
  const prior = control.incarnations.find((incarnation) => incarnation.status === "CURRENT");
  return {
    kind: tablespace.contents === "TEMPORARY" ? "temp" : "data",
    dbid: control.dbid,
    dbName: control.dbName,
    compatible,
    controlSequence: control.sequence,
    blocks: file.blocks,
    blockSize: tablespace.blockSize,
    file: file.file,
    relativeFile: tablespace.bigfile ? BIGFILE_RELATIVE_FILE : file.file,
    tablespaceNumber: tablespace.ts,
    tablespaceName: tablespace.name,
    creationScn: file.scn,
    creationAt: file.at,
    resetlogsScn: control.resetlogsScn,
    resetlogsAt: control.resetlogsAt,
    priorResetlogsScn: prior?.priorResetlogsScn ?? 0n,
    priorResetlogsAt: prior?.priorResetlogsAt ?? null,
    status: 0,
    checkpoint: { scn: file.scn, at: file.at, thread: 1, rba: { sequence: 1, block: 2, offset: 16 } },
    checkpointCount: 1,
    controlCount: 0,
    backup: { beginAt: null, beginScn: 0n, blocks: 0, checkpointScn: 0n },
    absoluteFuzzyScn: 0n,
    recoveryFuzzyScn: 0n,
    rootDba: 0,
    conId: tablespace.conId,
  };
}

/** Formats a datafile and gives its record; the caller adds it to the control file and logs its creation. */
export function layOutDatafile(
  control: ControlFile,
  compatible: number,
  tablespace: TablespaceRecord,
  file: NewFile,
  born: { readonly scn: bigint; readonly at: Date; readonly open: boolean },
): { record: DatafileRecord; header: DatafileHeader } {
  mkdirSync(dirname(file.path), { recursive: true });
  const first = birthHeader(control, compatible, tablespace, { ...file, scn: born.scn, at: born.at });
  const system = tablespace.name === "SYSTEM";
  const status = (born.open ? headerStatus.OFZ : 0) | (system ? headerStatus.RBS : 0);
  const header = { ...first, status, rootDba: system ? 0x00_40_02_08 : 0 };
  formatDatafile(file.path, header, file.blocks);
  const record: DatafileRecord = {
    file: file.file,
    relativeFile: header.relativeFile,
    conId: tablespace.conId,
    ts: tablespace.ts,
    path: file.path,
    status: system ? "SYSTEM" : "ONLINE",
    enabled: "READ WRITE",
    blockSize: tablespace.blockSize,
    blocks: file.blocks,
    creationScn: born.scn,
    creationAt: header.creationAt,
    checkpointScn: born.scn,
    checkpointAt: born.at,
    lastScn: born.open ? null : born.scn,
    offlineScn: 0n,
    onlineScn: 0n,
    unrecoverableScn: 0n,
    autoextend: file.autoextend,
  };
  return { record, header };
}

export function layOutTempfile(
  control: ControlFile,
  compatible: number,
  tablespace: TablespaceRecord,
  file: NewFile,
  born: { readonly scn: bigint; readonly at: Date },
): TempfileRecord {
  mkdirSync(dirname(file.path), { recursive: true });
  formatTempfile(
    file.path,
    birthHeader(control, compatible, tablespace, { ...file, scn: born.scn, at: born.at }),
    file.blocks,
  );
  return {
    file: file.file,
    conId: tablespace.conId,
    ts: tablespace.ts,
    path: file.path,
    blockSize: tablespace.blockSize,
    blocks: file.blocks,
    status: "ONLINE",
    autoextend: file.autoextend,
  };
}

export const nextDatafileNumber = (control: ControlFile): number =>
  Math.max(0, ...control.datafiles.map((file) => file.file)) + 1;

export const nextTempfileNumber = (control: ControlFile): number =>
  Math.max(0, ...control.tempfiles.map((file) => file.file)) + 1;
