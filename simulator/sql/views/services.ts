import { openMode, rootId } from "../core.ts";
import {
  dictionaryView,
  fixedView,
  ownContainer,
  type View,
  type ViewRow,
  type ViewWorld,
} from "../dictionary/view.ts";
import { mounted } from "./control-file.ts";

interface Service {
  readonly conId: number;
  readonly id: number;
  readonly name: string;
  readonly networkName: string;
  readonly running: boolean;
}

const FIRST_ID = 10;

/** Those of the instance itself, of the database and of each PDB, then those that DBMS_SERVICE made. */
function allServices(world: ViewWorld): Service[] {
  const { core } = world;
  const root = rootId(core);
  const { dbUniqueName } = core.identity;
  const containers = core.instance.controlFile?.containers.filter(({ conId }) => conId > 2) ?? [];
  return [
    { conId: root, id: 1, name: "SYS$BACKGROUND", networkName: "", running: true },
    { conId: root, id: 2, name: "SYS$USERS", networkName: "", running: true },
    { conId: root, id: 3, name: dbUniqueName, networkName: dbUniqueName, running: true },
    ...containers.map(({ conId, name }) => ({
      conId,
      id: FIRST_ID + conId,
      name: name.toLowerCase(),
      networkName: name.toLowerCase(),
      running: openMode(core, conId) !== "MOUNTED",
    })),
    ...core.instance.services.map((service, index) => ({ ...service, id: 100 + index })),
  ];
}

function serviceRow({ id, name, networkName, conId }: Service): ViewRow {
  return { SERVICE_ID: id, NAME: name, NETWORK_NAME: networkName, CON_ID: conId };
}

const COLUMNS = "SERVICE_ID n;NAME v64;NETWORK_NAME v512;CREATION_DATE d;CON_ID n";

const active = fixedView("V$ACTIVE_SERVICES", "NOMOUNT", COLUMNS, (world) =>
  allServices(world)
    .filter(({ running }) => running)
    .map(serviceRow),
);

const known = fixedView("V$SERVICES", "NOMOUNT", COLUMNS, (world) => allServices(world).map(serviceRow));

const inDictionary = "SERVICE_ID n;NAME v64;NETWORK_NAME v512;CREATION_DATE d;ENABLED v3;PDB v128";

function dictionaryRows(world: ViewWorld, conIds: (conId: number) => boolean): ViewRow[] {
  const names = new Map(mounted(world).containers.map(({ conId, name }) => [conId, name]));
  return allServices(world)
    .filter(({ conId }) => conIds(conId))
    .map((service) => ({
      ...serviceRow(service),
      ENABLED: "NO",
      PDB: service.conId > 1 ? names.get(service.conId) : service.conId === 1 ? "CDB$ROOT" : null,
    }));
}

const dbaServices = dictionaryView("DBA_SERVICES", inDictionary, (world) =>
  dictionaryRows(world, (conId) => conId === ownContainer(world)),
);

const cdbServices = dictionaryView("CDB_SERVICES", `${inDictionary};CON_ID n`, (world) =>
  dictionaryRows(world, (conId) => ownContainer(world) <= 1 || conId === ownContainer(world)),
);

const savedStates = dictionaryView(
  "DBA_PDB_SAVED_STATES",
  "CON_ID n;CON_NAME v128;INSTANCE_NAME v128;CON_UID n;GUID RAW(16);STATE v14;RESTRICTED v3",
  (world) =>
    mounted(world)
      .containers.filter(({ conId, opensWithRoot }) => conId > 2 && opensWithRoot)
      .filter(({ conId }) => ownContainer(world) <= 1 || conId === ownContainer(world))
      .map(({ conId, name, dbid, guid, savedState }) => ({
        CON_ID: conId,
        CON_NAME: name,
        INSTANCE_NAME: world.core.identity.instanceName,
        CON_UID: dbid,
        GUID: Buffer.from(guid.replaceAll("-", ""), "hex"),
        STATE: savedState?.mode === "READ ONLY" ? "OPEN READ ONLY" : "OPEN",
        RESTRICTED: savedState?.restricted === true ? "YES" : "NO",
      })),
);

export const serviceViews: readonly View[] = [active, known, dbaServices, cdbServices, savedStates];
