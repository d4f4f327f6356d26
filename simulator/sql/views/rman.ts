import { fixedView, type View, type ViewWorld } from "../dictionary/view.ts";

/** Views of RMAN, recovery area, corruption and Data Guard: this instance has nothing to show in most of them. */
const none = (name: string, needs: "NOMOUNT" | "MOUNT", text: string): View =>
  fixedView(name, needs, text, () => []);

const recoveryFileDest = fixedView(
  "V$RECOVERY_FILE_DEST",
  "MOUNT",
  "NAME v513;SPACE_LIMIT n;SPACE_USED n;SPACE_RECLAIMABLE n;NUMBER_OF_FILES n;CON_ID n",
  (world) => {
    const name = world.core.instance.parameters.get("db_recovery_file_dest");
    if (name === undefined || name === "") return [];
    const logs = logsIn(world, name);
    const used = logs.reduce((sum, log) => sum + log.blocks * log.blockSize, 0);
    return [
      {
        NAME: name,
        SPACE_LIMIT: bytes(world.core.instance.parameters.get("db_recovery_file_dest_size") ?? "0"),
        SPACE_USED: used,
        SPACE_RECLAIMABLE: 0,
        NUMBER_OF_FILES: logs.length,
        CON_ID: 0,
      },
    ];
  },
);

function logsIn(world: ViewWorld, directory: string) {
  return (world.core.instance.controlFile?.archivedLogs ?? []).filter(
    (log) => !log.deleted && log.name?.startsWith(`${directory}/`),
  );
}

function bytes(text: string): number {
  const unit = { K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 }[text.slice(-1).toUpperCase()];
  return unit === undefined ? Number(text) : Number(text.slice(0, -1)) * unit;
}

const USAGE = "FILE_TYPE v23;PERCENT_SPACE_USED n;PERCENT_SPACE_RECLAIMABLE n;NUMBER_OF_FILES n;CON_ID n";
const FILE_TYPES = [
  "CONTROL FILE",
  "REDO LOG",
  "ARCHIVED LOG",
  "BACKUP PIECE",
  "IMAGE COPY",
  "FLASHBACK LOG",
  "FOREIGN ARCHIVED LOG",
  "AUXILIARY DATAFILE COPY",
];
const usage = (name: string): View =>
  fixedView(name, "MOUNT", USAGE, (world) => {
    const directory = world.core.instance.parameters.get("db_recovery_file_dest");
    const limit = bytes(world.core.instance.parameters.get("db_recovery_file_dest_size") ?? "0");
    const logs = directory === undefined ? [] : logsIn(world, directory);
    const used = logs.reduce((sum, log) => sum + log.blocks * log.blockSize, 0);
    return FILE_TYPES.map((type) => {
      const share = type === "ARCHIVED LOG" && limit > 0 ? Math.round((used / limit) * 10_000) / 100 : 0;
      return {
        FILE_TYPE: type,
        PERCENT_SPACE_USED: share,
        PERCENT_SPACE_RECLAIMABLE: 0,
        NUMBER_OF_FILES: type === "ARCHIVED LOG" ? logs.length : 0,
        CON_ID: 0,
      };
    });
  });

export const rmanViews: readonly View[] = [
  recoveryFileDest,
  usage("V$RECOVERY_AREA_USAGE"),
  usage("V$FLASH_RECOVERY_AREA_USAGE"),
  none(
    "V$RESTORE_POINT",
    "MOUNT",
    "SCN n;DATABASE_INCARNATION# n;GUARANTEE_FLASHBACK_DATABASE v3;STORAGE_SIZE n;TIME TIMESTAMP(9);RESTORE_POINT_TIME TIMESTAMP(9);PRESERVED v3;NAME v128;CON_ID n",
  ),
  none(
    "V$RMAN_BACKUP_JOB_DETAILS",
    "MOUNT",
    "SESSION_KEY n;SESSION_RECID n;COMMAND_ID v33;START_TIME d;END_TIME d;INPUT_BYTES n;OUTPUT_BYTES n;STATUS v23;INPUT_TYPE v13;OUTPUT_DEVICE_TYPE v17;ELAPSED_SECONDS n;CON_ID n",
  ),
  none(
    "V$RMAN_STATUS",
    "MOUNT",
    "SID n;RECID n;STAMP n;PARENT_RECID n;ROW_LEVEL n;ROW_TYPE v33;COMMAND_ID v33;OPERATION v33;STATUS v33;MBYTES_PROCESSED n;START_TIME d;END_TIME d;INPUT_BYTES n;OUTPUT_BYTES n;OBJECT_TYPE v80;OUTPUT_DEVICE_TYPE v17;CON_ID n",
  ),
  none(
    "V$DATABASE_BLOCK_CORRUPTION",
    "MOUNT",
    "FILE# n;BLOCK# n;BLOCKS n;CORRUPTION_CHANGE# n;CORRUPTION_TYPE v9;CON_ID n",
  ),
  none(
    "V$COPY_CORRUPTION",
    "MOUNT",
    "RECID n;STAMP n;COPY_RECID n;COPY_STAMP n;FILE# n;BLOCK# n;BLOCKS n;CORRUPTION_CHANGE# n;MARKED_CORRUPT v3;CORRUPTION_TYPE v9;CON_ID n",
  ),
  none(
    "V$BACKUP_CORRUPTION",
    "MOUNT",
    "RECID n;STAMP n;SET_STAMP n;SET_COUNT n;PIECE# n;FILE# n;BLOCK# n;BLOCKS n;CORRUPTION_CHANGE# n;MARKED_CORRUPT v3;CORRUPTION_TYPE v9;CON_ID n",
  ),
  none(
    "V$NONLOGGED_BLOCK",
    "MOUNT",
    "FILE# n;BLOCK# n;BLOCKS n;NONLOGGED_START_CHANGE# n;NONLOGGED_START_TIME d;NONLOGGED_END_CHANGE# n;NONLOGGED_END_TIME d;RESETLOGS_CHANGE# n;RESETLOGS_TIME d;OBJECT# v12;REASON v8;CON_ID n",
  ),
  none(
    "V$DNFS_SERVERS",
    "NOMOUNT",
    "ID n;SVRNAME v255;DIRNAME v1024;MNTPORT n;NFSPORT n;NFSVERSION v8;WTMAX n;RTMAX n;CON_ID n",
  ),
  none("V$LOCK", "NOMOUNT", "SID n;TYPE v2;ID1 n;ID2 n;LMODE n;REQUEST n;CTIME n;BLOCK n;CON_ID n"),
];
