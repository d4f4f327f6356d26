import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { Kysely, SqliteDialect } from "kysely";

import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import { createAgentName } from "./agent-name.ts";
import { createCatalog } from "./catalog.ts";
import { createHeartbeats } from "./heartbeats.ts";
import { createHolds } from "./holds.ts";
import { createJournal } from "./journal.ts";
import { createLeases } from "./leases.ts";
import { createLocks } from "./locks.ts";
import { createLogDestinations } from "./log-destinations.ts";
import { createLogFiles } from "./log-files.ts";
import { createLogMarks } from "./log-marks.ts";
import { migrate } from "./migrations.ts";
import { forKysely } from "./node-sqlite.ts";
import { createObligations } from "./obligations.ts";
import { createProofs } from "./proofs.ts";
import { type ProcessIdentity, processIdentity } from "./process-identity.ts";
import type { StateSchema } from "./schema.ts";
import { createSnapshotObligations } from "./snapshot-obligations.ts";
import { createStartups } from "./startups.ts";
import type { State } from "./state.ts";
import { createTombstones } from "./tombstones.ts";

/** SQLite's own wait does not cover the change to write-ahead: so often, so long apart it is tried again. */
const WRITE_AHEAD_TRIES = 200;
const WRITE_AHEAD_PAUSE_MS = 25;
const SQLITE_BUSY = 5;

/** Another umbra writes for a few milliseconds at most; longer means a hung disk. */
const BUSY_TIMEOUT_MS = 10_000;

export interface OpenStateOptions {
  /** Who takes locks; this process unless a test says otherwise. */
  readonly owner?: ProcessIdentity;
}

/** Opens, or makes, `<directory>/umbra.db`. Throws UMB-8003 and UMB-8004. */
export function openState(directory: string, options: OpenStateOptions = {}): State {
  const path = join(directory, "umbra.db");
  const database = opened(directory, path);
  const kysely = new Kysely<StateSchema>({
    dialect: new SqliteDialect({ database: forKysely(database, path) }),
  });
  let open = true;
  return {
    path,
    journal: createJournal(kysely),
    obligations: createObligations(kysely),
    startups: createStartups(kysely),
    snapshotObligations: createSnapshotObligations(kysely),
    agentName: createAgentName(database, path),
    locks: createLocks(database, path, options.owner ?? processIdentity()),
    catalog: createCatalog(kysely),
    heartbeats: createHeartbeats(database, path),
    holds: createHolds(database, path),
    leases: createLeases(database, path),
    proofs: createProofs(kysely),
    tombstones: createTombstones(database, path),
    logDestinations: createLogDestinations(kysely),
    logFiles: createLogFiles(kysely),
    logMarks: createLogMarks(database, path),
    [Symbol.dispose]: () => {
      if (!open) return;
      open = false;
      try {
        database.close();
      } catch {
        // Every write is durable already; an error here would only hide the one that ended the run.
      }
    },
  };
}

function opened(directory: string, path: string): DatabaseSync {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o750 });
    const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    writeAhead(database);
    database.exec("pragma synchronous = full");
    database.exec("pragma foreign_keys = on");
    migrate(database, path);
    // The first obligation must not be lost with the name of the file that holds it.
    for (const place of [directory, dirname(directory)]) syncDirectory(place);
    return database;
  } catch (error) {
    if (isUmbraError(error)) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw new UmbraError("UMB-8004", { path, problem }, { cause: error });
  }
}

/** Two that open a new state at once both want it for themselves for a moment. */
function writeAhead(database: DatabaseSync): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let left = WRITE_AHEAD_TRIES; ; left -= 1) {
    try {
      database.exec("pragma journal_mode = wal");
      return;
    } catch (error) {
      const busy = (error as { errcode?: unknown }).errcode === SQLITE_BUSY;
      if (!busy || left === 0) throw error;
      Atomics.wait(pause, 0, 0, WRITE_AHEAD_PAUSE_MS);
    }
  }
}

function syncDirectory(path: string): void {
  let directory: number | undefined;
  try {
    directory = openSync(path, "r");
    fsyncSync(directory);
  } catch (error) {
    // A parent that umbra's user may not read was there before.
    if ((error as { code?: unknown }).code !== "EACCES") throw error;
  } finally {
    if (directory !== undefined) closeSync(directory);
  }
}
