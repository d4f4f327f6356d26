import { loadFleet } from "../config/load-fleet.ts";
import { formatProblem } from "../config/problem.ts";
import { DEFAULT_STATE_DIRECTORY } from "../config/schema.ts";
import type { Fleet } from "../domain/fleet.ts";
import type { FilePath } from "../domain/names.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { CommandContext } from "./context.ts";

/** What holds while nothing is configured. */
export const emptyFleet: Fleet = {
  databases: new Map(),
  storages: new Map(),
  hosts: new Map(),
  stateDirectory: DEFAULT_STATE_DIRECTORY as FilePath,
};

/**
 * The configuration, which may be without a database; undefined where the usual file is not there yet. One that was named
 * must be there. Throws UMB-2003.
 */
export async function fleetIfAny({
  around,
  configPath: path,
  globals,
}: CommandContext): Promise<Fleet | undefined> {
  const isNamed = globals.config !== undefined || around.env["UMBRA_CONFIG"] !== undefined;
  if (!isNamed && (await isAbsent(() => around.readText(path)))) return undefined;
  const loaded = await loadFleet(path, around.readText, { withoutDatabases: true });
  if (loaded.ok) return loaded.fleet;
  throw new UmbraError("UMB-2003", { path, problems: loaded.problems.map(formatProblem) });
}

export async function isAbsent(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return false;
  } catch (error) {
    return (error as { readonly code?: unknown } | null)?.code === "ENOENT";
  }
}
