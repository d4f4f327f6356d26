import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { link, open, rm } from "node:fs/promises";
import { dirname } from "node:path";

import type { FilePath } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { errnoOf } from "./path-call.ts";
import { syncDirectory } from "./sync-directory.ts";

/** It may come to name where secrets are. */
const FILE_MODE = 0o640;

/**
 * A new file of this machine with the whole content, durable when it resolves. False, and nothing changed, where something
 * has that name. A hard link gives the name, because it never replaces.
 * Errors: UMB-7108.
 */
export async function createFile(path: FilePath, content: string): Promise<boolean> {
  const directory = dirname(path);
  const temporary = `${directory}/.umbra-${randomBytes(8).toString("hex")}.part`;
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

async function writeDurably(path: string, content: string): Promise<void> {
  await using file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, FILE_MODE);
  await file.writeFile(content);
  await file.sync();
}
