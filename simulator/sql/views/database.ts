import { toOracleTime } from "../../files/oracle-time.ts";
import type { ControlFile, IncarnationRecord } from "../../instance/control-file.ts";
import { isCdb } from "../core.ts";
import { fixedView, yesNo, type View, type ViewRow, type ViewWorld } from "../dictionary/view.ts";
import { mounted } from "./control-file.ts";

const database = fixedView(
  "V$DATABASE",
  "MOUNT",
  `DBID n;NAME v9;CREATED d;RESETLOGS_CHANGE# n;RESETLOGS_TIME d;PRIOR_RESETLOGS_CHANGE# n;PRIOR_RESETLOGS_TIME d;LOG_MODE v12
   CHECKPOINT_CHANGE# n;ARCHIVE_CHANGE# n;CONTROLFILE_TYPE v7;CONTROLFILE_CREATED d;CONTROLFILE_SEQUENCE# n;CONTROLFILE_CHANGE# n;CONTROLFILE_TIME d
   OPEN_RESETLOGS v11;VERSION_TIME d;OPEN_MODE v20;PROTECTION_MODE v20;PROTECTION_LEVEL v20;REMOTE_ARCHIVE v8;ACTIVATION# n;SWITCHOVER# n
   DATABASE_ROLE v16;ARCHIVELOG_CHANGE# n;ARCHIVELOG_COMPRESSION v8;SWITCHOVER_STATUS v20;DATAGUARD_BROKER v8;GUARD_STATUS v7
   SUPPLEMENTAL_LOG_DATA_MIN v14;SUPPLEMENTAL_LOG_DATA_PK v3;SUPPLEMENTAL_LOG_DATA_UI v3;FORCE_LOGGING v39;PLATFORM_ID n;PLATFORM_NAME v101
   RECOVERY_TARGET_INCARNATION# n;LAST_OPEN_INCARNATION# n;CURRENT_SCN n;FLASHBACK_ON v18;SUPPLEMENTAL_LOG_DATA_FK v3;SUPPLEMENTAL_LOG_DATA_ALL v3
   DB_UNIQUE_NAME v30;STANDBY_BECAME_PRIMARY_SCN n;FS_FAILOVER_STATUS v22;PRIMARY_DB_UNIQUE_NAME v30;MIN_REQUIRED_CAPTURE_CHANGE# n;CDB v3;CON_ID n
   PENDING_ROLE_CHANGE_TASKS v512;CON_DBID n;FORCE_FULL_DB_CACHING v3`,
  (world) => [databaseRow(world)],
);

