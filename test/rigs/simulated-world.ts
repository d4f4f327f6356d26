import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { inProcessConnector } from "../../simulator/doors/in-process.ts";
import type { CreateDatabaseOptions } from "../../simulator/instance/create-database.ts";
import type { OpenInstance } from "../../simulator/instance/open-instance.ts";
import { startDatabase, type StartOptions } from "../../simulator/instance/start-database.ts";
import { createEngine, type SimulatedEngine } from "../../simulator/sql/engine.ts";
import { systemClock } from "../../src/adapters/clock.ts";
import { createLocalHost } from "../../src/adapters/host/local-host.ts";
import { createCopier } from "../../src/copy/copier.ts";
import type { UmbraEvent } from "../../src/domain/events.ts";
import type { World } from "../../src/run/world.ts";
import { openState } from "../../src/state/open-state.ts";
import { type ConfigOptions, databaseConfig } from "./database-config.ts";
import { scratchDirectory } from "./scratch-directory.ts";

export interface SimulatedWorldOptions {
  readonly database?: Partial<CreateDatabaseOptions> &
    Pick<StartOptions, "pause" | "idle" | "random" | "faults">;
  readonly config?: Partial<ConfigOptions>;
  /** Replaces parts of the world before anything uses them. */
  readonly change?: (world: World) => World;
  /** Awaited after each small chunk of an image copy, so that the database changes meanwhile. */
  readonly whileCopying?: () => Promise<void>;
}

/** A simulated database, the agent's world over its in-process door, and all that happened. */
export interface SimulatedWorld extends AsyncDisposable {
  readonly directory: string;
  readonly instance: OpenInstance;
  readonly engine: SimulatedEngine;
  readonly world: World;
  readonly events: readonly UmbraEvent[];
}

export async function simulatedWorld(options: SimulatedWorldOptions = {}): Promise<SimulatedWorld> {
  const scratch = scratchDirectory();
  const directory = scratch.path;
  const base = join(directory, "prod");
  mkdirSync(base);
  mkdirSync(join(directory, "backup"));
  const instance = await startDatabase({ name: "ORCL", now: () => new Date(), ...options.database, base });
  // Registered statically, so that the agent reaches a mounted instance too.
  const engine = createEngine(instance, { staticServices: ["ORCL_ADMIN"] });
  const copier = createCopier({ inlineBelow: Infinity, inlineChunkBytes: 16_384, durable: false });
  const local = createLocalHost({ copier });
  const { whileCopying } = options;
  const host: typeof local = whileCopying
    ? {
        ...local,
        copy: (request) =>
          local.copy({
            ...request,
            onProgress: async (bytes) => {
              await request.onProgress?.(bytes);
              await whileCopying();
            },
          }),
      }
    : local;
  const events: UmbraEvent[] = [];
  const account = {
    user: "C##UMBRA",
    password: "umbra",
    privilege: "SYSBACKUP",
    service: "ORCL_ADMIN",
  } as const;
  const plain: World = {
    database: databaseConfig({ directory, ...options.config }),
    connector: inProcessConnector({ engine, ...account }),
    databaseHost: host,
    backupHost: host,
    clock: systemClock,
    reporter: { event: (event) => void events.push(event) },
    state: openState(join(directory, "state")),
    random: (bytes) => randomBytes(bytes),
    signal: new AbortController().signal,
  };
  return {
    directory,
    instance,
    engine,
    world: options.change?.(plain) ?? plain,
    events,
    [Symbol.asyncDispose]: async () => {
      if (instance.state !== "IDLE") await engine.shutdown("ABORT");
      plain.state[Symbol.dispose]();
      await copier[Symbol.asyncDispose]();
      scratch[Symbol.dispose]();
    },
  };
}
