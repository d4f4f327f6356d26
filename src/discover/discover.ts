import type { Facts, InstanceFacts } from "../domain/facts.ts";
import { type FilePath, ROOT } from "../domain/names.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import type { World } from "../run/world.ts";
import { readArchiveDestinations } from "./archive-destinations.ts";
import { readBackupArea } from "./backup-area.ts";
import { readBlockChangeTracking } from "./block-change-tracking.ts";
import { readClock } from "./clock.ts";
import { readContainers } from "./containers.ts";
import { readControlfiles } from "./controlfiles.ts";
import { readDatafiles } from "./datafiles.ts";
import { isOpen, readIdentity } from "./identity.ts";
import { readInstances } from "./instances.ts";
import { readLocalUndo } from "./local-undo.ts";
import { readOnlineLogs } from "./online-logs.ts";
import { type DictionaryFacts, readDictionaries } from "./open-containers.ts";
import { readParameters } from "./parameters.ts";
import { readPasswordFile } from "./password-file.ts";
import { readPatches } from "./patches.ts";
import { present } from "./row-reader.ts";
import { readSessionPrivileges } from "./session-privileges.ts";
import { isSince, type StatementName, statements } from "./statements.ts";
import { readTablespaces } from "./tablespaces.ts";
import { readTempfiles } from "./tempfiles.ts";
import { readThreads } from "./threads.ts";
import { readWallets } from "./wallets.ts";

export type DiscoverWorld = Pick<
  World,
  "database" | "connector" | "databaseHost" | "backupHost" | "clock" | "signal"
>;

/**
 * Reads the whole database and its backup area. Works in MOUNT, with fewer facts. Changes nothing in the database.
 * Errors: UMB-5xxx of the connector; UMB-5206 where an answer is not as expected; UMB-7xxx of the backup area's host.
 */
export async function discover(world: DiscoverWorld): Promise<Facts> {
  const { database, connector, signal, clock } = world;
  const statement: CallOptions = { deadlineMs: database.deadlines.statementMs, signal };
  const connect: CallOptions = { deadlineMs: database.deadlines.connectMs, signal };
  const readAt = clock.now();
  const whole = await readWhole(world, connect, statement);
  const dictionaries = await readDictionaries(connector, whole.containers, { connect, statement });
  const question = {
    backupHost: world.backupHost,
    databaseHost: world.databaseHost,
    path: database.backupArea,
    datafiles: whole.datafiles.map((file) => file.path),
  };
  return {
    readAt,
    ...whole,
    ...withDictionaries(whole, dictionaries),
    backupArea: await readBackupArea(question, statement),
  };
}

/** Everything that one session in the root answers. */
async function readWhole(world: DiscoverWorld, connect: CallOptions, statement: CallOptions) {
  await using db = await world.connector.connect({ ...connect, container: ROOT });
  const identity = await readIdentity(db, statement);
  const containers = await readContainers(db, identity, statement);
  const instances = await readInstances(db, statement);
  return {
    identity,
    containers,
    instances,
    tablespaces: await readTablespaces(db, containers, statement),
    datafiles: await readDatafiles(db, containers, statement),
    tempfiles: await readTempfiles(db, containers, statement),
    controlfiles: await readControlfiles(db, statement),
    ...(await readRedo(db, statement)),
    ...(await readSurroundings(db, statement, { instances, open: isOpen(identity.openMode) })),
    clock: await readClock(db, world.clock, statement),
  };
}

async function readRedo(db: Database, options: CallOptions) {
  return {
    onlineLogs: await readOnlineLogs(db, options),
    threads: await readThreads(db, options),
    archiveDestinations: await readArchiveDestinations(db, options),
  };
}

/** Files and settings around the database (rule 11). */
async function readSurroundings(
  db: Database,
  options: CallOptions,
  { instances, open }: { readonly instances: readonly InstanceFacts[]; readonly open: boolean },
) {
  const version = instances[0]?.version ?? "0";
  const has = (name: StatementName) => isSince(statements[name], version);
  const parameters = await readParameters(db, options);
  return {
    parameters,
    ...present("spfile", parameters["spfile"] as FilePath | undefined),
    ...present("passwordFile", has("password-file") ? await readPasswordFile(db, options) : undefined),
    wallets: await readWallets(db, options),
    ...present("blockChangeTracking", await readBlockChangeTracking(db, options)),
    ...present("localUndo", open && has("local-undo") ? await readLocalUndo(db, options) : undefined),
    patches: open && has("patches") ? await readPatches(db, options) : [],
    sessionPrivileges: await readSessionPrivileges(db, open, options),
  };
}

function withDictionaries(
  whole: Pick<Facts, "tablespaces" | "tempfiles">,
  dictionaries: Awaited<ReturnType<typeof readDictionaries>>,
): Pick<Facts, "tablespaces" | "tempfiles"> {
  const of = (one: { container: Facts["containers"][number]["name"] }): DictionaryFacts | undefined =>
    dictionaries.get(one.container);
  return {
    tablespaces: whole.tablespaces.map((one) => ({ ...one, ...of(one)?.states.get(one.name) })),
    tempfiles: whole.tempfiles.map((one) => ({
      ...one,
      autoextensible: of(one)?.growing.has(one.path) ?? false,
    })),
  };
}
