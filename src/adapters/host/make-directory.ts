import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import { errnoOf } from "./path-call.ts";
import { syncDirectory } from "./sync-directory.ts";

/** With its parents, each new name durable. There already is success; a file in the way is EEXIST or ENOTDIR. */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o750 });
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return await requireDirectory(path);
    if (errnoOf(error) !== "ENOENT" || dirname(path) === path) throw error;
    await makeDirectory(dirname(path));
    return await makeDirectory(path);
  }
  await syncDirectory(dirname(path));
}

/** Also after a death between the creation and the fsync, the name is durable when this resolves. */
async function requireDirectory(path: string): Promise<void> {
  await syncDirectory(path);
  await syncDirectory(dirname(path)).catch((error: unknown) => {
    // A parent that only root may read was not made by umbra.
    if (errnoOf(error) !== "EACCES") throw error;
  });
}
