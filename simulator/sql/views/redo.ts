import { toOracleTime } from "../../files/oracle-time.ts";
import type { ArchivedLogRecord, LogGroupRecord } from "../../instance/control-file.ts";
import { fixedView, yesNo, type View, type ViewRow, type ViewWorld } from "../dictionary/view.ts";
import { mounted } from "./control-file.ts";

/** NEXT_CHANGE# of a log that is still being written. */
const NO_END = 18_446_744_073_709_551_615n;

const log = fixedView(
  "V$LOG",
  "MOUNT",
  "GROUP# n;THREAD# n;SEQUENCE# n;BYTES n;BLOCKSIZE n;MEMBERS n;ARCHIVED v3;STATUS v16;FIRST_CHANGE# n;FIRST_TIME d;NEXT_CHANGE# n;NEXT_TIME d;CON_ID n",
  (world) => mounted(world).logGroups.map((group) => logRow(group)),
);

function logRow(group: LogGroupRecord): ViewRow {
  return {
    "GROUP#": group.group,
    "THREAD#": group.thread,
    "SEQUENCE#": group.sequence,
    BYTES: group.bytes,
    BLOCKSIZE: group.blockSize,
    MEMBERS: group.members.length,
    ARCHIVED: yesNo(group.archived),
    STATUS: group.status,
    "FIRST_CHANGE#": group.firstScn,
    FIRST_TIME: group.firstAt ?? undefined,
    "NEXT_CHANGE#": group.nextScn === null ? NO_END.toString() : group.nextScn,
    CON_ID: 0,
  };
}

const logfile = fixedView(
  "V$LOGFILE",
  "MOUNT",
  "GROUP# n;STATUS v7;TYPE v7;MEMBER v513;IS_RECOVERY_DEST_FILE v3;CON_ID n",
  (world) =>
    mounted(world).logGroups.flatMap((group) =>
      group.members.map((member) => ({
        "GROUP#": group.group,
        TYPE: "ONLINE",
        MEMBER: member,
        IS_RECOVERY_DEST_FILE: "NO",
        CON_ID: 0,
      })),
    ),
);

const standbyLog = fixedView(
  "V$STANDBY_LOG",
  "MOUNT",
  "GROUP# n;DBID v40;THREAD# n;SEQUENCE# n;BYTES n;BLOCKSIZE n;USED n;ARCHIVED v3;STATUS v10;FIRST_CHANGE# n;FIRST_TIME d;NEXT_CHANGE# n;NEXT_TIME d;LAST_CHANGE# n;LAST_TIME d;CON_ID n",
  () => [],
);

const thread = fixedView(
  "V$THREAD",
  "MOUNT",
  "THREAD# n;STATUS v6;ENABLED v8;GROUPS n;INSTANCE v80;OPEN_TIME d;CURRENT_GROUP# n;SEQUENCE# n;CHECKPOINT_CHANGE# n;CHECKPOINT_TIME d;ENABLE_CHANGE# n;DISABLE_CHANGE# n;LAST_REDO_SEQUENCE# n;CON_ID n",
  (world) => {
    const file = mounted(world);
    return file.threads.map((record) => ({
      "THREAD#": record.thread,
      STATUS: record.status,
      ENABLED: record.enabled,
      GROUPS: file.logGroups.filter((group) => group.thread === record.thread).length,
      INSTANCE: record.instance,
      "CURRENT_GROUP#": file.logGroups.find(
        (group) => group.thread === record.thread && group.status === "CURRENT",
      )?.group,
      "SEQUENCE#": record.sequence,
      "CHECKPOINT_CHANGE#": record.checkpointScn,
      "ENABLE_CHANGE#": 0,
      "DISABLE_CHANGE#": 0,
      "LAST_REDO_SEQUENCE#": record.sequence,
      CON_ID: 0,
    }));
  },
);

