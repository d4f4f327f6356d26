import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** As Oracle makes its files: the owner writes, the group reads. What umbra writes may come to name where secrets are. */
export const FILE_MODE = 0o640;

/** A name for a file that is not whole yet. Not derived from the final one, which may already be as long as a name may be. */
export function temporaryIn(directory: string): string {
  return `${directory}/.umbra-${randomBytes(8).toString("hex")}.part`;
}

/** A new file with the whole content, durable but for its name. EEXIST where something has that name. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  await using file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, FILE_MODE);
  await file.writeFile(content);
  await file.sync();
}
