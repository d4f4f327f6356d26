import { dirname } from "node:path/posix";

import { type Layout, layoutOf } from "../../copy/layout.ts";
import { partPath } from "../../copy/part.ts";
import type { FilePath } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { Copier, CopyRequest, CopyResult } from "../../ports/copier.ts";
import type { Host } from "../../ports/host.ts";
import { toolFailure } from "./copy-failure.ts";
import { provenPart } from "./copy-proof.ts";
import { farSource, type FileReader, sizeAfter } from "./far-source.ts";
import { ProgressRelay } from "./progress-relay.ts";
import type { SshRunner } from "./run-over-ssh.ts";
import type { Slots } from "./slots.ts";
import { runWatched, type WatchedScript } from "./watched-script.ts";

/** Copied by one `dd`, between two lines of progress. */
const PIECE_BYTES = 32 * 1024 * 1024;
/** A storage slower than this, in bytes a millisecond, is taken to hang when the whole copy is flushed. */
const SLOWEST_FLUSH = 10_000;
/** The removal of what a failed copy left. */
const REMOVE_MS = 10_000;

export interface ToolCopyParts {
  readonly runner: SshRunner;
  /** Channels that copies may hold, so that other programs find room beside them. */
  readonly slots: Slots;
  readonly files: FileReader & Pick<Host, "remove">;
  /** Reads the copy on this side, where the backup area is mounted under the same path. */
  readonly verifier: Pick<Copier, "verify">;
}

/** One copy, on its way. */
export interface ToolCopy {
  readonly host: string;
  readonly request: CopyRequest;
  readonly layout: Layout;
  readonly part: FilePath;
  /** Runs a script of the copy; a status other than 0 is an error. */
  readonly script: (
    script: Omit<WatchedScript, "stallMs" | "stalled">,
  ) => Promise<{ readonly stdout: Buffer }>;
  readonly verifier: Pick<Copier, "verify">;
}

/**
 * A copy by dd on the host of the data, checked from this side before it gets its name. What it proves: the far side's
 * sha256sum of the file it wrote is the hash of what this side read of it through its own mount, and every block in
 * that reading was judged. What it does not: blocks are not judged while they are read; so a bad block outside backup
 * mode is copied again together with a new check of the whole file, a bounded number of times.
 */
export async function copyByTools(parts: ToolCopyParts, request: CopyRequest): Promise<CopyResult> {
  request.signal?.throwIfAborted();
  const { runner, slots, files, verifier } = parts;
  const failed = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, failed.signal]) : failed.signal;
  const watched: CopyRequest = { ...request, signal };
  using _slot = await slots.take(rejectedBy(signal));
  const source = await farSource(files, watched);
  const layout = await layoutOf(source, request, { stallMs: request.stallMs, signal });
  const part = partPath(request.target) as FilePath;
  const script = scripts(runner, watched, layout, part);
  const copy: ToolCopy = { host: runner.host, request: watched, layout, part, verifier, script };
  const progress = new ProgressRelay(request.onProgress ?? (() => {}), (error) => failed.abort(error));
  try {
    await copyAll(copy, progress);
    const proven = await provenPart(copy);
    const size = await sizeAfter(files, watched, layout.bytes);
    await progress.done();
    signal.throwIfAborted();
    const { target } = request;
    await copy.script({ script: "publish", args: [target, part, dirname(target)] });
    const grownBytes = size - layout.bytes;
    return { ...proven, bytes: layout.bytes, ...(grownBytes > 0 && { grownBytes }) };
  } catch (error) {
    if (!isTaken(error)) await files.remove(part, { deadlineMs: REMOVE_MS }).catch(() => {});
    throw error;
  }
}

async function copyAll({ request, layout, part, script }: ToolCopy, progress: ProgressRelay): Promise<void> {
  const block0 = layout.block0 ?? Buffer.alloc(0);
  const { bytes } = layout;
  await script({
    script: "copy",
    args: [request.source, part, `${bytes}`, `${PIECE_BYTES}`, `${block0.length}`],
    input: block0,
    onFigure: (bytesDone) => progress.report(bytesDone),
    flush: { after: bytes, extraMs: Math.ceil(bytes / SLOWEST_FLUSH) },
  });
}

function scripts(
  runner: SshRunner,
  request: CopyRequest,
  layout: Layout,
  part: FilePath,
): ToolCopy["script"] {
  const { source: path, stallMs } = request;
  const stalled = (ms: number) => new UmbraError("UMB-7106", { path, stallMs: ms });
  return async ({ signal = request.signal, ...call }) => {
    const result = await runWatched(runner, { ...call, signal, stallMs, stalled });
    // The status of a pipeline is that of its last program.
    const whole = call.script !== "hash" || layout.bytes === 0 || endsWith(result.stderr, layout.bytes);
    if (result.status === 0 && whole) return result;
    throw toolFailure(runner.host, call.script, result, { ...request, part });
  };
}

function endsWith(stderr: Buffer, bytes: number): boolean {
  return stderr.toString().trimEnd().split("\n").at(-1) === `${bytes}`;
}

/** The part's name belongs to something else, which is not removed. */
function isTaken(error: unknown): boolean {
  return error instanceof UmbraError && error.code === "UMB-6104";
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return promise;
}
