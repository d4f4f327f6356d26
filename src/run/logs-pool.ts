import type { AreaLog } from "../domain/archive.ts";
import type { RedoLog } from "../domain/coverage.ts";
import type { FilePath } from "../domain/names.ts";
import type { Scn } from "../domain/scn.ts";
import { readLogDirectory } from "./logs-area.ts";
import type { World } from "./world.ts";

/** A log that is closed, whole by its header, and of the right database. */
export type WholeLog = AreaLog & { readonly nextScn: Scn };

/**
 * The whole logs of a database in a directory, by their headers. A header is read once: the state remembers it for a file
 * of the same name, length and time of the last write. What is being removed counts for nothing.
 */
export async function logPool(
  world: Pick<World, "backupHost" | "database" | "signal" | "state">,
  directory: FilePath,
  dbid: string,
): Promise<readonly WholeLog[]> {
  const { state, database, backupHost } = world;
  const known = await state.logFiles.list(database.name, directory);
  const files = (await readLogDirectory(world, backupHost, directory, known)) ?? [];
  const whole = files.filter((file) => file.kind === "log").filter(isWhole);
  const unknown = whole.filter((log) => known.get(log.path) !== log);
  const there = new Set(whole.map((log) => log.path));
  const gone = [...known.keys()].filter((path) => !there.has(path));
  await state.logFiles.add(database.name, unknown);
  await state.logFiles.forget(database.name, gone);
  const going = state.logMarks.list(database.name).filter(({ removingAt }) => removingAt !== undefined);
  const isGoing = new Set(going.map(({ path }) => path));
  return whole.filter((log) => log.dbid === dbid && !isGoing.has(log.path));
}

export function isWhole(log: AreaLog): log is WholeLog {
  return log.problems.length === 0 && log.nextScn !== undefined;
}

export function redoOf(
  { incarnation, thread, sequence, firstScn, nextScn }: WholeLog,
  place: string,
): RedoLog {
  return { incarnation, thread, sequence, firstScn, nextScn, places: [place] };
}
