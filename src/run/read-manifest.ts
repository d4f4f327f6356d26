import type { FilePath } from "../domain/names.ts";
import { parseManifest } from "../state/manifest-json.ts";
import type { World } from "./world.ts";

/** A manifest and its text; undefined where no file is there. */
export async function readManifest(world: Pick<World, "backupHost" | "database">, path: FilePath) {
  const options = { deadlineMs: world.database.deadlines.statementMs };
  const stat = await world.backupHost.stat(path, options);
  if (stat === undefined) return undefined;
  const bytes = await world.backupHost.read(path, { offset: 0, length: stat.bytes }, options);
  const text = bytes.toString("utf8");
  return { ...parseManifest(text), text };
}
