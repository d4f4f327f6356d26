import { formatBytes } from "../domain/human.ts";
import { formatScn } from "../domain/scn.ts";
import type { CopyDatafile } from "../domain/step.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { CopyRequest, CopyResult } from "../ports/copier.ts";
import type { Host } from "../ports/host.ts";
import { instanceControl } from "./cold-context.ts";
import { whoStarted } from "./nobody-runs.ts";
import { marksPath } from "./pre-copy-marks.ts";
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
  const done = await transfer(request, step, context).catch((error: unknown) =>
    disturbed(step, error, context),
  );
  const { head, told, result } = done;
  if (!head.subarray(0, proved.head.length).equals(proved.head.subarray(0, head.length))) {
    const problems = ["its header is not the one that was proved when the database was closed"];
    await disturbed(step, new UmbraError("UMB-9001", { path: step.target, problems, rule: 128 }), context);
  }
  const header = proved.header;
  if (result !== undefined)
    recordDatafile(step, { source: step.path, header, mode: "consistent", result }, context);
  return { ...told, checkpointScn: formatScn(header.checkpoint.scn) };
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

/** What was copied while it was open is brought up to date, and recorded when it was read again: `verify-copy`. */
async function bringUpToDate(
  request: CopyRequest,
  step: CopyDatafile,
  { world, results: { cold } }: StepContext,
): Promise<Transferred> {
  const { databaseHost: host } = world;
  if (host.forward === undefined) throw new UmbraError("UMB-1001", { what: "the host lost its engine" });
  const { target } = request;
  const marks = marksPath(target);
  const done = await host.forward({ ...request, mode: "consistent", pass: "forward", marks });
  cold.forwarded.set(step.file, step);
  const note = `${formatBytes(done.bytesWritten)} had changed`;
  return {
    bytes: done.bytes,
    head: done.head,
    told: { note, bytes: done.bytes, written: done.bytesWritten },
  };
}

/** What counts of a copy when it is compared with the proof. */
interface Transferred {
  readonly bytes: number;
  readonly head: Buffer;
  readonly told: StepOutcome;
  /** Absent where the copy is to be read again before it is recorded. */
  readonly result?: CopyResult;
}

async function transfer(
  request: CopyRequest,
  step: CopyDatafile,
  context: StepContext,
): Promise<Transferred> {
  const { world, results } = context;
  const { cold } = results;
  const fromMs = world.clock.monotonicMs();
  const isPreCopied = step.refresh === true && cold.preCopied.has(step.file);
  const done = isPreCopied
    ? await bringUpToDate(request, step, context)
    : await copied(request, world.databaseHost);
  cold.copyFromMs = Math.min(cold.copyFromMs ?? fromMs, fromMs);
  cold.copyToMs = world.clock.monotonicMs();
  cold.copiedBytes += done.bytes;
  return done;
}

async function copied(request: CopyRequest, host: Host): Promise<Transferred> {
  const result = await host.copy(request);
  const { bytes, sha256, blocks, head } = result;
  return { bytes, head, told: { bytes, sha256, blocks }, result };
}
