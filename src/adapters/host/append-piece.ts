import { constants } from "node:fs";
import { open, rm } from "node:fs/promises";

import { FILE_MODE } from "./durable-file.ts";

/** Contract: `Host.append`. */
export async function appendPiece(
  path: string,
  { offset, content }: { readonly offset: number; readonly content: Uint8Array },
  stillWanted: () => boolean,
): Promise<void> {
  const create = offset === 0 ? constants.O_CREAT | constants.O_EXCL : 0;
  await using file = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW | create, FILE_MODE);
  if (!stillWanted()) {
    if (offset === 0) await rm(path, { force: true });
    throw new Error("given up");
  }
  const { size } = await file.stat();
  if (size !== offset) throw Object.assign(new Error(`it holds ${size} bytes`), { code: "EINVAL" });
  let done = 0;
  while (done < content.length) {
    const { bytesWritten } = await file.write(content, done, content.length - done, offset + done);
    done += bytesWritten;
  }
}
