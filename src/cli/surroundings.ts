import type { Readable, Writable } from "node:stream";

import type { ReadText } from "../config/documents.ts";
import type { DatabaseConfig, Fleet } from "../domain/fleet.ts";
import type { Diagnostics } from "../doctor/diagnostics.ts";
import type { Clock } from "../ports/clock.ts";
import type { HostKeys } from "../ports/host-keys.ts";
import type { Host } from "../ports/host.ts";
import type { Storages } from "../run/storages.ts";
import type { World } from "../run/world.ts";
import type { State } from "../state/state.ts";
import type { OutputFormat } from "./result.ts";
import type { Runs } from "./runs.ts";

/** What the commands need from the process they run in. Made by `main.ts`, by hand in tests. */
export interface Surroundings {
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readText: ReadText;
  /** Opens the local state of the fleet; the caller disposes of it. */
  readonly openState: (fleet: Fleet) => Promise<State>;
  /** Everything one run of one database may touch, on top of an open state; the caller disposes of it. */
  readonly openWorld: (database: DatabaseConfig, state: State, options: WorldOptions) => OpenedWorld;
  /** For `umbra doctor`; the caller disposes of it. */
  readonly diagnose: (fleet: Fleet) => Diagnostics;
  readonly runs: Runs;
  /** The keys of ssh servers that umbra of this fleet and its user know. */
  readonly hostKeys: (fleet: Fleet) => HostKeys;
  /** A machine by its name in the fleet, or HERE; the caller disposes of it. Nothing connects before it is used. */
  readonly openHost: (fleet: Fleet, name: string) => OpenedHost;
  /** The storages of the fleet, without a database; the caller disposes of them. Nothing connects before it is used. */
  readonly openStorages: (fleet: Fleet) => OpenedStorages;
  /** A new file of this machine, whole and durable or not at all. False where something is there already. */
  readonly createFile: (path: string, content: string) => Promise<boolean>;
  /** This machine and this process's streams, for `umbra remote`. */
  readonly farSide: (options: { readonly direct: boolean }) => OpenedFarSide;
  /** Aborted when the process is to stop. */
  readonly signal: () => AbortSignal;
}

export interface OpenedWorld extends AsyncDisposable {
  readonly world: World;
}

export interface OpenedHost extends AsyncDisposable {
  readonly host: Host;
}

export interface OpenedStorages extends AsyncDisposable {
  readonly storages: Storages;
  /** Where a storage's program runs, and where its files are read. */
  readonly hostOf: (storage: string) => Host;
  readonly clock: Clock;
  readonly random: (bytes: number) => Uint8Array;
}

export interface OpenedFarSide extends AsyncDisposable {
  readonly host: Host;
  readonly input: Readable;
  readonly output: Writable;
}

export interface WorldOptions {
  /** Of which the database is one: where its hosts and storages are said. */
  readonly fleet: Fleet;
  readonly output: OutputFormat;
  readonly colour: boolean;
}
