import type { DatafileRecord, TablespaceRecord, TempfileRecord } from "../../instance/control-file.ts";
import { openMode } from "../core.ts";
import {
  columns,
  dictionaryView,
  hasRelease,
  ownContainer,
  yesNo,
  type View,
  type ViewRow,
  type ViewWorld,
} from "../dictionary/view.ts";
import { parsedType } from "../translate/types.ts";
import { mounted, tablespaceOf } from "./control-file.ts";

/** A DBA_ view of the session's container, and the CDB_ view of all that are open. */
function pair(name: string, text: string, rowsOf: (world: ViewWorld, conId: number) => ViewRow[]): View[] {
  const dba = dictionaryView(`DBA_${name}`, text, (world) => rowsOf(world, ownContainer(world)));
  const cdb: View = {
    ...dba,
    name: `CDB_${name}`,
    columns: [...dba.columns, ...columns("CON_ID n")],
    rows: (world) =>
      visible(world).flatMap((conId) => rowsOf(world, conId).map((row) => ({ ...row, CON_ID: conId }))),
  };
  return [dba, cdb];
}

function visible(world: ViewWorld): number[] {
  const own = ownContainer(world);
  if (own !== 1) return [own];
  const ids = world.core.instance.controlFile?.containers.map((container) => container.conId) ?? [];
  return ids.filter((conId) => conId === 1 || (conId > 2 && openMode(world.core, conId) !== "MOUNTED"));
}

const tablespaces = pair(
  "TABLESPACES",
  `TABLESPACE_NAME v30;BLOCK_SIZE n;INITIAL_EXTENT n;NEXT_EXTENT n;MIN_EXTENTS n;MAX_EXTENTS n;STATUS v9;CONTENTS v21;LOGGING v9;FORCE_LOGGING v3
   EXTENT_MANAGEMENT v10;ALLOCATION_TYPE v9;PLUGGED_IN v3;SEGMENT_SPACE_MANAGEMENT v6;RETENTION v11;BIGFILE v3;ENCRYPTED v3`,
  (world, conId) =>
    mounted(world)
      .tablespaces.filter((tablespace) => tablespace.conId === conId)
      .map((tablespace) => ({
        TABLESPACE_NAME: tablespace.name,
        BLOCK_SIZE: tablespace.blockSize,
        STATUS: tablespaceStatus(world, tablespace),
        CONTENTS: tablespace.contents,
        LOGGING: tablespace.contents === "TEMPORARY" ? "NOLOGGING" : "LOGGING",
        FORCE_LOGGING: "NO",
        EXTENT_MANAGEMENT: "LOCAL",
        ALLOCATION_TYPE: "SYSTEM",
        PLUGGED_IN: "NO",
        SEGMENT_SPACE_MANAGEMENT: tablespace.contents === "PERMANENT" ? "AUTO" : "MANUAL",
        RETENTION: tablespace.contents === "UNDO" ? "NOGUARANTEE" : "NOT APPLY",
        BIGFILE: yesNo(tablespace.bigfile),
        ENCRYPTED: "NO",
      })),
);

function tablespaceStatus(world: ViewWorld, tablespace: TablespaceRecord): string {
  const files = mounted(world).datafiles.filter(
    (file) => file.conId === tablespace.conId && file.ts === tablespace.ts,
  );
  if (files.length > 0 && files.every((file) => file.status !== "ONLINE" && file.status !== "SYSTEM"))
    return "OFFLINE";
  return files.length > 0 && files.every((file) => file.enabled === "READ ONLY") ? "READ ONLY" : "ONLINE";
}

const FILE_COLUMNS =
  "FILE_NAME v513;FILE_ID n;TABLESPACE_NAME v30;BYTES n;BLOCKS n;STATUS v9;RELATIVE_FNO n;AUTOEXTENSIBLE v3;MAXBYTES n;MAXBLOCKS n;INCREMENT_BY n;USER_BYTES n;USER_BLOCKS n";

function fileFacts(world: ViewWorld, file: DatafileRecord | TempfileRecord): ViewRow {
  return {
    FILE_NAME: file.path,
    FILE_ID: file.file,
    TABLESPACE_NAME: tablespaceOf(mounted(world), file)?.name,
    BYTES: file.blocks * file.blockSize,
    BLOCKS: file.blocks,
    RELATIVE_FNO: "relativeFile" in file ? file.relativeFile : file.file,
    AUTOEXTENSIBLE: yesNo(file.autoextend !== null),
    MAXBYTES: (file.autoextend?.maxBlocks ?? 0) * file.blockSize,
    MAXBLOCKS: file.autoextend?.maxBlocks ?? 0,
    INCREMENT_BY: file.autoextend?.nextBlocks ?? 0,
    USER_BYTES: file.blocks * file.blockSize,
    USER_BLOCKS: file.blocks,
  };
}

