import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { RetentionConfig } from "../../src/domain/fleet.ts";
import { formatUtc, type Instant, instant } from "../../src/domain/instant.ts";
import type { CatalogEntry } from "../../src/domain/journal.ts";
import type { ColdManifest, HotManifest, ManifestKeptFile } from "../../src/domain/manifest.ts";
import type { UmbraEvent } from "../../src/domain/events.ts";
import type { FilePath, RunId } from "../../src/domain/names.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import { catalogEntry } from "../../src/run/catalog-entry.ts";
import type { World } from "../../src/run/world.ts";
import { openState } from "../../src/state/open-state.ts";
import { filesHere } from "../contract/storage/files-here.ts";
import { databaseConfig } from "./database-config.ts";
import { scratchDirectory } from "./scratch-directory.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export interface MadeBackup {
  readonly kind?: "hot" | "cold";
  readonly at: Instant;
  /** First redo and end of its logs; copies are usable from five above the first. */
  readonly from: number;
  readonly to: number;
  readonly tablespaces?: readonly string[];
  /** Of a cold backup: others that hold the copy of its second file. */
  readonly keptIn?: string;
}

export interface KeptBackups extends Disposable {
  readonly directory: string;
  readonly area: string;
  readonly world: World;
  readonly events: readonly UmbraEvent[];
  /** The clock, which only goes when it is told to. */
  readonly clock: { now: Instant };
  /** A whole backup as a run would have left it, and its row in the catalog. */
  make(backup: MadeBackup): Promise<CatalogEntry>;
  /** The same world in another process: after a death, or with another configuration. */
  again(change?: Partial<World>): World & Disposable;
}

/** Seven days, at least one good, nothing protected, two days of grace. */
export const RETENTION: RetentionConfig = {
  policy: { zone: "UTC", keep: { daily: 7 }, minimumGood: 1, minimumProven: 1 },
  protectMs: 0,
  graceMs: 2 * DAY,
  afterRefresh: false,
};

/** A backup area with backups made by hand, for a database that cannot be asked. */
export function keptBackups(retention: RetentionConfig | undefined = RETENTION): KeptBackups {
  const scratch = scratchDirectory();
  const directory = scratch.path;
  const config = databaseConfig({ directory });
  const clock = { now: instant(Date.UTC(2026, 10, 21, 12)) };
  const events: UmbraEvent[] = [];
  let chance = 0;
  const host = filesHere();
  const unreachable = new UmbraError("UMB-5202", { ora: null, message: "refused", lost: true });
  const worldOn = (state: World["state"]): World => ({
    database: { ...config, ...(retention === undefined ? {} : { retention }) },
    connector: { connect: () => Promise.reject(unreachable) },
    databaseHost: host,
    backupHost: host,
    clock: { now: () => clock.now, monotonicMs: () => clock.now, sleep: () => Promise.resolve() },
    reporter: { event: (event) => void events.push(event) },
    state,
    random: (bytes) => {
      chance += 1;
      return createHash("sha256").update(String(chance)).digest().subarray(0, bytes);
    },
    signal: new AbortController().signal,
  });
  const world = worldOn(openState(join(directory, "state")));
  mkdirSync(config.backupArea, { recursive: true });
  return {
    directory,
    area: config.backupArea,
    world,
    events,
    clock,
    make: (backup) => makeBackup(world, backup),
    again: (change = {}) => {
      const state = openState(join(directory, "state"));
      return { ...worldOn(state), ...change, [Symbol.dispose]: () => state[Symbol.dispose]() };
    },
    [Symbol.dispose]: () => {
      world.state[Symbol.dispose]();
      scratch[Symbol.dispose]();
    },
  };
}

async function makeBackup({ database, state }: World, made: MadeBackup): Promise<CatalogEntry> {
  const { kind = "hot", at } = made;
  const run = `${formatUtc(at).slice(0, 19).replaceAll(/[-:]/g, "")}Z-${kind}-${made.from}` as RunId;
  const directory = join(database.backupArea, kind, run) as FilePath;
  const manifest = madeManifest(run, made);
  for (const folder of ["data", "logs", "control"]) mkdirSync(join(directory, folder), { recursive: true });
  const { datafiles, logs, controlfile, controlfileScript } = manifest;
  const files = [...datafiles, ...logs, controlfile, controlfileScript].map(({ name }) => name);
  for (const name of [...files, "RESTORE.md"]) writeFileSync(join(directory, name), name);
  const text = `${JSON.stringify(manifest)}\n`;
  writeFileSync(join(directory, "umbra-run"), `${run}\n`);
  writeFileSync(join(directory, "manifest.json"), text);
  const entry = catalogEntry(manifest, text, directory);
  await state.catalog.add(entry);
  return entry;
}

export function madeManifest(run: RunId, made: MadeBackup): HotManifest | ColdManifest {
  const { kind = "hot", at, from, to, tablespaces, keptIn } = made;
  const file = (name: string) => ({ name, bytes: 8, sha256: "0".repeat(64) });
  const datafile = (number: number) => ({
    ...file(`data/${number}_1_f.dbf`),
    file: number,
    creationScn: "1",
    relativeFile: number,
    bigfile: false,
    container: "CDB$ROOT",
    tablespace: tablespaces?.[0] ?? "USERS",
    source: `/u01/f${number}.dbf`,
    blockSize: 8192,
    mode: kind === "hot" ? ("backup-mode" as const) : ("consistent" as const),
    needsRecovery: false,
    checkpointScn: String(from),
    hotBackup: kind === "hot",
    resetlogsScn: "1",
    blocks: { good: 1 },
  });
  const log = {
    ...file(`logs/1_${from}.arc`),
    thread: 1,
    sequence: Math.floor(from / 10),
    resetlogsId: "7",
    firstScn: String(from),
    nextScn: String(to),
    blockSize: 512,
  };
  const shared = {
    format: 1 as const,
    backup: run,
    database: "TEST",
    startedAt: formatUtc(at),
    finishedAt: formatUtc(at),
    whole: tablespaces === undefined,
    identity: {
      dbid: "42",
      name: "TEST",
      uniqueName: "TEST",
      cdb: false,
      resetlogsScn: "1",
      resetlogsId: "7",
      platform: "Linux x86 64-bit",
    },
    scns: {
      neededFrom: String(from),
      minimumRecovery: String(from + 5),
      recoverableTo: String(to),
      threads: [1],
    },
    absent: [],
    controlfile: file("control/control.bkp"),
    controlfileScript: file("control/control.sql"),
    restoreNotes: file("RESTORE.md"),
    tempfiles: [],
    onlineLogs: [],
    controlfilePaths: [],
    wallets: [],
    version: "19.0.0.0.0",
    patches: [],
    notes: [],
  };
  if (kind === "hot") return { ...shared, kind, datafiles: [datafile(1)], logs: [log] };
  const kept: ManifestKeptFile[] =
    keptIn === undefined ? [] : [{ ...datafile(2), backup: keptIn, directory: `cold/${keptIn}` }];
  const proof = {
    headersOnDisk: 1,
    headersInMount: 1,
    controlfileMembers: 1,
    startedAt: "2026-11-21T12:00:00",
  };
  return {
    ...shared,
    kind: "cold",
    datafiles: keptIn === undefined ? [datafile(1), datafile(2)] : [datafile(1)],
    logs: [],
    cold: {
      consistent: true,
      mode: "plain",
      logMode: "ARCHIVELOG",
      checkpointScn: String(from),
      downtimeSeconds: 1,
      copiedBytes: 8,
      copySeconds: 1,
      proof,
    },
    kept,
    onlineRedo: [],
  };
}
