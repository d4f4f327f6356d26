import type { PreCopyDatafile } from "../../domain/step.ts";
import { exitClass } from "../../errors/exit-classes.ts";
import { isUmbraError } from "../../errors/umbra-error.ts";
import { hashesPath, OPEN_GENERATION } from "../pre-copy-hashes.ts";
import type { Handler, StepContext } from "../step-context.ts";

/**
 * Copies a file while it is written, then once more what changed meanwhile, and notes a hash of each block: what is left
 * is little, and is found without reading the copy. The copy may be torn, and is never used as it is. A file that cannot
 * be copied now is copied whole when it is closed.
 */
export const preCopyDatafile: Handler<"pre-copy-datafile"> = async (step, context) => {
  try {
    return await copyTwice(step, context);
  } catch (error) {
    if (!isOfSource(error) || context.signal.aborted) throw error;
    await context.world.backupHost.remove(step.target, context.hosts);
    return { note: `left for the time when it is closed: ${error.message}` };
  }
};

async function copyTwice(step: PreCopyDatafile, context: StepContext) {
  const { world, results, plan, signal } = context;
  const { databaseHost: host } = world;
  if (host.refresh === undefined) return { note: "left for the time when it is closed" };
  const totalBytes = (step.blocks + 1) * step.blockSize;
  const common = {
    source: step.path,
    target: step.target,
    mode: "backup-mode",
    blockSize: step.blockSize,
    relativeFile: step.relativeFile,
    bigfile: step.bigfile,
    signal,
    stallMs: world.database.deadlines.copyStallMs,
    onProgress: (bytes: number) => context.progress(step.id, bytes, totalBytes),
  } as const;
  const { bytes } = await host.copy(common);
  const hashes = { path: hashesPath(step.target), generation: plan.run, next: OPEN_GENERATION };
  const { bytesWritten } = await host.refresh({ ...common, changes: { by: "compare" }, hashes });
  results.cold.preCopied.add(step.file);
  return { bytes, rewritten: bytesWritten };
}

/** It shrank, vanished, or looks damaged while it is written: its state when it is closed decides. */
function isOfSource(error: unknown): error is Error {
  if (!isUmbraError(error)) return false;
  return error.code.startsWith("UMB-71") || error.exit === exitClass.verification;
}