const dataFiles = pair("DATA_FILES", `${FILE_COLUMNS};ONLINE_STATUS v7`, (world, conId) =>
  mounted(world)
    .datafiles.filter((file) => file.conId === conId)
    .map((file) => ({ ...fileFacts(world, file), STATUS: "AVAILABLE", ONLINE_STATUS: file.status })),
);
const tempFiles = pair("TEMP_FILES", FILE_COLUMNS, (world, conId) =>
  mounted(world)
    .tempfiles.filter((file) => file.conId === conId)
    .map((file) => ({ ...fileFacts(world, file), STATUS: file.status })),
);

const users = pair(
  "USERS",
  "USERNAME v128;USER_ID n;ACCOUNT_STATUS v32;LOCK_DATE d;EXPIRY_DATE d;DEFAULT_TABLESPACE v30;TEMPORARY_TABLESPACE v30;CREATED d;PROFILE v128;AUTHENTICATION_TYPE v8;COMMON v3;ORACLE_MAINTAINED v1",
  (world) =>
    [...world.core.accounts.all()].map((account) => {
      const expiry = account.expiresInDays;
      const expired = expiry !== undefined && expiry <= 0;
      return {
        USERNAME: account.name,
        USER_ID: account.id,
        ACCOUNT_STATUS: expired
          ? account.locked
            ? "EXPIRED & LOCKED"
            : "EXPIRED"
          : account.locked
            ? "LOCKED"
            : "OPEN",
        EXPIRY_DATE:
          expiry === undefined
            ? undefined
            : new Date(world.core.instance.now().getTime() + expiry * 86_400_000),
        DEFAULT_TABLESPACE: account.defaultTablespace,
        TEMPORARY_TABLESPACE: "TEMP",
        CREATED: mounted(world).createdAt,
        PROFILE: "DEFAULT",
        AUTHENTICATION_TYPE: "PASSWORD",
        COMMON: yesNo(account.container === undefined),
        ORACLE_MAINTAINED: account.name === "SYS" || account.name === "SYSTEM" ? "Y" : "N",
      };
    }),
);

const TABLE_COLUMNS =
  "OWNER v128;TABLE_NAME v128;TABLESPACE_NAME v30;STATUS v8;LOGGING v3;NUM_ROWS n;TEMPORARY v1";

function tableRows(world: ViewWorld, conId: number): ViewRow[] {
  return world.core.instance.tables(conId).map((table) => ({
    OWNER: table.owner,
    TABLE_NAME: table.name,
    TABLESPACE_NAME: table.tablespace,
    STATUS: "VALID",
    LOGGING: "YES",
    TEMPORARY: "N",
  }));
}
const tables = pair("TABLES", TABLE_COLUMNS, tableRows);

const COLUMN_COLUMNS =
  "OWNER v128;TABLE_NAME v128;COLUMN_NAME v128;DATA_TYPE v128;DATA_LENGTH n;DATA_PRECISION n;DATA_SCALE n;NULLABLE v1;COLUMN_ID n";

function columnRows(world: ViewWorld, conId: number): ViewRow[] {
  return world.core.instance.tables(conId).flatMap((table) =>
    table.columns.map((column, index) => {
      const type = parsedType(column.type, column.nullable);
      return {
        OWNER: table.owner,
        TABLE_NAME: table.name,
        COLUMN_NAME: column.name,
        DATA_TYPE: type.type,
        DATA_LENGTH: type.size,
        DATA_PRECISION: type.precision ?? null,
        DATA_SCALE: type.scale ?? null,
        NULLABLE: column.nullable ? "Y" : "N",
        COLUMN_ID: index + 1,
      };
    }),
  );
}
const tableColumns = pair("TAB_COLUMNS", COLUMN_COLUMNS, columnRows);

const objects = pair(
  "OBJECTS",
  "OWNER v128;OBJECT_NAME v128;OBJECT_ID n;DATA_OBJECT_ID n;OBJECT_TYPE v23;STATUS v7",
  (world, conId) =>
    world.core.instance.tables(conId).map((table) => ({
      OWNER: table.owner,
      OBJECT_NAME: table.name,
      OBJECT_ID: table.objectId,
      DATA_OBJECT_ID: table.objectId,
      OBJECT_TYPE: "TABLE",
      STATUS: "VALID",
    })),
);

/** USER_ and ALL_ views: those of the user, and those that the user may see. */
const own = (rows: (world: ViewWorld, conId: number) => ViewRow[]) => (world: ViewWorld) =>
  rows(world, ownContainer(world)).filter((row) => row["OWNER"] === world.session.schema);
const all = (rows: (world: ViewWorld, conId: number) => ViewRow[]) => (world: ViewWorld) =>
  rows(world, ownContainer(world));
