import type { PreCopyDatafile } from "../../domain/step.ts";
import { exitClass } from "../../errors/exit-classes.ts";
import { isUmbraError } from "../../errors/umbra-error.ts";
import { marksPath } from "../pre-copy-marks.ts";
import type { Handler, StepContext } from "../step-context.ts";

/**
 * Copies a file while it is written, notes a mark of each piece, and copies once more what changed meanwhile: what is left
 * is little, is found without reading the copy, and what was read last may still be in memory. The copy may be torn, and is never used as it is. A file that cannot
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
  const { world, results, signal } = context;
  const { databaseHost: host } = world;
  if (host.forward === undefined) return { note: "left for the time when it is closed" };
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
  const marks = marksPath(step.target);
  await host.forward({ ...common, pass: "mark", marks });
  const { bytesWritten } = await host.forward({ ...common, pass: "forward", marks });
  results.cold.preCopied.add(step.file);
  return { bytes, rewritten: bytesWritten };
}

/** It shrank, vanished, or looks damaged while it is written: its state when it is closed decides. */
function isOfSource(error: unknown): error is Error {
  if (!isUmbraError(error)) return false;
  return error.code.startsWith("UMB-71") || error.exit === exitClass.verification;
}
