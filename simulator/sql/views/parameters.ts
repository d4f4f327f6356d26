import { fixedView, publicView, type View, type ViewRow, type ViewWorld } from "../dictionary/view.ts";
import { mounted } from "./control-file.ts";

const PARAMETER_COLUMNS = `NUM n;NAME v80;TYPE n;VALUE v4000;DISPLAY_VALUE v4000;DEFAULT_VALUE v255;ISDEFAULT v9;ISSES_MODIFIABLE v5;ISSYS_MODIFIABLE v9
   ISPDB_MODIFIABLE v5;ISINSTANCE_MODIFIABLE v5;ISMODIFIED v10;ISADJUSTED v5;ISDEPRECATED v5;ISBASIC v5;DESCRIPTION v255;UPDATE_COMMENT v255;HASH n;CON_ID n`;
/** Parameters that exist in every instance, set or not. */
const ALWAYS = [
  "archive_lag_target",
  "cluster_database",
  "compatible",
  "control_file_record_keep_time",
  "control_files",
  "cpu_count",
  "db_block_size",
  "db_create_file_dest",
  "db_create_online_log_dest_1",
  "db_files",
  "db_flashback_retention_target",
  "db_name",
  "db_recovery_file_dest",
  "db_recovery_file_dest_size",
  "db_unique_name",
  "diagnostic_dest",
  "enable_pluggable_database",
  "instance_name",
  "job_queue_processes",
  "log_archive_config",
  "log_archive_dest",
  "log_archive_duplex_dest",
  "log_archive_format",
  "log_archive_max_processes",
  "nls_date_format",
  "open_cursors",
  "pga_aggregate_target",
  "processes",
  "remote_login_passwordfile",
  "service_names",
  "sessions",
  "sga_target",
  "spfile",
  "standby_file_management",
  "tde_configuration",
  "undo_retention",
  "undo_tablespace",
  "wallet_root",
  ...Array.from({ length: 10 }, (_, index) => [
    `log_archive_dest_${index + 1}`,
    `log_archive_dest_state_${index + 1}`,
  ]).flat(),
];
const TYPES: Readonly<Record<string, number>> = { TRUE: 1, FALSE: 1 };

function parameterRows(world: ViewWorld): ViewRow[] {
  const values = knownValues(world);
  return [...new Set([...ALWAYS, ...values.keys()])].toSorted().map((name, index) => {
    const value = values.get(name) ?? null;
    return {
      NUM: index + 1,
      NAME: name,
      TYPE: TYPES[value?.toUpperCase() ?? ""] ?? (value !== null && /^\d+$/.test(value) ? 3 : 2),
      VALUE: value,
      DISPLAY_VALUE: value,
      ISDEFAULT: world.core.instance.parameters.has(name) ? "FALSE" : "TRUE",
      ISSES_MODIFIABLE: name.startsWith("nls_") ? "TRUE" : "FALSE",
      ISSYS_MODIFIABLE: name.startsWith("log_archive") ? "IMMEDIATE" : "FALSE",
      ISPDB_MODIFIABLE: "FALSE",
      ISINSTANCE_MODIFIABLE: "FALSE",
      ISMODIFIED: "FALSE",
      ISADJUSTED: "FALSE",
      ISDEPRECATED: "FALSE",
      ISBASIC: "FALSE",
      CON_ID: world.session.conId > 1 ? world.session.conId : 1,
    };
  });
}

function knownValues(world: ViewWorld): Map<string, string> {
  const { instance, identity } = world.core;
  const values = new Map<string, string>([
    ["db_name", identity.dbName],
    ["db_unique_name", identity.dbUniqueName],
    ["instance_name", identity.instanceName],
    ["service_names", identity.dbUniqueName],
    ["enable_pluggable_database", "FALSE"],
    ["cluster_database", "FALSE"],
    ["control_file_record_keep_time", "7"],
    ["db_recovery_file_dest_size", "0"],
    ...instance.parameters,
  ]);
  if (instance.spfilePath !== undefined) values.set("spfile", instance.spfilePath);
  if (instance.controlFilePaths.length > 0) values.set("control_files", instance.controlFilePaths.join(", "));
  for (let slot = 1; slot <= 10; slot += 1) {
    const state = `log_archive_dest_state_${slot}`;
    if (!values.has(state)) values.set(state, "enable");
  }
  return values;
}

const parameter = fixedView("V$PARAMETER", "NOMOUNT", PARAMETER_COLUMNS, parameterRows);
const parameter2 = fixedView("V$PARAMETER2", "NOMOUNT", PARAMETER_COLUMNS, parameterRows);
const systemParameter = fixedView("V$SYSTEM_PARAMETER", "NOMOUNT", PARAMETER_COLUMNS, parameterRows);

const spparameter = fixedView(
  "V$SPPARAMETER",
  "NOMOUNT",
  "FAMILY v80;SID v80;NAME v80;TYPE v11;VALUE v255;DISPLAY_VALUE v255;ISSPECIFIED v6;ORDINAL n;UPDATE_COMMENT v255;CON_ID n",
  (world) =>
    world.core.instance.spfilePath === undefined
      ? []
      : [...world.core.instance.parameters].map(([name, value]) => ({
          SID: "*",
          NAME: name,
          TYPE: "string",
          VALUE: value,
          DISPLAY_VALUE: value,
          ISSPECIFIED: "TRUE",
          ORDINAL: 1,
          CON_ID: 0,
        })),
);

