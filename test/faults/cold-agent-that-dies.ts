import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { systemClock } from "../../src/adapters/clock.ts";
import { createLocalHost } from "../../src/adapters/host/local-host.ts";
import { createOracledbConnector } from "../../src/adapters/oracledb/connector.ts";
import { createSqlplusControl } from "../../src/adapters/sqlplus/sqlplus-control.ts";
import { createCopier } from "../../src/copy/copier.ts";
import type { ColdMode } from "../../src/domain/plan.ts";
import { backupCold } from "../../src/run/backup-cold.ts";
import { openState } from "../../src/state/open-state.ts";
import { copiedPictures } from "../rigs/copied-pictures.ts";
import { databaseConfig } from "../rigs/database-config.ts";
import { observedState } from "./observed-state.ts";

/** When to die by SIGKILL: around the durable write that notes this, or in the n-th copy. */
export type ColdDeath =
  | { readonly at: "before" | "after"; readonly what: string }
  | { readonly at: "copy"; readonly copy: number };

export interface ColdAgentSpec {
  readonly directory: string;
  readonly connectString: string;
  readonly mode: ColdMode;
  readonly death: ColdDeath;
}

/**
 * The agent as a program that takes one cold backup and kills itself where its standard input tells it to. It waits for
 * that line with everything loaded, so that many can die in a short time. Exits 0 where the backup was done first.
 */
const [line] = (await once(createInterface(process.stdin), "line")) as [string];
const { directory, connectString, mode, death } = JSON.parse(line) as ColdAgentSpec;

const die = () => {
  process.kill(process.pid, "SIGKILL");
  return new Promise<void>(() => {});
};
const dieAt = (at: ColdDeath["at"]) => (_write: number, what: string) =>
  death.at === at && "what" in death && death.what === what ? die() : undefined;

const database = databaseConfig({ directory, connectString, cold: { mode } });
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
const made = await backupCold({
  database,
  connector: createOracledbConnector(database, {
    password: () => Promise.resolve("umbra"),
    clock: systemClock,
  }),
  instance: createSqlplusControl({
    host,
    clock: systemClock,
    oracleHome: join(directory, "home"),
    sid: "ORCL",
    privilege: "sysbackup",
  }),
  picture: copiedPictures(),
  databaseHost: host,
  backupHost: host,
  clock: systemClock,
  reporter: { event: () => {} },
  state: observedState(plain, { before: dieAt("before"), after: dieAt("after") }),
  random: (bytes) => randomBytes(bytes),
  signal: new AbortController().signal,
});
process.exit(made.ok ? 0 : 3);
