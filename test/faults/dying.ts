import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { systemClock } from "../../src/adapters/clock.ts";
import { createLocalHost } from "../../src/adapters/host/local-host.ts";
import { createOracledbConnector } from "../../src/adapters/oracledb/connector.ts";
import { createCopier } from "../../src/copy/copier.ts";
import type { Host } from "../../src/ports/host.ts";
import type { World } from "../../src/run/world.ts";
import { openState } from "../../src/state/open-state.ts";
import { type ConfigOptions, databaseConfig } from "../rigs/database-config.ts";
import { type AroundWrites, observedState } from "./observed-state.ts";

/** Where the agent works, and how it reaches the database. */
export interface AgentPlace {
  readonly directory: string;
  readonly connectString: string;
}

/** Where it may be time to die. */
export interface DyingAgent extends AgentPlace {
  readonly config?: Partial<ConfigOptions>;
  /** Around each durable write of its state. */
  readonly writes: Partial<AroundWrites>;
  /** In the n-th copy, when it has read a chunk. */
  readonly inCopy?: (copy: number) => Promise<void> | undefined;
  /** After the n-th chunk of all copies that are brought forward in place. */
  readonly inRefresh?: (chunk: number) => Promise<void> | undefined;
  /** What its world has beside the rest. */
  readonly more?: (host: Host) => Partial<World>;
}

/**
 * What the test wants of this process: a line on standard input. It is waited for with everything loaded, so that many can
 * die in a short time.
 */
export async function told<Spec>(): Promise<Spec> {
  // A process that is killed leaves nothing of what it has compiled.
  flushCompileCache();
  const [line] = (await once(createInterface(process.stdin), "line")) as [string];
  return JSON.parse(line) as Spec;
}

/** By SIGKILL: nothing comes after it. */
export function dieIf(isTime: boolean): Promise<void> | undefined {
  if (!isTime) return undefined;
  process.kill(process.pid, "SIGKILL");
  return new Promise<void>(() => {});
}

/**
 * The agent as a program that performs one run and kills itself where it is time. Its world is built like that of
 * `src/wire.ts`, from the same parts. Exits 0 where the run was done before that place came, 3 where it was refused.
 */
export async function runAgent(
  agent: DyingAgent,
  run: (world: World) => Promise<{ readonly ok: boolean }>,
): Promise<never> {
  const { directory, connectString, config, writes, more } = agent;
  const database = databaseConfig({ ...config, directory, connectString });
  const host = dyingHost(agent);
  using plain = openState(join(directory, "state"));
  const made = await run({
    database,
    connector: createOracledbConnector(database, {
      password: () => Promise.resolve("umbra"),
      clock: systemClock,
    }),
    databaseHost: host,
    backupHost: host,
    clock: systemClock,
    reporter: { event: () => {} },
    state: observedState(plain, { before: () => {}, after: () => {}, ...writes }),
    random: (bytes) => randomBytes(bytes),
    signal: new AbortController().signal,
    ...more?.(host),
  });
  process.exit(made.ok ? 0 : 3);
}

/** Copies in small chunks, so that one can die in the middle of them. */
function dyingHost({ inCopy, inRefresh }: DyingAgent): Host {
  const copier = createCopier({ inlineBelow: Infinity, inlineChunkBytes: 65_536, durable: false });
  const local = createLocalHost({ copier });
  let copies = 0;
  let chunks = 0;
  return {
    ...local,
    copy: (request) => {
      copies += 1;
      const number = copies;
      return local.copy({ ...request, onProgress: () => inCopy?.(number) });
    },
    refresh: (request) => {
      if (local.refresh === undefined) throw new TypeError("the host cannot bring copies forward");
      const onProgress = () => {
        chunks += 1;
        return inRefresh?.(chunks);
      };
      return local.refresh({ ...request, onProgress });
    },
  };
}
