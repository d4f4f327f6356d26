import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { systemClock } from "../../src/adapters/clock.ts";
import { createLocalHost } from "../../src/adapters/host/local-host.ts";
import { createOracledbConnector } from "../../src/adapters/oracledb/connector.ts";
import { createCopier } from "../../src/copy/copier.ts";
import { backupSnapshot } from "../../src/run/backup-snapshot.ts";
import { openState } from "../../src/state/open-state.ts";
import { databaseConfig } from "../rigs/database-config.ts";
import { reflinkStorages } from "../rigs/reflink-storages.ts";
import { observedState } from "./observed-state.ts";

export interface SnapshotAgentSpec {
  readonly directory: string;
  readonly connectString: string;
  /** The n-th durable write, and on which side of it. */
  readonly write: number;
  readonly at: "before" | "after";
}

/** The agent as a program that takes one backup by snapshots, suspended, and kills itself around its n-th durable write. */
const { directory, connectString, write, at } = JSON.parse(process.argv[2] ?? "{}") as SnapshotAgentSpec;

const dieAt = (side: SnapshotAgentSpec["at"]) => (number: number) => {
  if (side !== at || number !== write) return undefined;
  process.kill(process.pid, "SIGKILL");
  return new Promise<void>(() => {});
};

const database = databaseConfig({ directory, connectString });
const host = createLocalHost({
  copier: createCopier({ inlineBelow: Infinity, inlineChunkBytes: 65_536, durable: false }),
});
using plain = openState(join(directory, "state"));
const made = await backupSnapshot(
  {
    database,
    connector: createOracledbConnector(database, {
      password: () => Promise.resolve("umbra"),
      clock: systemClock,
    }),
    storages: reflinkStorages({ directory, host }),
    databaseHost: host,
    backupHost: host,
    clock: systemClock,
    reporter: { event: () => {} },
    state: observedState(plain, { before: dieAt("before"), after: dieAt("after") }),
    random: (bytes) => randomBytes(bytes),
    signal: new AbortController().signal,
  },
  { suspend: true },
);
process.exit(made.ok ? 0 : 3);
