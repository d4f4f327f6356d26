import type { MountedInstance } from "../../instance/api.ts";
import { containerName, openMode } from "../core.ts";
import {
  fixedView,
  hasRelease,
  publicView,
  type View,
  type ViewRow,
  type ViewWorld,
  yesNo,
} from "../dictionary/view.ts";

const INSTANCE_COLUMNS = `INSTANCE_NUMBER n;INSTANCE_NAME v16;HOST_NAME v64;VERSION v17;VERSION_LEGACY v17 since 19c;VERSION_FULL v17 since 19c;STARTUP_TIME d
   STATUS v12;PARALLEL v3;THREAD# n;ARCHIVER v7;LOG_SWITCH_WAIT v15;LOGINS v10;SHUTDOWN_PENDING v3;DATABASE_STATUS v17;INSTANCE_ROLE v18;ACTIVE_STATE v9
   BLOCKED v3;CON_ID n;INSTANCE_MODE v11;EDITION v7;FAMILY v80;DATABASE_TYPE v15`;
const STATUS = { IDLE: "STARTED", NOMOUNT: "STARTED", MOUNT: "MOUNTED", OPEN: "OPEN" } as const;

const instance = fixedView("V$INSTANCE", "NOMOUNT", INSTANCE_COLUMNS, (world) =>
  instanceRows(world).slice(0, 1),
);

/** This instance first, then the others that have the database open. */
export const allInstances = fixedView(
  "GV$INSTANCE",
  "NOMOUNT",
  `INST_ID n\n${INSTANCE_COLUMNS}`,
  instanceRows,
);

function instanceRows(world: ViewWorld): ViewRow[] {
  const { instance: own } = world.core;
  const name = world.core.identity.instanceName;
  const mounted = own.mountedInstances;
  const self = mounted.find((one) => one.startedAt === own.startedAt && one.state === own.state) ?? {
    number: Number(own.parameters.get("instance_number") ?? 1),
    thread: 0,
  };
  const here: MountedInstance = {
    ...self,
    name,
    startedAt: own.startedAt,
    state: own.state,
    restricted: own.restricted,
    node: world.core.identity.host,
  };
  return [here, ...mounted.filter((one) => one !== self)].map((one) => ({
    ...sharedFacts(world),
    INST_ID: one.number,
    INSTANCE_NUMBER: one.number,
    INSTANCE_NAME: one.name,
    HOST_NAME: one.node ?? world.core.identity.host,
    "THREAD#": one.thread,
    STARTUP_TIME: one.startedAt,
    STATUS: STATUS[one.state],
    LOGINS: one.restricted ? "RESTRICTED" : "ALLOWED",
  }));
}

function sharedFacts(world: ViewWorld): ViewRow {
  const { instance: own, identity } = world.core;
  const full = identity.version.join(".");
  const base = hasRelease(own.profile.name, "19c") ? `${identity.version[0]}.0.0.0.0` : full;
  const archiving = own.controlFile?.logMode === "ARCHIVELOG" && own.state !== "NOMOUNT";
  const stuck = own.archiveDestinations.some(
    (destination) => destination.status === "ERROR" && destination.binding === "MANDATORY",
  );
  return {
    VERSION: base,
    VERSION_LEGACY: base,
    VERSION_FULL: full,
    PARALLEL:
      own.mountedInstances.length > 1 || own.parameters.get("cluster_database")?.toUpperCase() === "TRUE"
        ? "YES"
        : "NO",
    ARCHIVER: archiving ? (stuck ? "FAILED" : "STARTED") : "STOPPED",
    SHUTDOWN_PENDING: yesNo(own.stopping !== undefined),
    DATABASE_STATUS: own.suspended ? "SUSPENDED" : "ACTIVE",
    INSTANCE_ROLE: own.state === "NOMOUNT" ? "UNKNOWN" : "PRIMARY_INSTANCE",
    ACTIVE_STATE: "NORMAL",
    BLOCKED: "NO",
    CON_ID: 0,
    INSTANCE_MODE: "REGULAR",
    EDITION: own.profile.edition,
    DATABASE_TYPE: own.mountedInstances.length > 1 ? "RAC" : "SINGLE",
  };
}

