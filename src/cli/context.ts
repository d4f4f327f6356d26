import { configPath } from "../config/config-path.ts";
import { loadFleet } from "../config/load-fleet.ts";
import type { Origins } from "../config/origins.ts";
import { formatProblem } from "../config/problem.ts";
import { didYouMean } from "../config/suggest.ts";
import type { DatabaseConfig, Fleet } from "../domain/fleet.ts";
import type { DatabaseName } from "../domain/names.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { World } from "../run/world.ts";
import type { State } from "../state/state.ts";
import type { OutputFormat } from "./result.ts";
import type { Surroundings } from "./surroundings.ts";

export interface GlobalOptions {
  readonly output: OutputFormat;
  readonly config?: string;
  /** Commander's name for the absence of `--no-color`. */
  readonly color: boolean;
}

/** What a command gets besides its arguments. */
export class CommandContext {
  readonly globals: GlobalOptions;
  readonly around: Surroundings;
  #fleet: Promise<{ fleet: Fleet; origins: Origins }> | undefined;

  constructor(globals: GlobalOptions, around: Surroundings) {
    this.globals = globals;
    this.around = around;
  }

  get configPath(): string {
    return configPath(this.globals.config, this.around.env);
  }

  /** Read once for a command. Throws UMB-2003 with all problems. */
  fleet(): Promise<{ fleet: Fleet; origins: Origins }> {
    return (this.#fleet ??= this.#loaded());
  }

  async #loaded(): Promise<{ fleet: Fleet; origins: Origins }> {
    const path = this.configPath;
    const loaded = await loadFleet(path, this.around.readText);
    if (loaded.ok) return loaded;
    throw new UmbraError("UMB-2003", { path, problems: loaded.problems.map(formatProblem) });
  }

  /** Runs `use` with the open state of the fleet, and closes it on every path. */
  async withState<T>(use: (state: State, fleet: Fleet) => Promise<T>): Promise<T> {
    const { fleet } = await this.fleet();
    using state = await this.around.openState(fleet);
    return await use(state, fleet);
  }

  /** Runs `use` in the world of one configured database. Throws UMB-2002 for a name that is not configured. */
  async withWorld<T>(name: string, use: (world: World) => Promise<T>): Promise<T> {
    return await this.withState(
      async (state, fleet) => await this.inWorld(configured(fleet, name), state, use),
    );
  }

  async inWorld<T>(database: DatabaseConfig, state: State, use: (world: World) => Promise<T>): Promise<T> {
    const { fleet } = await this.fleet();
    const options = { fleet, output: this.globals.output, colour: this.globals.color };
    await using opened = this.around.openWorld(database, state, options);
    return await use(opened.world);
  }
}

export function configured(fleet: Fleet, name: string): DatabaseConfig {
  const database = fleet.databases.get(name as DatabaseName);
  if (database !== undefined) return database;
  const known = [...fleet.databases.keys()];
  throw new UmbraError("UMB-2002", { name, known, suggestion: didYouMean(name, known) });
}
