import { join } from "node:path";

import type { DatabaseConfig, Deadlines } from "../../src/domain/fleet.ts";
import type { DatabaseName, FilePath } from "../../src/domain/names.ts";

/** Short enough that a hang fails the test, long enough for a busy machine. */
const DEADLINES: Deadlines = {
  connectMs: 10_000,
  statementMs: 20_000,
  beginBackupMs: 20_000,
  shutdownMs: 20_000,
  startupMs: 20_000,
  archivedLogMs: 20_000,
  copyStallMs: 20_000,
};

export interface ConfigOptions {
  readonly directory: string;
  readonly connectString?: string;
  readonly user?: string;
  readonly parallel?: number;
  readonly mode?: DatabaseConfig["backup"]["mode"];
  readonly cold?: Partial<DatabaseConfig["cold"]>;
  readonly refresh?: Partial<DatabaseConfig["refresh"]>;
  readonly logs?: Partial<DatabaseConfig["logs"]>;
  readonly retention?: DatabaseConfig["retention"];
  readonly deadlines?: Partial<Deadlines>;
}

/** A configured database whose backup area lies below the directory. */
export function databaseConfig(options: ConfigOptions): DatabaseConfig {
  return {
    name: "TEST" as DatabaseName,
    connect: {
      connectString: options.connectString ?? "in-process",
      user: options.user ?? "c##umbra",
      privilege: "sysbackup",
      password: { from: "env", variable: "UNUSED" },
    },
    storage: "test",
    backupArea: join(options.directory, "backup", "TEST") as FilePath,
    backup: { mode: options.mode ?? "per-tablespace", parallel: options.parallel ?? 1, spareBytes: 0 },
    cold: {
      mode: "plain",
      shutdown: "immediate",
      onOverrun: "stop-copy",
      abortWhenStuck: false,
      ...options.cold,
    },
    refresh: {
      engine: "blocks",
      find: "compare",
      parallel: options.parallel ?? 1,
      snapshot: "none",
      ...options.refresh,
    },
    logs: { guard: "warn", freeBytes: 0, reopenMs: 60_000, lagMs: 60_000, ...options.logs },
    ...(options.retention === undefined ? {} : { retention: options.retention }),
    deadlines: { ...DEADLINES, ...options.deadlines },
  };
}
