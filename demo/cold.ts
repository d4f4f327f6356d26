import { join } from "node:path";

import { forkSimulator, type ForkedSimulator } from "../simulator/doors/forked.ts";
import { formatBytes, formatDuration } from "../src/domain/human.ts";
import type { ColdManifest } from "../src/domain/manifest.ts";
import { ROOT } from "../src/domain/names.ts";
import type { Row } from "../src/ports/database.ts";
import { type AgentSetting, configureAgent, umbra } from "./agent.ts";
import { restoreSource } from "./from-manifest.ts";
import type { Narrator } from "./narrator.ts";
import { placeFiles } from "./restore/place-files.ts";
import { administratorOf, compareRows, openClosed, startSecondInstance } from "./second-instance.ts";
import { takeBackup, type TakenBackup } from "./take-backup.ts";
import { verdictOf } from "./verdict.ts";

const DATABASE_BYTES = 200 * 1_048_576;
const OPERATIONS_PER_SECOND = 400;
const DEADLINE = { deadlineMs: 30_000 };

/** A cold backup of a live database, restored into a second instance, opened without recovery, compared. */
export async function coldDemo(directory: string, tell: Narrator) {
  tell.chapter("A live database");
  const oracleHome = join(directory, "home");
  await using production = await startProduction(directory, oracleHome, tell);
  const setting = agentFor(directory, oracleHome, production);
  const before = await containersOf(production);
  tell.say(`Containers: ${inWords(before)}.`);

  tell.chapter("A cold backup of it");
  await umbra(setting, "check", "DEMO");
  const backup = await takeBackup(setting, tell, "cold");
  const { cold } = coldManifest(backup);
  tell.say(
    `Mode ${cold.mode}: the database was down for ${formatDuration(cold.downtimeSeconds * 1000)}, from SHUTDOWN to open as before.`,
  );
  const after = await containersOf(production);
  tell.say(`Containers: ${inWords(after)}.`);
  const owed = await umbra(setting, "reconcile", "--plan");
  await production.stopWorkload({ commit: true });

  tell.chapter("The backup, read again");
  tell.say((await umbra(setting, "verify", backup.id)).trimEnd());

  tell.chapter("Restored into a second instance, and opened without recovery");
  const restored = await restoreAndCompare(directory, production, backup, tell);
  tell.say(verdictOf(restored));
  const isStateRestored = inWords(before) === inWords(after);
  const isNothingOwed = owed.includes("nothing to put right");
  return {
    isGood: restored.rowsDifferent === 0 && restored.rowsCompared > 0 && isStateRestored && isNothingOwed,
    backup: backup.id,
    mode: cold.mode,
    downtimeSeconds: cold.downtimeSeconds,
    datafiles: backup.manifest.datafiles.length,
    closedAtScn: cold.checkpointScn,
    rowsCompared: restored.rowsCompared,
    rowsDifferent: restored.rowsDifferent,
    stateRestored: isStateRestored,
    nothingOwed: isNothingOwed,
  };
}

async function startProduction(
  directory: string,
  oracleHome: string,
  tell: Narrator,
): Promise<ForkedSimulator> {
  const production = await forkSimulator({
    base: join(directory, "production"),
    dbName: "DEMO",
    cdb: true,
    pdbs: 3,
    bytes: DATABASE_BYTES,
    seed: 7,
    oracleHome,
    workload: true,
    opsPerSecond: OPERATIONS_PER_SECOND,
  });
  tell.say(
    `Simulated Oracle 19c container database DEMO, ${formatBytes(DATABASE_BYTES)}, on port ${production.port}, ` +
      `with sqlplus in ${oracleHome}/bin; ${OPERATIONS_PER_SECOND} row changes a second.`,
  );
  await asDba(production, "ALTER PLUGGABLE DATABASE PDB2 CLOSE IMMEDIATE");
  await asDba(production, "ALTER PLUGGABLE DATABASE PDB2 OPEN READ ONLY");
  await asDba(production, "ALTER PLUGGABLE DATABASE PDB3 CLOSE IMMEDIATE");
  return production;
}

function agentFor(directory: string, oracleHome: string, { ready, port }: ForkedSimulator): AgentSetting {
  const account = ready.accounts.find(({ name }) => name === "C##UMBRA");
  if (account === undefined) throw new Error("the simulated database has no account for umbra");
  return configureAgent(directory, {
    port,
    // A mounted database is reached by a service of listener.ora only.
    service: ready.adminService,
    user: account.name.toLowerCase(),
    password: account.password,
    more: [`instance: { by: sqlplus, oracle-home: ${oracleHome}, sid: DEMO }`],
  });
}

async function asDba(production: ForkedSimulator, sql: string): Promise<readonly Row[]> {
  await using db = await administratorOf(production).connect({ ...DEADLINE, container: ROOT });
  if (/^select/iu.test(sql)) return await db.query(sql, {}, DEADLINE);
  await db.execute(sql, DEADLINE);
  return [];
}

/** Asked of the database itself. */
function containersOf(production: ForkedSimulator): Promise<readonly Row[]> {
  return asDba(production, "select name, open_mode from v$pdbs order by con_id");
}

function inWords(containers: readonly Row[]): string {
  return containers.map((row) => `${String(row["name"])} ${String(row["open_mode"])}`).join(", ");
}

function coldManifest({ manifest }: TakenBackup): ColdManifest {
  if (manifest.kind !== "cold") throw new Error(`a ${manifest.kind} backup was taken`);
  return manifest;
}

async function restoreAndCompare(
  directory: string,
  production: ForkedSimulator,
  backup: TakenBackup,
  tell: Narrator,
) {
  const { checkpointScn } = coldManifest(backup).cold;
  const source = restoreSource(backup.manifest, backup.directory);
  const placed = placeFiles(source, join(directory, "restored"));
  tell.say(`${source.datafiles.length} image copies placed in ${join(directory, "restored")}.`);
  await using second = await startSecondInstance(placed, source.databaseName);
  await openClosed(second, source, placed, checkpointScn);
  tell.say(
    `Opened as it was closed at SCN ${checkpointScn}: no log was read; RESETLOGS made new online logs.`,
  );
  return await compareRows(second, await production.remembered(BigInt(checkpointScn)));
}
