import { UmbraError } from "../../errors/umbra-error.ts";
import { hashesPath } from "../pre-copy-hashes.ts";
import type { Handler } from "../step-context.ts";

/** The hash of the closed file was taken from the file itself; the copy on the storage must have it too. */
export const verifyCopy: Handler<"verify-copy"> = async (step, context) => {
  const { world, results, hosts, signal } = context;
  const written = results.datafiles.find((one) => one.file === step.file);
  if (written === undefined || !results.cold.preCopied.has(step.file)) return {};
  await world.backupHost.remove(hashesPath(step.target), hosts);
  const found = await world.backupHost.verify({
    path: step.target,
    mode: "consistent",
    blockSize: step.blockSize,
    relativeFile: step.relativeFile,
    bigfile: step.bigfile,
    sha256: written.sha256,
    stallMs: world.database.deadlines.copyStallMs,
    signal,
  });
  if (found.sha256Matches !== true) {
    const problems = ["it does not hold what was read of the closed file"];
    throw new UmbraError("UMB-9001", { path: step.target, problems, rule: 128 });
  }
  return { bytes: found.bytes, sha256: found.sha256 };
};
