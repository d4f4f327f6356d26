import { constants } from "node:fs";
import { lstat, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

import { errnoOf } from "./path-call.ts";
import { syncDirectory } from "./sync-directory.ts";

/** Contract: `Host.publish`. */
export async function publishFile(path: string, name: string, stillWanted: () => boolean): Promise<void> {
  await syncFile(path);
  if (await isThere(name)) throw Object.assign(new Error("the name is taken"), { code: "EEXIST" });
  if (!stillWanted()) throw new Error("given up");
  await rename(path, name);
  await syncDirectory(dirname(name));
}

async function syncFile(path: string): Promise<void> {
  await using file = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW);
  await file.sync();
}

async function isThere(name: string): Promise<boolean> {
  try {
    await lstat(name);
    return true;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return false;
    throw error;
  }
}