const pdbs = fixedView(
  "V$PDBS",
  "MOUNT",
  `CON_ID n;DBID n;CON_UID n;GUID RAW(16);NAME v128;OPEN_MODE v10;RESTRICTED v3;OPEN_TIME tz;CREATE_SCN n;TOTAL_SIZE n;BLOCK_SIZE n;RECOVERY_STATUS v8
   SNAPSHOT_PARENT_CON_ID n;APPLICATION_ROOT v3;APPLICATION_PDB v3;APPLICATION_SEED v3;UNDO_SCN n`,
  (world) =>
    (world.core.instance.controlFile?.containers ?? [])
      .filter((container) => container.conId > 1)
      .map((container) => ({
        CON_ID: container.conId,
        DBID: container.dbid,
        CON_UID: container.dbid,
        GUID: guid(container.guid),
        NAME: container.name,
        OPEN_MODE: openMode(world.core, container.conId),
        RESTRICTED:
          openMode(world.core, container.conId) === "MOUNTED"
            ? null
            : yesNo(world.core.instance.pdbRestricted(container.conId)),
        OPEN_TIME: world.core.instance.pdbOpenedAt(container.conId),
        CREATE_SCN: container.createdScn,
        TOTAL_SIZE: sizeOf(world, container.conId),
        BLOCK_SIZE: 8192,
        RECOVERY_STATUS: "ENABLED",
        APPLICATION_ROOT: "NO",
        APPLICATION_PDB: "NO",
        APPLICATION_SEED: "NO",
        UNDO_SCN: 0,
      })),
);

function sizeOf(world: ViewWorld, conId: number): number {
  const files = world.core.instance.controlFile?.datafiles.filter((file) => file.conId === conId) ?? [];
  return files.reduce((sum, file) => sum + file.blocks * file.blockSize, 0);
}

function guid(text: string): Buffer {
  return Buffer.from(text.replaceAll("-", ""), "hex");
}

const containers = fixedView(
  "V$CONTAINERS",
  "MOUNT",
  "CON_ID n;DBID n;CON_UID n;GUID RAW(16);NAME v128;OPEN_MODE v10;RESTRICTED v3;CREATE_SCN n;TOTAL_SIZE n",
  (world) => {
    const records = world.core.instance.controlFile?.containers ?? [];
    return records.map((container) => ({
      CON_ID: container.conId,
      DBID: container.dbid,
      CON_UID: container.dbid,
      GUID: guid(container.guid),
      NAME: containerName(world.core, container.conId),
      OPEN_MODE: openMode(world.core, container.conId),
      RESTRICTED: "NO",
      CREATE_SCN: container.createdScn,
      TOTAL_SIZE: sizeOf(world, container.conId),
    }));
  },
);

function productName(world: ViewWorld): string {
  const { profile } = world.core.instance;
  const release = profile.name === "12.2" ? "12c" : profile.name;
  return `Oracle Database ${release} ${profile.edition === "EE" ? "Enterprise Edition" : "Standard Edition 2"}`;
}

const version = publicView(
  "V$VERSION",
  "BANNER v80;BANNER_FULL v160 since 19c;BANNER_LEGACY v80 since 19c;CON_ID n",
  (world) => {
    const full = world.core.identity.version;
    const banner = `${productName(world)} Release ${full[0]}.${full[1]}.0.0.0 - ${world.core.instance.profile.name === "12.2" ? "64bit Production" : "Production"}`;
    return [
      {
        BANNER: banner,
        BANNER_FULL: `${banner}\nVersion ${full.join(".")}`,
        BANNER_LEGACY: banner,
        CON_ID: 0,
      },
    ];
  },
);

const product = publicView(
  "PRODUCT_COMPONENT_VERSION",
  "PRODUCT v80;VERSION v80;VERSION_FULL v80 since 19c;STATUS v80",
  (world) => {
    const full = world.core.identity.version;
    return [
      {
        PRODUCT: `${productName(world)} `,
        VERSION: `${full[0]}.${full[1]}.0.0.0`,
        VERSION_FULL: full.join("."),
        STATUS: "Production",
      },
    ];
  },
);

const option = publicView("V$OPTION", "PARAMETER v64;VALUE v64;CON_ID n", (world) => {
  const enterprise = world.core.instance.profile.edition === "EE";
  const options = [
    "Partitioning",
    "Real Application Clusters",
    "Fast-Start Fault Recovery",
    "Block Change Tracking",
    "Unused Block Compression",
    "Flashback Database",
    "Parallel backup and recovery",
  ];
  return options.map((name) => ({
    PARAMETER: name,
    VALUE: enterprise && name !== "Real Application Clusters" ? "TRUE" : "FALSE",
    CON_ID: 0,
  }));
});

export const instanceViews: readonly View[] = [
  instance,
  allInstances,
  pdbs,
  containers,
  version,
  product,
  option,
];