const userViews: readonly View[] = [
  dictionaryView("USER_TABLES", TABLE_COLUMNS, own(tableRows), { public: true }),
  dictionaryView("USER_TAB_COLUMNS", COLUMN_COLUMNS, own(columnRows), { public: true }),
  dictionaryView("ALL_TABLES", TABLE_COLUMNS, all(tableRows), { public: true }),
  dictionaryView("ALL_TAB_COLUMNS", COLUMN_COLUMNS, all(columnRows), { public: true }),
  dictionaryView(
    "ALL_USERS",
    "USERNAME v128;USER_ID n;CREATED d;COMMON v3",
    (world) =>
      [...world.core.accounts.all()].map((account) => ({
        USERNAME: account.name,
        USER_ID: account.id,
        CREATED: mounted(world).createdAt,
        COMMON: yesNo(account.container === undefined),
      })),
    { public: true },
  ),
  dictionaryView(
    "USER_USERS",
    "USERNAME v128;USER_ID n;ACCOUNT_STATUS v32;EXPIRY_DATE d;DEFAULT_TABLESPACE v30",
    (world) =>
      [...world.core.accounts.all()]
        .filter((account) => account.name === world.session.user)
        .map((account) => ({
          USERNAME: account.name,
          USER_ID: account.id,
          ACCOUNT_STATUS: "OPEN",
          DEFAULT_TABLESPACE: account.defaultTablespace,
        })),
    { public: true },
  ),
];

const properties = dictionaryView(
  "DATABASE_PROPERTIES",
  "PROPERTY_NAME v128;PROPERTY_VALUE v4000;DESCRIPTION v4000",
  (world) => {
    const file = mounted(world);
    const temporary =
      file.tablespaces.find(
        (tablespace) => tablespace.conId === ownContainer(world) && tablespace.contents === "TEMPORARY",
      )?.name ?? "SYSTEM";
    const localUndo =
      file.cdb &&
      file.tablespaces.some((tablespace) => tablespace.conId > 1 && tablespace.contents === "UNDO");
    const list: Record<string, string> = {
      DEFAULT_TEMP_TABLESPACE: temporary,
      DEFAULT_PERMANENT_TABLESPACE: "USERS",
      NLS_CHARACTERSET: "AL32UTF8",
      DBTIMEZONE: "+00:00",
      GLOBAL_DB_NAME: file.dbName,
      ...(file.cdb && { LOCAL_UNDO_ENABLED: localUndo ? "TRUE" : "FALSE" }),
    };
    return Object.entries(list).map(([name, value]) => ({ PROPERTY_NAME: name, PROPERTY_VALUE: value }));
  },
  { public: true },
);

const patches = pair(
  "REGISTRY_SQLPATCH",
  "INSTALL_ID n;PATCH_ID n;PATCH_UID n;PATCH_TYPE v10;ACTION v15;STATUS v25;ACTION_TIME TIMESTAMP(6);DESCRIPTION v100;SOURCE_VERSION v15;TARGET_VERSION v15",
  (world) => {
    const version = world.core.identity.version.join(".");
    const release = hasRelease(world.core.instance.profile.name, "19c")
      ? `Database Release Update : ${version}`
      : `DATABASE RELEASE UPDATE ${version}`;
    return [
      {
        INSTALL_ID: 1,
        PATCH_ID: 35_643_107,
        PATCH_UID: 25_405_995,
        PATCH_TYPE: "RU",
        ACTION: "APPLY",
        STATUS: "SUCCESS",
        ACTION_TIME: mounted(world).createdAt,
        DESCRIPTION: `${release} (35643107)`,
        SOURCE_VERSION: `${world.core.identity.version[0]}.1.0.0.0`,
        TARGET_VERSION: version,
      },
    ];
  },
);

const pdbs = dictionaryView(
  "DBA_PDBS",
  "PDB_ID n;PDB_NAME v128;DBID n;CON_UID n;GUID RAW(16);STATUS v10;CREATION_SCN n;CON_ID n",
  (world) =>
    mounted(world)
      .containers.filter((container) => container.conId > 1)
      .map((container) => ({
        PDB_ID: container.conId,
        PDB_NAME: container.name,
        DBID: container.dbid,
        CON_UID: container.dbid,
        GUID: Buffer.from(container.guid.replaceAll("-", ""), "hex"),
        STATUS: "NORMAL",
        CREATION_SCN: container.createdScn,
        CON_ID: container.conId,
      })),
);
export const dictionaryViews: readonly View[] = [
  ...tablespaces,
  ...dataFiles,
  ...tempFiles,
  ...users,
  ...tables,
  ...tableColumns,
  ...objects,
  ...userViews,
  properties,
  ...patches,
  pdbs,
];
