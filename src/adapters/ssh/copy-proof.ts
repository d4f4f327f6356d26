import { setTimeout as sleep } from "node:timers/promises";

import { rereadPausesMs } from "../../copy/scan.ts";
import { isUmbraError, UmbraError } from "../../errors/umbra-error.ts";
import type { CopyResult, VerifyResult } from "../../ports/copier.ts";
import type { ToolCopy } from "./copy-by-tools.ts";

/** Read by one `dd` between two lines of progress. */
const PIECE_BYTES = 32 * 1024 * 1024;
const SHA256_DIGITS = 64;

/**
 * Reads the part from both sides until no block is damaged. Errors: UMB-9101 for a block that stays bad, UMB-7226 where
 * the two sides do not see the same file, UMB-9102 where its block 0 is not what it was.
 */
export async function provenPart(copy: ToolCopy): Promise<Pick<CopyResult, "sha256" | "blocks" | "head">> {
  let reread = 0;
  for (const pause of [...rereadPausesMs, undefined]) {
    const { sha256, blocks, damaged, head } = await seenBySame(copy);
    const [first] = damaged;
    if (first === undefined) return { sha256, head, blocks: { ...blocks, reread } };
    const { source: path } = copy.request;
    if (pause === undefined) {
      throw new UmbraError("UMB-9101", { path, ...first, attempts: rereadPausesMs.length + 1 });
    }
    await sleep(pause);
    reread += damaged.length;
    await copyBlocksAgain(copy, damaged);
  }
  throw new UmbraError("UMB-1001", { what: "the tries to copy blocks again did not end" });
}

async function copyBlocksAgain(
  { request, part, script }: ToolCopy,
  damaged: VerifyResult["damaged"],
): Promise<void> {
  const numbers = damaged.map(({ block }) => `${block}`);
  await script({
    script: "copyAgain",
    args: [request.source, part, `${request.blockSize}`, ...numbers],
  });
}

/** The hash over there and the reading here, at the same time: both must be of the same bytes. */
async function seenBySame(copy: ToolCopy): Promise<VerifyResult> {
  const { request, layout, part } = copy;
  const over = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, over.signal]) : over.signal;
  const here = seenHere(copy, signal);
  const there = hashThere(copy, signal);
  const [seen, sha256] = await Promise.all([here, there]).catch(async (error: unknown) => {
    over.abort(error);
    await Promise.allSettled([here, there]);
    throw error;
  });
  if (seen.bytes !== layout.bytes) throw unlike(copy, `${seen.bytes} bytes here, ${layout.bytes} there`);
  if (seen.sha256 !== sha256) throw unlike(copy, `SHA-256 ${seen.sha256} here, ${sha256} there`);
  if (seen.problem !== undefined) throw new UmbraError("UMB-9102", { path: part, reason: seen.problem });
  return seen;
}

async function seenHere(copy: ToolCopy, signal: AbortSignal): Promise<VerifyResult> {
  const { request, part: path, verifier } = copy;
  const { mode, blockSize, relativeFile, bigfile, stallMs } = request;
  const file = {
    ...(relativeFile !== undefined && { relativeFile }),
    ...(bigfile !== undefined && { bigfile }),
  };
  try {
    return await verifier.verify({ path, mode, blockSize, stallMs, signal, ...file });
  } catch (error) {
    const absent = isUmbraError(error) && (error.context as { errno?: unknown }).errno === "ENOENT";
    throw absent ? unlike(copy, "it is not there on this side") : error;
  }
}

async function hashThere({ layout, part, script }: ToolCopy, signal: AbortSignal): Promise<string> {
  const args = [part, `${layout.bytes}`, `${PIECE_BYTES}`];
  const { stdout } = await script({ script: "hash", args, signal });
  return stdout.toString().slice(0, SHA256_DIGITS);
}

function unlike({ host, part: path }: ToolCopy, problem: string): UmbraError {
  return new UmbraError("UMB-7226", { host, path, problem });
}
