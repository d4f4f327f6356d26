import { link, rm } from "node:fs/promises";
import { dirname } from "node:path";

import type { FilePath } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { temporaryIn, writeDurably } from "./durable-file.ts";
import { errnoOf } from "./path-call.ts";
import { syncDirectory } from "./sync-directory.ts";

/**
 * A new file of this machine with the whole content, durable when it resolves. False, and nothing changed, where something
 * has that name. A hard link gives the name, because it never replaces.
 * Errors: UMB-7108.
 */
export async function createFile(path: FilePath, content: string): Promise<boolean> {
  const directory = dirname(path);
  const temporary = temporaryIn(directory);
  try {
    await writeDurably(temporary, content);
    await link(temporary, path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "EEXIST") return false;
    throw new UmbraError(
      "UMB-7108",
      { path, operation: "write", errno: errno ?? String(error) },
      { cause: error },
    );
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(directory);
  return true;
}
