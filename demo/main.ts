import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { forkSimulator, type ForkedSimulator } from "../simulator/doors/forked.ts";
import type { Comparison } from "../simulator/workload/compare.ts";
import { formatBytes } from "../src/domain/human.ts";
import type { Manifest } from "../src/domain/manifest.ts";
import { type AgentSetting, configureAgent, endUmbra, umbra } from "./agent.ts";
import { coldDemo } from "./cold.ts";
import { restoreSource } from "./from-manifest.ts";
import { type Narrator, narrator } from "./narrator.ts";
import { refreshDemo } from "./refresh.ts";
import { placeFiles } from "./restore/place-files.ts";
import { verdictOf } from "./verdict.ts";
import { compareRows, recoverAndOpen, startSecondInstance } from "./second-instance.ts";
import { takeBackup, type TakenBackup } from "./take-backup.ts";
import { tablespacesInBackupMode } from "./tablespaces-in-backup-mode.ts";

const DATABASE_BYTES = 200 * 1_048_576;
const OPERATIONS_PER_SECOND = 400;

/**
 * `npm run demo`: a hot backup of a live database, restored into a second instance, recovered, compared; then one set of
 * copies that is brought forward, with snapshots, coverage, and a point in time restored from an old one of them. `--hot`
 * and `--refresh` show one of the two, `--cold` a cold backup, restored and opened without recovery.
 */
const json = process.argv.includes("--json");
const tell = narrator(json);
const directory = mkdtempSync(join(tmpdir(), "umbra-demo-"));
let brokenOff: number | undefined;
for (const [signal, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => {
    brokenOff = status;
    endUmbra();
  });
}
try {
  const { isGood, ...result } = await chosenDemo();
  if (json) console.log(JSON.stringify(result));
  process.exitCode = isGood ? 0 : 1;
} catch (error) {
  if (brokenOff === undefined) throw error;
} finally {
  // What ran was ended on the way here.
  rmSync(directory, { recursive: true, force: true });
  process.exitCode = brokenOff ?? process.exitCode;
}

async function chosenDemo() {
  if (process.argv.includes("--cold")) return await coldDemo(directory, tell);
  if (process.argv.includes("--refresh")) return await refreshDemo(directory, tell);
  const hot = await hotDemo();
  if (process.argv.includes("--hot")) return hot;
  const place = join(directory, "live");
  mkdirSync(place);
  const { isGood, ...live } = await refreshDemo(place, tell);
  tell.say("More: npm run demo -- --cold.");
  return { ...hot, isGood: hot.isGood && isGood, live };
}

async function hotDemo() {
  tell.chapter("A live database");
  await using production = await startProduction(tell);
  const setting = agentFor(production);

  tell.chapter("A hot backup of it");
  await umbra(setting, "check", "DEMO");
  const backup = await takeBackup(setting, tell, "hot", "--parallel", "2");
  const inBackupMode = await tablespacesInBackupMode(setting);
  await production.stopWorkload({ commit: true });

  tell.chapter("The backup, read again");
  tell.say((await umbra(setting, "verify", backup.id)).trimEnd());

  tell.chapter("Restored into a second instance, and recovered");
  const recovered = await restoreAndCompare(production, backup);
  tell.say(verdictOf(recovered));
  return {
    isGood: recovered.rowsDifferent === 0 && inBackupMode === 0,
    backup: backup.id,
    datafiles: backup.manifest.datafiles.length,
    blocksVerified: blocksOf(backup.manifest),
    recoveredToScn: backup.manifest.scns.recoverableTo,
    rowsCompared: recovered.rowsCompared,
    rowsDifferent: recovered.rowsDifferent,
    tablespacesLeftInBackupMode: inBackupMode,
  };
}

async function startProduction(narrate: Narrator): Promise<ForkedSimulator> {
  const production = await forkSimulator({
    base: join(directory, "production"),
    dbName: "DEMO",
    cdb: true,
    pdbs: 2,
    bytes: DATABASE_BYTES,
    seed: 7,
    workload: true,
    opsPerSecond: OPERATIONS_PER_SECOND,
  });
  narrate.say(
    `Simulated Oracle 19c container database DEMO with ${production.ready.services.slice(1).join(" and ")}, ` +
      `${formatBytes(DATABASE_BYTES)}, on port ${production.port}; ${OPERATIONS_PER_SECOND} row changes a second.`,
  );
  return production;
}

function agentFor(production: ForkedSimulator): AgentSetting {
  const account = production.ready.accounts.find(({ name }) => name === "C##UMBRA");
  if (account === undefined) throw new Error("the simulated database has no account for umbra");
  return configureAgent(directory, {
    port: production.port,
    service: production.ready.services[0] ?? "DEMO",
    user: account.name.toLowerCase(),
    password: account.password,
  });
}

async function restoreAndCompare(production: ForkedSimulator, backup: TakenBackup): Promise<Comparison> {
  const source = restoreSource(backup.manifest, backup.directory);
  const placed = placeFiles(source, join(directory, "restored"));
  tell.say(`${source.datafiles.length} image copies placed in ${join(directory, "restored")}.`);
  await using second = await startSecondInstance(placed, source.databaseName);
  const scn = backup.manifest.scns.recoverableTo;
  await recoverAndOpen(second, source, placed, scn);
  tell.say(
    `Recovered until SCN ${scn} with ${backup.manifest.logs.length} archived logs; opened with RESETLOGS.`,
  );
  // UNTIL CHANGE n leaves what was committed before n.
  return await compareRows(second, await production.remembered(BigInt(scn) - 1n));
}

function blocksOf(manifest: Manifest): number {
  return manifest.datafiles.reduce((sum, file) => sum + (file.blocks["examined"] ?? 0), 0);
}
