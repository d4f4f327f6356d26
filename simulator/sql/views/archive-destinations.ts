import type { ArchiveDestinationView } from "../../instance/api.ts";
import { fixedView, type View, type ViewRow, type ViewWorld } from "../dictionary/view.ts";

const DESTINATIONS = 31;

const archiveDest = fixedView(
  "V$ARCHIVE_DEST",
  "MOUNT",
  `DEST_ID n;DEST_NAME v256;STATUS v9;BINDING v9;NAME_SPACE v7;TARGET v16;ARCHIVER v10;SCHEDULE v8;DESTINATION v256;LOG_SEQUENCE n;REOPEN_SECS n;DELAY_MINS n
   MAX_CONNECTIONS n;NET_TIMEOUT n;PROCESS v10;REGISTER v3;FAIL_DATE d;FAIL_SEQUENCE n;FAIL_BLOCK n;FAILURE_COUNT n;MAX_FAILURE n;ERROR v256;ALTERNATE v256
   DEPENDENCY v256;REMOTE_TEMPLATE v256;QUOTA_SIZE n;QUOTA_USED n;MOUNTID n;TRANSMIT_MODE v12;ASYNC_BLOCKS n;AFFIRM v3;TYPE v7;VALID_NOW v16;VALID_TYPE v15
   VALID_ROLE v12;DB_UNIQUE_NAME v30;VERIFY v3;COMPRESSION v7;CON_ID n`,
  (world) => allDestinations(world).map((destination) => destinationRow(destination)),
);

/** All 31 slots: those without a value are INACTIVE. */
function allDestinations(world: ViewWorld): ArchiveDestinationView[] {
  const known = new Map(
    world.core.instance.archiveDestinations.map((destination) => [destination.id, destination]),
  );
  return Array.from({ length: DESTINATIONS }, (_, index) => known.get(index + 1) ?? inactive(index + 1));
}

function inactive(id: number): ArchiveDestinationView {
  return {
    id,
    destination: "",
    binding: "OPTIONAL",
    status: "INACTIVE",
    reopenSeconds: 0,
    failureCount: 0,
    failSequence: 0,
    error: null,
  };
}

function destinationRow(destination: ArchiveDestinationView): ViewRow {
  const used = destination.status !== "INACTIVE";
  return {
    DEST_ID: destination.id,
    DEST_NAME: `LOG_ARCHIVE_DEST_${destination.id}`,
    STATUS: destination.status,
    BINDING: destination.binding,
    NAME_SPACE: "SYSTEM",
    TARGET: "PRIMARY",
    ARCHIVER: "ARCH",
    SCHEDULE: used ? "ACTIVE" : "INACTIVE",
    DESTINATION: destination.destination,
    LOG_SEQUENCE: 0,
    REOPEN_SECS: destination.reopenSeconds,
    DELAY_MINS: 0,
    MAX_CONNECTIONS: 1,
    NET_TIMEOUT: 0,
    PROCESS: "ARCH",
    REGISTER: "YES",
    FAIL_SEQUENCE: destination.failSequence,
    FAIL_BLOCK: 0,
    FAILURE_COUNT: destination.failureCount,
    MAX_FAILURE: 0,
    ERROR: destination.error,
    ALTERNATE: "NONE",
    DEPENDENCY: "NONE",
    REMOTE_TEMPLATE: "NONE",
    QUOTA_SIZE: 0,
    QUOTA_USED: 0,
    MOUNTID: 0,
    TRANSMIT_MODE: "SYNCHRONOUS",
    ASYNC_BLOCKS: 0,
    AFFIRM: "NO",
    TYPE: "PUBLIC",
    VALID_NOW: used ? "YES" : "UNKNOWN",
    VALID_TYPE: "ALL_LOGFILES",
    VALID_ROLE: "ALL_ROLES",
    DB_UNIQUE_NAME: "NONE",
    VERIFY: "NO",
    COMPRESSION: "DISABLE",
    CON_ID: 0,
  };
}

const archiveDestStatus = fixedView(
  "V$ARCHIVE_DEST_STATUS",
  "MOUNT",
  `DEST_ID n;DEST_NAME v256;STATUS v9;TYPE v16;DATABASE_MODE v15;RECOVERY_MODE v34;PROTECTION_MODE v20;DESTINATION v256;STANDBY_LOGFILE_COUNT n
   STANDBY_LOGFILE_ACTIVE n;ARCHIVED_THREAD# n;ARCHIVED_SEQ# n;APPLIED_THREAD# n;APPLIED_SEQ# n;ERROR v256;SRL v3;DB_UNIQUE_NAME v30
   SYNCHRONIZATION_STATUS v22;SYNCHRONIZED v3;GAP_STATUS v24;CON_ID n`,
  (world) => allDestinations(world).map((destination) => statusRow(destination, world)),
);

function statusRow(destination: ArchiveDestinationView, world: ViewWorld): ViewRow {
  const file = world.core.instance.controlFile;
  const last = file?.archivedLogs
    .filter((log) => log.destId === destination.id && log.resetlogsScn === file.resetlogsScn)
    .at(-1);
  return {
    DEST_ID: destination.id,
    DEST_NAME: `LOG_ARCHIVE_DEST_${destination.id}`,
    STATUS: destination.status,
    TYPE: "LOCAL",
    DATABASE_MODE: world.core.instance.state === "OPEN" ? "OPEN" : "MOUNTED",
    RECOVERY_MODE: destination.id === 1 ? recoveryMode(world) : "IDLE",
    PROTECTION_MODE: "MAXIMUM PERFORMANCE",
    DESTINATION: destination.destination,
    STANDBY_LOGFILE_COUNT: 0,
    STANDBY_LOGFILE_ACTIVE: 0,
    "ARCHIVED_THREAD#": last?.thread ?? 0,
    "ARCHIVED_SEQ#": last?.sequence ?? 0,
    "APPLIED_THREAD#": 0,
    "APPLIED_SEQ#": 0,
    ERROR: destination.error,
    SRL: "NO",
    DB_UNIQUE_NAME: "NONE",
    SYNCHRONIZATION_STATUS: "CHECK CONFIGURATION",
    SYNCHRONIZED: "NO",
    CON_ID: 0,
  };
}

function recoveryMode({ core: { instance } }: ViewWorld): string {
  const apply = instance.standbyApply;
  if (apply === undefined) return "IDLE";
  return apply.realTime ? "MANAGED REAL TIME APPLY" : "MANAGED";
}

export const archiveDestinationViews: readonly View[] = [archiveDest, archiveDestStatus];
