import { UmbraError } from "../../errors/umbra-error.ts";
import { marksPath } from "../pre-copy-marks.ts";
import { recordDatafile } from "../record-datafile.ts";
import type { Handler, StepContext } from "../step-context.ts";
import type { CopyDatafile } from "../../domain/step.ts";

/**
 * The copy is made durable, and read twice: it must be what was read of the closed file, piece by piece, and its blocks
 * must be sound. Then it gets its hash and its place in the manifest.
 */
export const verifyCopy: Handler<"verify-copy"> = async (step, context) => {
  const { world, results } = context;
  const { cold } = results;
  const closed = cold.forwarded.get(step.file);
  const proved = cold.proved.get(step.file);
  if (closed === undefined || proved === undefined) return {};
  await settle(closed, context);
  const { mode, blockSize, relativeFile, bigfile } = { ...closed, mode: "consistent" as const };
  const stallMs = world.database.deadlines.copyStallMs;
  const found = await world.backupHost.verify({
    path: step.target,
    mode,
    blockSize,
    relativeFile,
    bigfile,
    stallMs,
    signal: context.signal,
  });
  const [damage] = found.damaged;
  const problems = [
    ...(found.problem === undefined ? [] : [found.problem]),
    ...(damage === undefined ? [] : [`block ${damage.block}: ${damage.verdict}`]),
  ];
  if (problems.length > 0) throw new UmbraError("UMB-9001", { path: step.target, problems, rule: 128 });
  recordDatafile(closed, { source: closed.path, header: proved.header, mode, result: found }, context);
  return { bytes: found.bytes, sha256: found.sha256, blocks: found.blocks };
};

async function settle(closed: CopyDatafile, { world, signal }: StepContext): Promise<void> {
  const { target, path: source, blockSize, relativeFile, bigfile } = closed;
  const stallMs = world.database.deadlines.copyStallMs;
  const marks = marksPath(target);
  const how = {
    pass: "settle",
    mode: "consistent",
    blockSize,
    relativeFile,
    bigfile,
    stallMs,
    signal,
  } as const;
  const settled = await world.databaseHost.forward?.({ source, target, marks, ...how });
  if (settled?.differing === 0) return;
  const problems = ["it does not hold what was read of the closed file"];
  throw new UmbraError("UMB-9001", { path: target, problems, rule: 128 });
}
