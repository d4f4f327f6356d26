import type { ColdLook } from "../domain/cold-look.ts";
import type { Facts } from "../domain/facts.ts";
import type { FilePath } from "../domain/names.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { eachOf } from "./each-of.ts";
import type { World } from "./world.ts";

const WIDTH = 8;
const SOME_BYTES = 512;

/** Reads the beginning of every file that will be copied or proved: a missing right must not show during the downtime. */
export async function unreadableFiles(world: World, facts: Facts): Promise<ColdLook["unreadable"]> {
  const { databaseHost: host, database, signal } = world;
  const options = { deadlineMs: database.deadlines.statementMs, signal };
  const redo = facts.identity.logMode === "NOARCHIVELOG" ? facts.onlineLogs : [];
  const paths = [
    ...facts.datafiles.map((file) => file.path),
    ...facts.controlfiles,
    ...redo.flatMap((log) => log.members.slice(0, 1)),
  ].filter((path) => path.startsWith("/"));
  const found = new Map<FilePath, string>();
  await eachOf(paths, WIDTH, signal, async (path) => {
    try {
      const { length } = await host.read(path, { offset: 0, length: SOME_BYTES }, options);
      if (length < SOME_BYTES) found.set(path, "it is empty");
    } catch (error) {
      if (!isUmbraError(error) || signal.aborted) throw error;
      found.set(path, error.message);
    }
  });
  return paths.flatMap((path) => {
    const why = found.get(path);
    return why === undefined ? [] : [{ path, why }];
  });
}
