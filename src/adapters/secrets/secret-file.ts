import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

import { isUmbraError, UmbraError } from "../../errors/umbra-error.ts";

/** No password is longer; a larger file is not a password file. */
const MAX_BYTES = 64 * 1024;

export interface SecretFileOptions {
  readonly uid: number | undefined;
  readonly deadlineMs: number;
  /** Refuses a file that others can read, or that belongs to another user. */
  readonly strict: boolean;
}

/** Reads a small file whose mode was checked on the open file, so that nobody can swap it in between. */
export async function readSecretFile(path: string, options: SecretFileOptions): Promise<string> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new UmbraError("UMB-2102", { path, reason: `no answer for ${options.deadlineMs} ms` })),
    options.deadlineMs,
  );
  try {
    return await Promise.race([readChecked(path, options), late]);
  } catch (error) {
    if (isUmbraError(error)) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    throw new UmbraError("UMB-2102", { path, reason });
  } finally {
    clearTimeout(timer);
  }
}

async function readChecked(path: string, options: SecretFileOptions): Promise<string> {
  // O_NONBLOCK: a named pipe without a writer would hold the open for ever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new UmbraError("UMB-2102", { path, reason: "it is no regular file" });
    if (options.strict) checkOwner(path, stat, options.uid);
    return await readAll(path, handle);
  } finally {
    await handle.close();
  }
}

function checkOwner(path: string, stat: Stats, uid: number | undefined): void {
  const others = stat.mode & 0o077;
  if (others !== 0)
    throw new UmbraError("UMB-2103", { path, mode: (stat.mode & 0o777).toString(8).padStart(4, "0") });
  if (uid !== undefined && stat.uid !== uid && stat.uid !== 0)
    throw new UmbraError("UMB-2104", { path, uid: stat.uid });
}

async function readAll(path: string, handle: FileHandle): Promise<string> {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
  if (bytesRead > MAX_BYTES)
    throw new UmbraError("UMB-2102", { path, reason: `it is larger than ${MAX_BYTES} bytes` });
  return buffer.toString("utf8", 0, bytesRead);
}
