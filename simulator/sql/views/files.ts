import { statSync } from "node:fs";

import type { ControlFile, DatafileRecord } from "../../instance/control-file.ts";
import { fixedView, yesNo, type View, type ViewRow, type ViewWorld } from "../dictionary/view.ts";
import { mounted, tablespaceOf } from "./control-file.ts";

const datafiles = fixedView(
  "V$DATAFILE",
  "MOUNT",
  `FILE# n;CREATION_CHANGE# n;CREATION_TIME d;TS# n;RFILE# n;STATUS v7;ENABLED v10;CHECKPOINT_CHANGE# n;CHECKPOINT_TIME d;UNRECOVERABLE_CHANGE# n
   UNRECOVERABLE_TIME d;LAST_CHANGE# n;LAST_TIME d;OFFLINE_CHANGE# n;ONLINE_CHANGE# n;ONLINE_TIME d;BYTES n;BLOCKS n;CREATE_BYTES n;BLOCK_SIZE n;NAME v513
   PLUGGED_IN n;BLOCK1_OFFSET n;AUX_NAME v513;FIRST_NONLOGGED_SCN n;FIRST_NONLOGGED_TIME d;FOREIGN_DBID n;FOREIGN_CREATION_CHANGE# n
   PLUGGED_READONLY v3;PLUGIN_CHANGE# n;PLUGIN_RESETLOGS_CHANGE# n;CON_ID n`,
  (world) => mounted(world).datafiles.map((file) => datafileRow(file)),
);

function datafileRow(file: DatafileRecord): ViewRow {
  return {
    "FILE#": file.file,
    "CREATION_CHANGE#": file.creationScn,
    CREATION_TIME: file.creationAt,
    "TS#": file.ts,
    "RFILE#": file.relativeFile,
    STATUS: file.status,
    ENABLED: file.enabled,
    "CHECKPOINT_CHANGE#": file.checkpointScn,
    CHECKPOINT_TIME: file.checkpointAt,
    "UNRECOVERABLE_CHANGE#": file.unrecoverableScn,
    "LAST_CHANGE#": file.lastScn,
    LAST_TIME: file.lastScn === null ? undefined : file.checkpointAt,
    "OFFLINE_CHANGE#": file.offlineScn,
    "ONLINE_CHANGE#": file.onlineScn,
    BYTES: file.blocks * file.blockSize,
    BLOCKS: file.blocks,
    CREATE_BYTES: file.blocks * file.blockSize,
    BLOCK_SIZE: file.blockSize,
    NAME: file.path,
    PLUGGED_IN: 0,
    BLOCK1_OFFSET: file.blockSize,
    AUX_NAME: "NONE",
    FIRST_NONLOGGED_SCN: 0,
    FOREIGN_DBID: 0,
    "FOREIGN_CREATION_CHANGE#": 0,
    PLUGGED_READONLY: "NO",
    "PLUGIN_CHANGE#": 0,
    "PLUGIN_RESETLOGS_CHANGE#": 0,
    CON_ID: file.conId,
  };
}

const headers = fixedView(
  "V$DATAFILE_HEADER",
  "MOUNT",
  `FILE# n;STATUS v7;ERROR v18;FORMAT n;RECOVER v3;FUZZY v3;CREATION_CHANGE# n;CREATION_TIME d;TABLESPACE_NAME v30;TS# n;RFILE# n;RESETLOGS_CHANGE# n
   RESETLOGS_TIME d;CHECKPOINT_CHANGE# n;CHECKPOINT_TIME d;CHECKPOINT_COUNT n;BYTES n;BLOCKS n;NAME v513;CON_ID n`,
  (world) => mounted(world).datafiles.map((file) => headerRow(file, world)),
);

function headerRow(file: DatafileRecord, world: ViewWorld): ViewRow {
  const header = world.core.instance.datafileHeader(file);
  const row = {
    "FILE#": file.file,
    STATUS: header.status,
    ERROR: header.error,
    RECOVER: header.recover,
    FUZZY: header.fuzzy,
    CON_ID: file.conId,
  };
  if (header.error === "FILE NOT FOUND")
    return {
      ...row,
      FORMAT: 0,
      "CREATION_CHANGE#": 0,
      "RESETLOGS_CHANGE#": 0,
      "CHECKPOINT_CHANGE#": 0,
      CHECKPOINT_COUNT: 0,
      BYTES: 0,
      BLOCKS: 0,
    };
  return {
    ...row,
    FORMAT: 10,
    "CREATION_CHANGE#": header.creationScn,
    CREATION_TIME: file.creationAt,
    TABLESPACE_NAME: tablespaceOf(mounted(world), file)?.name,
    "TS#": file.ts,
    "RFILE#": file.relativeFile,
    "RESETLOGS_CHANGE#": header.resetlogsScn,
    RESETLOGS_TIME: header.resetlogsAt ?? undefined,
    "CHECKPOINT_CHANGE#": header.checkpointScn,
    CHECKPOINT_TIME: header.checkpointAt ?? undefined,
    CHECKPOINT_COUNT: header.checkpointCount,
    BYTES: header.bytes,
    BLOCKS: header.blocks,
    NAME: file.path,
  };
}