function databaseRow(world: ViewWorld): ViewRow {
  const { core } = world;
  const file = mounted(world);
  const standby = file.type === "STANDBY";
  const open = core.instance.openMode !== "MOUNTED" && core.instance.openMode !== null;
  return {
    ...incarnationFacts(file),
    DBID: file.dbid,
    NAME: file.dbName,
    CREATED: file.createdAt,
    "RESETLOGS_CHANGE#": file.resetlogsScn,
    RESETLOGS_TIME: file.resetlogsAt,
    LOG_MODE: file.logMode,
    "CHECKPOINT_CHANGE#": file.checkpointScn,
    "ARCHIVE_CHANGE#": file.checkpointScn,
    CONTROLFILE_TYPE: file.type,
    CONTROLFILE_CREATED: file.createdAt,
    "CONTROLFILE_SEQUENCE#": file.sequence,
    "CONTROLFILE_CHANGE#": file.checkpointScn,
    CONTROLFILE_TIME: core.instance.now(),
    OPEN_RESETLOGS: file.resetlogsRequired ? "REQUIRED" : file.type === "CURRENT" ? "NOT ALLOWED" : "ALLOWED",
    VERSION_TIME: file.createdAt,
    OPEN_MODE:
      core.instance.openMode === "READ ONLY" && core.instance.standbyApply !== undefined
        ? "READ ONLY WITH APPLY"
        : core.instance.openMode,
    PROTECTION_MODE: "MAXIMUM PERFORMANCE",
    PROTECTION_LEVEL: open ? "MAXIMUM PERFORMANCE" : "UNPROTECTED",
    REMOTE_ARCHIVE: "ENABLED",
    "ACTIVATION#": file.dbid,
    "SWITCHOVER#": file.dbid,
    DATABASE_ROLE: standby ? "PHYSICAL STANDBY" : "PRIMARY",
    "ARCHIVELOG_CHANGE#": file.checkpointScn,
    ARCHIVELOG_COMPRESSION: "DISABLED",
    SWITCHOVER_STATUS: "NOT ALLOWED",
    DATAGUARD_BROKER: "DISABLED",
    GUARD_STATUS: "NONE",
    SUPPLEMENTAL_LOG_DATA_MIN: "NO",
    SUPPLEMENTAL_LOG_DATA_PK: "NO",
    SUPPLEMENTAL_LOG_DATA_UI: "NO",
    FORCE_LOGGING: yesNo(file.forceLogging),
    PLATFORM_ID: 13,
    PLATFORM_NAME: "Linux x86 64-bit",
    CURRENT_SCN: open ? core.instance.currentScn() : 0,
    FLASHBACK_ON: "NO",
    SUPPLEMENTAL_LOG_DATA_FK: "NO",
    SUPPLEMENTAL_LOG_DATA_ALL: "NO",
    DB_UNIQUE_NAME: core.identity.dbUniqueName,
    STANDBY_BECAME_PRIMARY_SCN: 0,
    FS_FAILOVER_STATUS: "DISABLED",
    CDB: yesNo(isCdb(core)),
    CON_ID: 0,
    CON_DBID: file.containers.find((container) => container.conId === world.session.conId)?.dbid ?? file.dbid,
    FORCE_FULL_DB_CACHING: "NO",
  };
}

function incarnationFacts(file: ControlFile): ViewRow {
  const current = file.incarnations.find((incarnation) => incarnation.status === "CURRENT");
  return {
    "PRIOR_RESETLOGS_CHANGE#": current?.priorResetlogsScn ?? 0,
    PRIOR_RESETLOGS_TIME: current?.priorResetlogsAt,
    "RECOVERY_TARGET_INCARNATION#": current?.number ?? 1,
    "LAST_OPEN_INCARNATION#": current?.number ?? 1,
  };
}

const incarnations = fixedView(
  "V$DATABASE_INCARNATION",
  "MOUNT",
  `INCARNATION# n;RESETLOGS_CHANGE# n;RESETLOGS_TIME d;PRIOR_RESETLOGS_CHANGE# n;PRIOR_RESETLOGS_TIME d;STATUS v7;RESETLOGS_ID n
   PRIOR_INCARNATION# n;FLASHBACK_DATABASE_ALLOWED v26;CON_ID n`,
  (world) => mounted(world).incarnations.map((incarnation) => incarnationRow(incarnation)),
);

function incarnationRow(incarnation: IncarnationRecord): ViewRow {
  return {
    "INCARNATION#": incarnation.number,
    "RESETLOGS_CHANGE#": incarnation.resetlogsScn,
    RESETLOGS_TIME: incarnation.resetlogsAt,
    "PRIOR_RESETLOGS_CHANGE#": incarnation.priorResetlogsScn,
    PRIOR_RESETLOGS_TIME: incarnation.priorResetlogsAt ?? undefined,
    STATUS: incarnation.status,
    RESETLOGS_ID: toOracleTime(incarnation.resetlogsAt),
    "PRIOR_INCARNATION#": incarnation.priorNumber,
    FLASHBACK_DATABASE_ALLOWED: "NO",
    CON_ID: 0,
  };
}

export const databaseViews: readonly View[] = [database, incarnations];
