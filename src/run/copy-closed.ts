import { formatScn } from "../domain/scn.ts";
import type { CopyDatafile } from "../domain/step.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { CopyRequest, CopyResult } from "../ports/copier.ts";
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
  const { result, note } = await transfer(request, step, context);
  if (!result.head.subarray(0, proved.head.length).equals(proved.head.subarray(0, result.head.length))) {
    const problems = ["its header is not the one that was proved when the database was closed"];
    throw new UmbraError("UMB-9001", { path: step.target, problems, rule: 128 });
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

async function transfer(
  request: CopyRequest,
  step: CopyDatafile,
  { world, results: { cold } }: StepContext,
): Promise<{ readonly result: CopyResult; readonly note?: string }> {
  const fromMs = world.clock.monotonicMs();
  const result = await world.databaseHost.copy(request);
  cold.copyFromMs = Math.min(cold.copyFromMs ?? fromMs, fromMs);
  cold.copyToMs = world.clock.monotonicMs();
  cold.copiedBytes += result.bytes;
  void step;
  return { result };
}