const backup = fixedView("V$BACKUP", "MOUNT", "FILE# n;STATUS v18;CHANGE# n;TIME d;CON_ID n", (world) =>
  mounted(world).datafiles.map((file) => {
    const mode = world.core.instance.backupMode(file);
    return {
      "FILE#": file.file,
      STATUS: mode.status,
      "CHANGE#": mode.changeScn,
      TIME: mode.at ?? undefined,
      CON_ID: file.conId,
    };
  }),
);

const tempfiles = fixedView(
  "V$TEMPFILE",
  "MOUNT",
  "FILE# n;CREATION_CHANGE# n;CREATION_TIME d;TS# n;RFILE# n;STATUS v7;ENABLED v10;BYTES n;BLOCKS n;CREATE_BYTES n;BLOCK_SIZE n;NAME v513;CON_ID n",
  (world) =>
    mounted(world).tempfiles.map((file) => ({
      "FILE#": file.file,
      "CREATION_CHANGE#": 0,
      "TS#": file.ts,
      "RFILE#": 1,
      STATUS: file.status,
      ENABLED: "READ WRITE",
      BYTES: file.blocks * file.blockSize,
      BLOCKS: file.blocks,
      CREATE_BYTES: file.blocks * file.blockSize,
      BLOCK_SIZE: file.blockSize,
      NAME: file.path,
      CON_ID: file.conId,
    })),
);

const tablespaces = fixedView(
  "V$TABLESPACE",
  "MOUNT",
  "TS# n;NAME v30;INCLUDED_IN_DATABASE_BACKUP v3;BIGFILE v3;FLASHBACK_ON v3;ENCRYPT_IN_BACKUP v3;CON_ID n",
  (world) =>
    mounted(world).tablespaces.map((tablespace) => ({
      "TS#": tablespace.ts,
      NAME: tablespace.name,
      INCLUDED_IN_DATABASE_BACKUP: yesNo(tablespace.contents !== "TEMPORARY"),
      BIGFILE: yesNo(tablespace.bigfile),
      FLASHBACK_ON: "YES",
      CON_ID: tablespace.conId,
    })),
);

const controlfiles = fixedView(
  "V$CONTROLFILE",
  "NOMOUNT",
  "STATUS v7;NAME v513;IS_RECOVERY_DEST_FILE v3;BLOCK_SIZE n;FILE_SIZE_BLKS n;CON_ID n",
  (world) =>
    world.core.instance.controlFile === undefined
      ? []
      : world.core.instance.controlFilePaths.map((path) => ({
          NAME: path,
          IS_RECOVERY_DEST_FILE: "NO",
          BLOCK_SIZE: 16_384,
          FILE_SIZE_BLKS: (statSync(path, { throwIfNoEntry: false })?.size ?? 0) / 16_384 - 1,
          CON_ID: 0,
        })),
);

const recoverFile = fixedView(
  "V$RECOVER_FILE",
  "MOUNT",
  "FILE# n;ONLINE v7;ONLINE_STATUS v7;ERROR v18;CHANGE# n;TIME d;CON_ID n",
  (world) => filesToRecover(mounted(world), world),
);

function filesToRecover(control: ControlFile, world: ViewWorld): ViewRow[] {
  return control.datafiles.flatMap((file) => {
    const header = world.core.instance.datafileHeader(file);
    if (header.recover !== "YES" && header.error === null) return [];
    const online = header.status;
    return [
      {
        "FILE#": file.file,
        ONLINE: online,
        ONLINE_STATUS: online,
        ERROR: header.error,
        "CHANGE#": header.checkpointScn,
        TIME: header.checkpointAt ?? undefined,
        CON_ID: file.conId,
      },
    ];
  });
}

const recoveryLog = fixedView(
  "V$RECOVERY_LOG",
  "MOUNT",
  "THREAD# n;SEQUENCE# n;TIME d;ARCHIVE_NAME v513;CON_ID n",
  () => [],
);

export const fileViews: readonly View[] = [
  datafiles,
  headers,
  backup,
  tempfiles,
  tablespaces,
  controlfiles,
  recoverFile,
  recoveryLog,
];
