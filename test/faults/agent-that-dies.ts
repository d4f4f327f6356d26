import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { systemClock } from "../../src/adapters/clock.ts";
import { createLocalHost } from "../../src/adapters/host/local-host.ts";
import { createOracledbConnector } from "../../src/adapters/oracledb/connector.ts";
import { createCopier } from "../../src/copy/copier.ts";
import { backupHot } from "../../src/run/backup-hot.ts";
import { openState } from "../../src/state/open-state.ts";
import { databaseConfig } from "../rigs/database-config.ts";
import { observedState } from "./observed-state.ts";

/** When to die by SIGKILL: around the n-th durable write, or when a copy has written so many bytes. */
export type Death =
  | { readonly at: "before-write" | "after-write"; readonly write: number }
  | { readonly at: "copy"; readonly copy: number };

export interface AgentSpec {
  readonly directory: string;
  readonly connectString: string;
  readonly death: Death;
}

/**
 * The agent as a program that takes one hot backup and kills itself where it is told. Exits 0 where the backup was done
 * before that place came. Built like `src/wire.ts`, from the same parts.
 */
const { directory, connectString, death } = JSON.parse(process.argv[2] ?? "{}") as AgentSpec;

const die = () => {
  process.kill(process.pid, "SIGKILL");
  return new Promise<void>(() => {});
};
const dieAt = (at: Death["at"]) => (write: number) =>
  death.at === at && "write" in death && death.write === write ? die() : undefined;

const database = databaseConfig({ directory, connectString });
const copier = createCopier({ inlineBelow: Infinity, inlineChunkBytes: 65_536, durable: false });
const local = createLocalHost({ copier });
let copies = 0;
const host: typeof local = {
  ...local,
  copy: (request) => {
    copies += 1;
    const number = copies;
    const onProgress = () => (death.at === "copy" && death.copy === number ? die() : undefined);
    return local.copy({ ...request, onProgress });
  },
};
using plain = openState(join(directory, "state"));
const state = observedState(plain, { before: dieAt("before-write"), after: dieAt("after-write") });
const made = await backupHot(
  {
    database,
    connector: createOracledbConnector(database, {
      password: () => Promise.resolve("umbra"),
      clock: systemClock,
    }),
    databaseHost: host,
    backupHost: host,
    clock: systemClock,
    reporter: { event: () => {} },
    state,
    random: (bytes) => randomBytes(bytes),
    signal: new AbortController().signal,
  },
  {},
);
process.exit(made.ok ? 0 : 3);
