import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { systemClock } from "../../src/adapters/clock.ts";
import { createLocalHost } from "../../src/adapters/host/local-host.ts";
import { createOracledbConnector } from "../../src/adapters/oracledb/connector.ts";
import { createCopier } from "../../src/copy/copier.ts";
import { backupRefresh } from "../../src/run/backup-refresh.ts";
import { openState } from "../../src/state/open-state.ts";
import { databaseConfig } from "../rigs/database-config.ts";
import { observedState } from "./observed-state.ts";

/** When to die by SIGKILL: after the n-th durable write, or when a copy under refresh has been half rewritten. */
export interface RefreshAgentSpec {
  readonly directory: string;
  readonly connectString: string;
  readonly death:
    | { readonly at: "after-write"; readonly write: number }
    | { readonly at: "chunk"; readonly chunk: number };
}

/** The agent as a program that brings the live area forward and kills itself where it is told. Exits 0 if it was done first. */
const { directory, connectString, death } = JSON.parse(process.argv[2] ?? "{}") as RefreshAgentSpec;

const die = () => {
  process.kill(process.pid, "SIGKILL");
  return new Promise<void>(() => {});
};

const database = databaseConfig({ directory, connectString });
const copier = createCopier({ inlineBelow: Infinity, inlineChunkBytes: 65_536, durable: false });
const local = createLocalHost({ copier });
let chunks = 0;
const onProgress = () => {
  chunks += 1;
  return death.at === "chunk" && death.chunk === chunks ? die() : undefined;
};
const host: typeof local = {
  ...local,
  refresh: (request) => {
    if (local.refresh === undefined) throw new TypeError("the host cannot bring copies forward");
    return local.refresh({ ...request, onProgress });
  },
};
using plain = openState(join(directory, "state"));
const state = observedState(plain, {
  before: () => {},
  after: (write) => (death.at === "after-write" && death.write === write ? die() : undefined),
});
const password = () => Promise.resolve("umbra");
const made = await backupRefresh({
  database,
  connector: createOracledbConnector(database, { password, clock: systemClock }),
  databaseHost: host,
  backupHost: host,
  clock: systemClock,
  reporter: { event: () => {} },
  state,
  random: (bytes) => randomBytes(bytes),
  signal: new AbortController().signal,
});
process.exit(made.ok ? 0 : 3);