const passwordFile = fixedView(
  "V$PASSWORDFILE_INFO",
  "NOMOUNT",
  "FILE_NAME v513;FORMAT v6;IS_ASM v5;CON_ID n",
  (world) =>
    world.core.instance.passwordFilePath === undefined
      ? []
      : [{ FILE_NAME: world.core.instance.passwordFilePath, FORMAT: "12.2", IS_ASM: "FALSE", CON_ID: 0 }],
);

const passwordUsers = fixedView(
  "V$PWFILE_USERS",
  "NOMOUNT",
  "USERNAME v128;SYSDBA v5;SYSOPER v5;SYSASM v5;SYSBACKUP v5;SYSDG v5;SYSKM v5;ACCOUNT_STATUS v30;PASSWORD_PROFILE v128;LAST_LOGIN tz;LOCK_DATE d;EXPIRY_DATE d;EXTERNAL_NAME v1024;AUTHENTICATION_TYPE v8;COMMON v3;CON_ID n",
  (world) =>
    [...world.core.accounts.all()]
      .filter((account) => account.administrative.length > 0)
      .map((account) => {
        const has = (privilege: (typeof account.administrative)[number]) =>
          account.administrative.includes(privilege) ? "TRUE" : "FALSE";
        return {
          USERNAME: account.name,
          SYSDBA: has("SYSDBA"),
          SYSOPER: has("SYSOPER"),
          SYSASM: "FALSE",
          SYSBACKUP: has("SYSBACKUP"),
          SYSDG: has("SYSDG"),
          SYSKM: has("SYSKM"),
          ACCOUNT_STATUS: account.locked ? "LOCKED" : "OPEN",
          AUTHENTICATION_TYPE: "PASSWORD",
          COMMON: account.container === undefined ? "YES" : "NO",
          CON_ID: 0,
        };
      }),
);

const nls = publicView("NLS_SESSION_PARAMETERS", "PARAMETER v128;VALUE v64", (world) =>
  [...world.session.nls].map(([name, value]) => ({ PARAMETER: name, VALUE: value })),
);
const DATABASE_NLS = {
  NLS_LANGUAGE: "AMERICAN",
  NLS_TERRITORY: "AMERICA",
  NLS_CHARACTERSET: "AL32UTF8",
  NLS_NCHAR_CHARACTERSET: "AL16UTF16",
  NLS_DATE_FORMAT: "DD-MON-RR",
};
const databaseNls = publicView("NLS_DATABASE_PARAMETERS", "PARAMETER v128;VALUE v64", () =>
  Object.entries(DATABASE_NLS).map(([name, value]) => ({ PARAMETER: name, VALUE: value })),
);
const nlsView = publicView("V$NLS_PARAMETERS", "PARAMETER v64;VALUE v64;CON_ID n", (world) =>
  [
    ...world.session.nls,
    ...Object.entries(DATABASE_NLS).filter(([name]) => name.endsWith("CHARACTERSET")),
  ].map(([name, value]) => ({ PARAMETER: name, VALUE: value, CON_ID: 0 })),
);

const wallet = fixedView(
  "V$ENCRYPTION_WALLET",
  "NOMOUNT",
  "WRL_TYPE v20;WRL_PARAMETER v4000;STATUS v30;WALLET_TYPE v20;WALLET_ORDER v9;KEYSTORE_MODE v8 since 19c;FULLY_BACKED_UP v9;CON_ID n",
  (world) => {
    const root = world.core.instance.parameters.get("wallet_root");
    const ids = world.core.instance.controlFile?.containers.map((container) => container.conId) ?? [];
    return (ids.length > 0 ? ids : [0]).map((conId) => ({
      WRL_TYPE: "FILE",
      WRL_PARAMETER: root === undefined ? null : `${root}/tde/`,
      STATUS: "NOT_AVAILABLE",
      WALLET_TYPE: "UNKNOWN",
      WALLET_ORDER: "SINGLE",
      KEYSTORE_MODE: conId > 1 ? "UNITED" : "NONE",
      FULLY_BACKED_UP: "UNDEFINED",
      CON_ID: conId,
    }));
  },
);

const tracking = fixedView(
  "V$BLOCK_CHANGE_TRACKING",
  "MOUNT",
  "STATUS v10;FILENAME v513;BYTES n;CON_ID n",
  (world) => {
    const file = mounted(world).changeTracking;
    return [
      {
        STATUS: file === undefined ? "DISABLED" : "ENABLED",
        FILENAME: file?.path ?? null,
        BYTES: file?.bytes ?? null,
        CON_ID: 0,
      },
    ];
  },
);

export const parameterViews: readonly View[] = [
  parameter,
  parameter2,
  systemParameter,
  spparameter,
  passwordFile,
  passwordUsers,
  nls,
  databaseNls,
  nlsView,
  wallet,
  tracking,
];
