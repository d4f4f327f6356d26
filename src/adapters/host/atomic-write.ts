import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

import type { FilePath } from "../../domain/names.ts";
import { syncDirectory } from "./sync-directory.ts";

/** As Oracle makes its files: the owner writes, the group reads. */
const FILE_MODE = 0o640;

/** The whole content or what was there before, and durable when it resolves. */
export async function writeAtomically(
  path: FilePath,
  content: string | Uint8Array,
  stillWanted: () => boolean,
): Promise<void> {
  const directory = dirname(path);
  // Not derived from the name, which may already be as long as the file system allows.
  const temporary = `${directory}/.umbra-${randomBytes(8).toString("hex")}.part`;
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

async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  await using file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, FILE_MODE);
  await file.writeFile(content);
  await file.sync();
}
