import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** Makes new names in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  await directory.sync();
}
