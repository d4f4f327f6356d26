import { existsSync } from "node:fs";
import { join } from "node:path";
import { extendDatafile, formatDatafile, shrinkDatafile } from "../files/format-datafile.ts";
import { BIGFILE_RELATIVE_FILE } from "../files/datafile-header.ts";
import { OraError } from "../engine/ora-error.ts";
import type { DatafileRecord } from "./control-file.ts";
import { readHeader, writeHeader } from "./data-files.ts";
import type { SimulatedDatabase } from "./database.ts";
import type { FileUnderRecovery } from "./redo-apply.ts";
import type { Marker } from "./redo-record.ts";
import { fileLine } from "./refusals.ts";

export interface StructureRecovery {
  readonly files: Map<number, FileUnderRecovery>;
  /** The control file is older than the redo: what the redo says about files is news to it. */
  readonly controlIsOld: boolean;
  /** Crash recovery trusts the path of a created file; media recovery must not, the file may be another database's. */
  readonly trustPaths: boolean;
}

/** Applies what a record says about files and tablespaces. Each is done already where the control file is newer. */
export function applyMarker(
  database: SimulatedDatabase,
  recovery: StructureRecovery,
  marker: Marker,
  scn: bigint,
): void {
  const { control } = database;
  switch (marker.kind) {
    case "commit":
      return;
    case "end-backup": {
      const file = recovery.files.get(marker.file);
      if (file?.openBackup === marker.beginScn) file.openBackup = undefined;
      return;
    }
    case "file-create":
      createdFile(database, recovery, marker);
      return;
    case "file-resize":
      resizedFile(database, recovery, marker.file, marker.blocks, scn);
      return;
    case "container-create":
      if (!control.containers.some((container) => container.conId === marker.container.conId))
        control.containers.push(marker.container);
      return;
    case "file-drop":
    case "tablespace-drop":
    case "container-drop":
    case "file-status":
      if (recovery.controlIsOld) forgetOrChange(database, recovery, marker);
  }
}

function forgetOrChange(
  database: SimulatedDatabase,
  recovery: StructureRecovery,
  marker: Extract<Marker, { kind: "file-drop" | "tablespace-drop" | "container-drop" | "file-status" }>,
): void {
  const { control } = database;
  const forget = (gone: (file: DatafileRecord) => boolean): void => {
    for (const file of control.datafiles.filter(gone)) {
      recovery.files.delete(file.file);
      database.cache.forget(file.file);
      database.files.close(file.file);
    }
    control.datafiles = control.datafiles.filter((file) => !gone(file));
  };
  if (marker.kind === "file-drop") forget((file) => file.file === marker.file);
  if (marker.kind === "tablespace-drop") {
    forget((file) => file.conId === marker.conId && file.ts === marker.ts);
    control.tablespaces = control.tablespaces.filter(
      (ts) => ts.conId !== marker.conId || ts.ts !== marker.ts,
    );
  }
  if (marker.kind === "container-drop") {
    forget((file) => file.conId === marker.conId);
    control.tablespaces = control.tablespaces.filter((ts) => ts.conId !== marker.conId);
    control.tempfiles = control.tempfiles.filter((file) => file.conId !== marker.conId);
    control.containers = control.containers.filter((container) => container.conId !== marker.conId);
  }
  if (marker.kind === "file-status") {
    for (const file of control.datafiles.filter((candidate) => marker.files.includes(candidate.file))) {
      file.enabled = marker.enabled;
      if (file.status !== "SYSTEM") file.status = marker.status === "OFFLINE" ? "OFFLINE" : "ONLINE";
    }
  }
}

/** A file that the control file has not heard of. It is added without a name: the DBA says where it shall lie. */
function createdFile(
  database: SimulatedDatabase,
  recovery: StructureRecovery,
  marker: Extract<Marker, { kind: "file-create" }>,
): void {
  const { control } = database;
  const known = control.datafiles.find((file) => file.file === marker.datafile.file);
  if (known !== undefined) return;
  if (
    !control.tablespaces.some((ts) => ts.conId === marker.tablespace.conId && ts.ts === marker.tablespace.ts)
  )
    control.tablespaces.push({ ...marker.tablespace });
  const record = { ...marker.datafile, checkpointScn: marker.datafile.creationScn };
  control.datafiles.push(record);
  if (recovery.trustPaths && existsSync(record.path)) {
    underRecovery(recovery, record);
    return;
  }
  record.path = join("/", "dbs", `UNNAMED${String(record.file).padStart(5, "0")}`);
  throw new OraError(283, "recovery session canceled due to errors", {
    below: ["ORA-01244: unnamed datafile(s) added to control file by media recovery", fileLine(record)],
  });
}

function underRecovery(recovery: StructureRecovery, record: DatafileRecord): void {
  recovery.files.set(record.file, {
    record,
    from: record.creationScn,
    openBackup: undefined,
    wasOpen: false,
    newestBlock: 0n,
    touched: true,
  });
}

function resizedFile(
  database: SimulatedDatabase,
  recovery: StructureRecovery,
  number: number,
  blocks: number,
  scn: bigint,
): void {
  const file = recovery.files.get(number);
  if (file === undefined || scn < file.from) return;
  const { record } = file;
  const header = readHeader(record.path, record.blockSize);
  if (header === undefined || header.blocks === blocks) return;
  const geometry = {
    blockSize: record.blockSize,
    relativeFile: record.relativeFile,
    bigfile: record.relativeFile === BIGFILE_RELATIVE_FILE,
  };
  if (blocks > header.blocks) extendDatafile(record.path, header.blocks, blocks, geometry);
  else shrinkDatafile(record.path, blocks, record.blockSize);
  database.cache.forget(number, blocks + 1);
  record.blocks = blocks;
  writeHeader(record.path, { ...header, blocks });
}

/** ALTER DATABASE CREATE DATAFILE … AS: an empty file as it was born, to be recovered from its creation on. */
export function recreateDatafile(database: SimulatedDatabase, record: DatafileRecord, path: string): void {
  const [template] = database.control.datafiles.filter((file) => existsSync(file.path));
  const header = template === undefined ? undefined : readHeader(template.path, template.blockSize);
  if (header === undefined)
    throw new OraError(1178, `file ${record.file} created before last CREATE CONTROLFILE, cannot recreate`);
  const tablespace = database.tablespaceOf(record);
  record.path = path;
  formatDatafile(
    path,
    {
      ...header,
      controlSequence: database.control.sequence,
      blocks: record.blocks,
      blockSize: record.blockSize,
      file: record.file,
      relativeFile: record.relativeFile,
      tablespaceNumber: record.ts,
      tablespaceName: tablespace.name,
      creationScn: record.creationScn,
      creationAt: record.creationAt,
      status: 0,
      checkpoint: { ...header.checkpoint, scn: record.creationScn, at: record.creationAt },
      checkpointCount: 1,
      controlCount: 0,
      backup: { beginAt: null, beginScn: 0n, blocks: 0, checkpointScn: 0n },
      absoluteFuzzyScn: 0n,
      recoveryFuzzyScn: 0n,
      rootDba: 0,
      conId: record.conId,
    },
    record.blocks,
  );
}
