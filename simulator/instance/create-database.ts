import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodePasswordFile } from "../files/password-file.ts";
import { encodeSpfile } from "../files/spfile.ts";
import { AlertLog } from "./alert-log.ts";
import { fullCheckpoint } from "./checkpoint.ts";
import { shutDown } from "./close-database.ts";
import { Container } from "./container.ts";
import { SimulatedDatabase } from "./database.ts";
import { firstControlFile, layOutContainer, namesOf } from "./database-layout.ts";
import { roomInLog } from "./log-switch.ts";
import { parameterText } from "./parameters.ts";
import { type ProfileName, PROFILES } from "./profiles.ts";
import { formatLog } from "./redo-files.ts";
import { noteTablespace } from "./tables.ts";
import { openThread } from "./threads.ts";

export interface CreateDatabaseOptions {
  /** Everything lies below: oradata/NAME, fast, arch, dbs. */
  readonly base: string;
  /** Up to 8 letters. */
  readonly name: string;
  readonly sid?: string;
  readonly cdb?: boolean;
  /** Names of PDBs besides the seed; they are opened with the root. */
  readonly pdbs?: readonly string[];
  readonly profile?: ProfileName;
  readonly archivelog?: boolean;
  /** Of all datafiles together, roughly. Default 8 MiB; a container needs about 2 MiB at least. */
  readonly totalBytes?: number;
  readonly blockSize?: 8192 | 16_384;
  readonly dbid?: number;
  /** Makes dbid and GUIDs. */
  readonly seed?: string;
  readonly now: () => Date;
  readonly logBytes?: number;
  readonly logGroups?: number;
  readonly logBlockSize?: 512 | 4096;
  /** Redo threads, each with its own groups: 2 for a RAC of two instances. */
  readonly threads?: number;
}

/** Lays out a database on disk, closed cleanly, with SPFILE and password file in base/dbs. */
export async function createDatabase(options: CreateDatabaseOptions): Promise<void> {
  const profile = PROFILES[options.profile ?? "19c"];
  const names = namesOf(options);
  const control = firstControlFile(options);
  mkdirSync(names.data, { recursive: true });
  mkdirSync(names.fast, { recursive: true });
  mkdirSync(names.arch, { recursive: true });
  for (const group of control.logGroups)
    for (const member of group.members) formatLog(member, group.blockSize, group.bytes / group.blockSize);
  const immediately = { pause: () => Promise.resolve(), idle: () => Promise.resolve() };
  const hooks = { now: options.now, ...immediately, random: () => 0.5, faults: {} };
  const alert = new AlertLog(join(options.base, "diag", `alert_${names.sid}.log`), options.now);
  const database = new SimulatedDatabase(control, names.controls, hooks, alert, profile.compatibleWord);
  for (const container of control.containers) layOutContainer(options, database, container.conId);
  database.openMode = "READ WRITE";
  await openThread(database, 1, names.sid);
  for (const { conId } of control.containers) await makeDictionary(database, conId);
  await fullCheckpoint(database);
  await shutDown(database);
  // An instance that opens it has its own.
  database.files.closeAll();
  writeParameters(options, profile.compatible);
}

async function makeDictionary(database: SimulatedDatabase, conId: number): Promise<void> {
  if (conId > 1) database.pdbModes.set(conId, "READ WRITE");
  await roomInLog(database, 1);
  const container = new Container(database, conId);
  container.create(1);
  for (const tablespace of database.control.tablespaces)
    if (tablespace.conId === conId) await noteTablespace(database, 1, container, tablespace);
}

function writeParameters(options: CreateDatabaseOptions, compatible: string): void {
  const names = namesOf(options);
  const dbs = join(options.base, "dbs");
  mkdirSync(dbs, { recursive: true });
  const parameters = new Map([
    ["db_name", options.name],
    ["db_unique_name", options.name],
    ["db_block_size", String(options.blockSize ?? 8192)],
    ["control_files", names.controls.join(",")],
    ["compatible", compatible],
    ["enable_pluggable_database", options.cdb === true ? "TRUE" : "FALSE"],
    ["log_archive_dest_1", `LOCATION=${names.arch}`],
    ["log_archive_format", "%t_%s_%r.arc"],
    ["undo_tablespace", "UNDOTBS1"],
    ["db_recovery_file_dest", names.fast],
    ["db_recovery_file_dest_size", "10737418240"],
  ]);
  writeFileSync(join(dbs, `spfile${names.sid}.ora`), encodeSpfile(parameterText(parameters)));
  writeFileSync(join(dbs, `orapw${names.sid}`), encodePasswordFile(options.seed ?? options.name), {
    mode: 0o640,
  });
}
