import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";

import { systemClock } from "./adapters/clock.ts";
import { createFile } from "./adapters/host/create-file.ts";
import { openFarSide } from "./adapters/host/far-side.ts";
import { driverLoader } from "./adapters/oracledb/oracle-client.ts";
import { createHostKeys } from "./adapters/ssh/host-keys.ts";
import { joinedRuns } from "./cli/joined-runs.ts";
import type { Surroundings } from "./cli/surroundings.ts";
import type { Fleet } from "./domain/fleet.ts";
import type { FilePath } from "./domain/names.ts";
import { openState } from "./state/open-state.ts";
import type { State } from "./state/state.ts";
import { diagnose } from "./wire/diagnose.ts";
import { knownHostsFiles } from "./wire/known-hosts.ts";
import { openWorld } from "./wire/open-world.ts";
import { openHosts } from "./wire/reach-database.ts";
import { stillOpen } from "./wire/still-open.ts";
import { passingAgent } from "./wire/agent.ts";
import { storageHostName, storagesOf } from "./wire/storages.ts";
import { packageVersion, thisUmbra } from "./wire/this-umbra.ts";

/** For the way to a host and the login there, where no database says another time. */
const CONNECT_MS = 30_000;

export interface Wiring {
  readonly surroundings: Surroundings;
  /** What the runs of this process have not yet undone, for a user who presses Ctrl-C twice. */
  readonly stillOpen: () => Promise<readonly string[]>;
}

/** The only place, with its folder, where adapters are constructed. `signal` is aborted by SIGINT and SIGTERM. */
export function wire(process: NodeJS.Process, signal: () => AbortSignal): Wiring {
  const opened: { readonly fleet: Fleet; readonly state: State }[] = [];
  const version = packageVersion();
  const driverOf = oncePerFleet(({ oracleClient }) => driverLoader(oracleClient));
  const surroundings: Surroundings = {
    version,
    env: process.env,
    readText: (path) => readFile(path, "utf8"),
    openState: async (fleet) => {
      const state = openState(fleet.stateDirectory);
      opened.push({ fleet, state });
      return state;
    },
    runs: joinedRuns,
    hostKeys: (fleet) => {
      const { own, others } = knownHostsFiles(fleet);
      return createHostKeys(own, others);
    },
    diagnose: (fleet) => diagnose(process, fleet, driverOf(fleet)),
    signal,
    openHost: (fleet, name) => {
      const hosts = openHosts(process, fleet, CONNECT_MS);
      return { host: hosts.named(name), [Symbol.asyncDispose]: () => hosts[Symbol.asyncDispose]() };
    },
    openStorages: (fleet) => {
      const hosts = openHosts(process, fleet, CONNECT_MS);
      return {
        storages: storagesOf(fleet, hosts, passingAgent(fleet)),
        clock: systemClock,
        random: (bytes) => randomBytes(bytes),
        hostOf: (name) => hosts.named(storageHostName(fleet, name)),
        [Symbol.asyncDispose]: () => hosts[Symbol.asyncDispose](),
      };
    },
    createFile: (path, content) => createFile(path as FilePath, content),
    farSide: (options) => openFarSide(process, { version, umbra: thisUmbra() }, options),
    openWorld: (database, state, options) => {
      const driver = driverOf(options.fleet);
      return openWorld({ process, signal: signal(), driver }, database, state, options);
    },
  };
  const allStillOpen = async () =>
    (await Promise.all(opened.map(({ fleet, state }) => stillOpen(fleet, state)))).flat();
  return { surroundings, stillOpen: allStillOpen };
}

/** One configuration may be read several times in a process, but for each only once is anything made. */
function oncePerFleet<T>(make: (fleet: Fleet) => T): (fleet: Fleet) => T {
  const made = new WeakMap<Fleet, T>();
  return (fleet) => {
    const known = made.get(fleet) ?? make(fleet);
    made.set(fleet, known);
    return known;
  };
}