const archivedLog = fixedView(
  "V$ARCHIVED_LOG",
  "MOUNT",
  `RECID n;STAMP n;NAME v513;DEST_ID n;THREAD# n;SEQUENCE# n;RESETLOGS_CHANGE# n;RESETLOGS_TIME d;RESETLOGS_ID n;FIRST_CHANGE# n;FIRST_TIME d;NEXT_CHANGE# n
   NEXT_TIME d;BLOCKS n;BLOCK_SIZE n;CREATOR v7;REGISTRAR v7;STANDBY_DEST v3;ARCHIVED v3;APPLIED v9;DELETED v3;STATUS v1;COMPLETION_TIME d;DICTIONARY_BEGIN v3
   DICTIONARY_END v3;END_OF_REDO v3;BACKUP_COUNT n;ARCHIVAL_THREAD# n;ACTIVATION# n;IS_RECOVERY_DEST_FILE v3;COMPRESSED v3;FAL v3;END_OF_REDO_TYPE v10
   BACKED_BY_VSS v3;CON_ID n`,
  (world) => mounted(world).archivedLogs.map((record) => archivedRow(record, world)),
);

function archivedRow(record: ArchivedLogRecord, world: ViewWorld): ViewRow {
  return {
    RECID: record.recid,
    STAMP: toOracleTime(record.completedAt),
    NAME: record.name,
    DEST_ID: record.destId,
    "THREAD#": record.thread,
    "SEQUENCE#": record.sequence,
    "RESETLOGS_CHANGE#": record.resetlogsScn,
    RESETLOGS_TIME: record.resetlogsAt,
    RESETLOGS_ID: toOracleTime(record.resetlogsAt),
    "FIRST_CHANGE#": record.firstScn,
    FIRST_TIME: record.firstAt,
    "NEXT_CHANGE#": record.nextScn,
    NEXT_TIME: record.nextAt,
    BLOCKS: record.blocks,
    BLOCK_SIZE: record.blockSize,
    CREATOR: "ARCH",
    REGISTRAR: "ARCH",
    STANDBY_DEST: "NO",
    ARCHIVED: yesNo(record.archived),
    APPLIED: "NO",
    DELETED: yesNo(record.deleted),
    STATUS: record.status,
    COMPLETION_TIME: record.completedAt,
    DICTIONARY_BEGIN: "NO",
    DICTIONARY_END: "NO",
    END_OF_REDO: "NO",
    BACKUP_COUNT: 0,
    "ARCHIVAL_THREAD#": record.thread,
    "ACTIVATION#": mounted(world).dbid,
    IS_RECOVERY_DEST_FILE: "NO",
    COMPRESSED: "NO",
    FAL: "NO",
    BACKED_BY_VSS: "NO",
    CON_ID: 0,
  };
}

const logHistory = fixedView(
  "V$LOG_HISTORY",
  "MOUNT",
  "RECID n;STAMP n;THREAD# n;SEQUENCE# n;FIRST_CHANGE# n;FIRST_TIME d;NEXT_CHANGE# n;RESETLOGS_CHANGE# n;RESETLOGS_TIME d;CON_ID n",
  (world) => {
    const seen = new Map<string, ArchivedLogRecord>();
    for (const record of mounted(world).archivedLogs)
      seen.set(`${record.resetlogsScn}/${record.thread}/${record.sequence}`, record);
    return [...seen.values()].map((record, index) => ({
      RECID: index + 1,
      STAMP: toOracleTime(record.nextAt),
      "THREAD#": record.thread,
      "SEQUENCE#": record.sequence,
      "FIRST_CHANGE#": record.firstScn,
      FIRST_TIME: record.firstAt,
      "NEXT_CHANGE#": record.nextScn,
      "RESETLOGS_CHANGE#": record.resetlogsScn,
      RESETLOGS_TIME: record.resetlogsAt,
      CON_ID: 0,
    }));
  },
);

const archiveGap = fixedView(
  "V$ARCHIVE_GAP",
  "MOUNT",
  "THREAD# n;LOW_SEQUENCE# n;HIGH_SEQUENCE# n;CON_ID n",
  () => [],
);

export const redoViews: readonly View[] = [
  log,
  logfile,
  standbyLog,
  thread,
  archivedLog,
  logHistory,
  archiveGap,
];
