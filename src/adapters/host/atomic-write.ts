import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

import type { FilePath } from "../../domain/names.ts";
import { temporaryIn, writeDurably } from "./durable-file.ts";
import { syncDirectory } from "./sync-directory.ts";

/** The whole content or what was there before, and durable when it resolves. */
export async function writeAtomically(
  path: FilePath,
  content: string | Uint8Array,
  stillWanted: () => boolean,
): Promise<void> {
  const directory = dirname(path);
  const temporary = temporaryIn(directory);
  try {
    await writeDurably(temporary, content);
    if (!stillWanted()) throw new Error("given up");
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await syncDirectory(directory);
}
