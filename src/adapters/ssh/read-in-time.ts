import { readFile } from "node:fs/promises";

import { guardCall } from "../host/call-guard.ts";

/** A small file of this machine. Left at the deadline: a home may lie on a server that is gone. Rejects as `readFile`. */
export async function readInTime(path: string, deadlineMs: number): Promise<Buffer> {
  using guard = guardCall(deadlineMs, () => new Error(`no answer within ${deadlineMs} ms`), undefined);
  return await Promise.race([readFile(path), guard.left]);
}
