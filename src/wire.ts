import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { systemClock } from "./adapters/clock.ts";
import { openFarSide } from "./adapters/host/far-side.ts";
import { createLocalHost } from "./adapters/host/local-host.ts";
import { createOracledbConnector } from "./adapters/oracledb/connector.ts";
import { createNdjsonReporter } from "./adapters/reporters/ndjson.ts";
import { paintFor } from "./adapters/reporters/paint.ts";
import { silentReporter } from "./adapters/reporters/silent.ts";
import { createTerminalReporter } from "./adapters/reporters/terminal.ts";
import { resolveSecret } from "./adapters/secrets/resolve.ts";
import { loginWarning } from "./cli/login-warning.ts";
import { createHostKeys } from "./adapters/ssh/host-keys.ts";
import { joinedRuns } from "./cli/joined-runs.ts";
import type { OpenedWorld, Surroundings, WorldOptions } from "./cli/surroundings.ts";
import { createCopier } from "./copy/copier.ts";
import type { DatabaseConfig, Fleet } from "./domain/fleet.ts";
import type { FilePath } from "./domain/names.ts";
import type { Reporter } from "./ports/reporter.ts";
import { describeObligation } from "./plan/describe-obligation.ts";
import { openObligations } from "./run/open-obligations.ts";
import { openState } from "./state/open-state.ts";
import type { State } from "./state/state.ts";

export interface Wiring {
  readonly surroundings: Surroundings;
  /** What the runs of this process have not yet undone, for a user who presses Ctrl-C twice. */
  readonly stillOpen: () => Promise<readonly string[]>;
}

/** The only place where adapters are constructed. `signal` is aborted by SIGINT and SIGTERM. */
export function wire(process: NodeJS.Process, signal: () => AbortSignal): Wiring {
  const opened: { readonly fleet: Fleet; readonly state: State }[] = [];
  const surroundings: Surroundings = {
    version: packageVersion(),
    env: process.env,
    readText: (path) => readFile(path, "utf8"),
    openState: async (fleet) => {
      const state = openState(fleet.stateDirectory);
      opened.push({ fleet, state });
      return state;
    },
    runs: joinedRuns,
    hostKeys: ({ stateDirectory }) =>
      createHostKeys(join(stateDirectory, "known_hosts") as FilePath, [
        join(homedir(), ".ssh", "known_hosts") as FilePath,
      ]),
    signal,
    farSide: (options) => openFarSide(process, { version: packageVersion(), umbra: thisUmbra() }, options),
    openWorld: (database, state, options) => openWorld(process, signal(), database, state, options),
  };
  const stillOpen = async () =>
    (await Promise.all(opened.map(({ fleet, state }) => pending(fleet, state)))).flat();
  return { surroundings, stillOpen };
}

/** Empty once the state is closed: then the runs have ended. */
async function pending(fleet: Fleet, state: State): Promise<readonly string[]> {
  const all = [...fleet.databases.keys()].map(async (name) => {
    const obligations = await openObligations(state, name).catch(() => []);
    return obligations.map(describeObligation);
  });
  return (await Promise.all(all)).flat();
}

function openWorld(
  process: NodeJS.Process,
  signal: AbortSignal,
  database: DatabaseConfig,
  state: State,
  options: WorldOptions,
): OpenedWorld {
  const copier = createCopier();
  const host = createLocalHost({ copier });
  const around = { env: process.env, uid: process.getuid?.(), deadlineMs: database.deadlines.connectMs };
  const connector = createOracledbConnector(database, {
    password: () => resolveSecret(database.connect.password, around),
    clock: systemClock,
    onWarning: (message) => process.stderr.write(loginWarning(database.name, message, options.output)),
  });
  const world = {
    database,
    connector,
    databaseHost: host,
    backupHost: host,
    clock: systemClock,
    reporter: reporterFor(process, options),
    state,
    random: (bytes: number) => randomBytes(bytes),
    signal,
  };
  return { world, [Symbol.asyncDispose]: () => copier[Symbol.asyncDispose]() };
}

/** Progress is a message, so it goes to standard error; only NDJSON makes it data. */
function reporterFor(process: NodeJS.Process, options: WorldOptions): Reporter {
  if (options.output === "json") return silentReporter;
  if (options.output === "ndjson") return createNdjsonReporter((text) => process.stdout.write(text));
  const { stderr } = process;
  return createTerminalReporter({
    write: (text) => stderr.write(text),
    paint: paintFor(options.colour && stderr.isTTY && !process.env["NO_COLOR"]),
    columns: () => (stderr.isTTY ? stderr.columns : undefined),
  });
}

/** Starts this very program: run from source or from dist/, it has the ending of this file. */
function thisUmbra(): readonly string[] {
  const main = import.meta.url.endsWith(".ts") ? "./main.ts" : "./main.js";
  return [process.execPath, fileURLToPath(new URL(main, import.meta.url))];
}

/** From the package.json one level above: the project's own, or the one that `npm run build` puts into dist/. */
function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
