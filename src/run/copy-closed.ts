import { formatBytes } from "../domain/human.ts";
import { formatScn } from "../domain/scn.ts";
import type { CopyDatafile } from "../domain/step.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { CopyRequest, CopyResult } from "../ports/copier.ts";
import type { Host } from "../ports/host.ts";
import { CLOSED_GENERATION, hashesPath, OPEN_GENERATION } from "./pre-copy-hashes.ts";
import { instanceControl } from "./cold-context.ts";
import { whoStarted } from "./nobody-runs.ts";
import { recordDatafile } from "./record-datafile.ts";
import type { StepContext, StepOutcome } from "./step-context.ts";

/**
 * Copies a file of the closed database, or brings the copy that was made before up to date; in mode snapshot from the
 * picture. The copy must begin with the very header that was proved.
 */
export async function copyClosed(step: CopyDatafile, context: StepContext): Promise<StepOutcome> {
  const { results, world } = context;
  const { cold } = results;
  const proved = cold.proved.get(step.file);
  if (proved === undefined)
    throw new UmbraError("UMB-1001", { what: `datafile ${step.file} was not proved` });
  const blocks = cold.last.get(step.file)?.blocks ?? step.blocks;
  const source = cold.picture?.files.get(step.path) ?? step.path;
  const totalBytes = (blocks + 1) * step.blockSize;
  const request: CopyRequest = {
    source,
    target: step.target,
    mode: "consistent",
    blockSize: step.blockSize,
    expectedBlocks: blocks,
    relativeFile: step.relativeFile,
    bigfile: step.bigfile,
    signal: context.signal,
    stallMs: world.database.deadlines.copyStallMs,
    onProgress: (bytes) => context.progress(step.id, bytes, totalBytes),
  };
  const result = await transfer(request, step, context).catch((error: unknown) =>
    disturbed(step, error, context),
  );
  const { note } = result;
  if (!result.head.subarray(0, proved.head.length).equals(proved.head.subarray(0, result.head.length))) {
    const problems = ["its header is not the one that was proved when the database was closed"];
    await disturbed(step, new UmbraError("UMB-9001", { path: step.target, problems, rule: 128 }), context);
  }
  recordDatafile(step, { source: step.path, header: proved.header, mode: "consistent", result }, context);
  return {
    ...(note === undefined ? {} : { note }),
    bytes: result.bytes,
    sha256: result.sha256,
    checkpointScn: formatScn(proved.header.checkpoint.scn),
    blocks: result.blocks,
  };
}

/** A copy that fails because somebody opened the database says that, and not what it saw of it. */
async function disturbed(step: CopyDatafile, error: unknown, context: StepContext): Promise<never> {
  const { signal, results, world } = context;
  if (signal.aborted || results.cold.picture !== undefined) throw error;
  const { deadlines } = world.database;
  const status = await instanceControl(context)
    .status({ deadlineMs: deadlines.connectMs, signal })
    .catch(() => undefined);
  if (status === undefined || status.state === "down") throw error;
  const seen = [
    `datafile ${step.file} (${step.path}) changed while it was copied, and an instance is in state ${status.state}`,
    ...(await whoStarted(context)),
  ];
  throw new UmbraError("UMB-9022", { seen, rule: 22 }, { cause: error });
}

/** What a copy and a refresh have in common. */
type Transferred = Pick<CopyResult, "bytes" | "sha256" | "blocks" | "head" | "grownBytes"> & {
  readonly note?: string;
};

async function transfer(
  request: CopyRequest,
  step: CopyDatafile,
  { world, results: { cold } }: StepContext,
): Promise<Transferred> {
  const { clock, databaseHost: host } = world;
  const fromMs = clock.monotonicMs();
  const isRefreshed = step.refresh === true && cold.preCopied.has(step.file);
  const done = isRefreshed ? await refresh(request, host) : await host.copy(request);
  cold.copyFromMs = Math.min(cold.copyFromMs ?? fromMs, fromMs);
  cold.copyToMs = clock.monotonicMs();
  cold.copiedBytes += done.bytes;
  return done;
}

/** Only the source is read and only what differs is written; the copy is read again when the database is open. */
async function refresh(request: CopyRequest, host: Host): Promise<Transferred> {
  const { target, mode } = request;
  if (host.refresh === undefined || mode !== "consistent") return await host.copy(request);
  const hashes = { path: hashesPath(target), generation: OPEN_GENERATION, next: CLOSED_GENERATION };
  const done = await host.refresh({ ...request, mode, changes: { by: "hashes" }, hashes });
  const { sha256 } = done;
  if (sha256 === undefined)
    throw new UmbraError("UMB-1001", { what: "a refresh of a whole file has no hash" });
  return { ...done, sha256, note: `${formatBytes(done.bytesWritten)} had changed` };
}
