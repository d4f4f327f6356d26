import type { ManifestFile } from "../domain/manifest.ts";
import type { FilePath } from "../domain/names.ts";
import type { StepContext } from "./step-context.ts";

/** Size and hash of a file that the database itself wrote into the backup area. */
export async function writtenFile(path: FilePath, context: StepContext): Promise<ManifestFile> {
  const { world, plan, signal } = context;
  const { bytes, sha256 } = await world.backupHost.verify({
    path,
    mode: "plain",
    blockSize: 512,
    signal,
    stallMs: world.database.deadlines.copyStallMs,
  });
  return { name: path.slice(plan.directory.length + 1), bytes, sha256 };
}
