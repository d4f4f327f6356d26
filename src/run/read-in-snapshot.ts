import type { SnapshotDatafile } from "../domain/manifest.ts";
import type { FilePath } from "../domain/names.ts";
import type { VerifyResult } from "../ports/copier.ts";
import type { World } from "./world.ts";

/** Reads a datafile in a snapshot, on the host where it is shown. */
export async function readInSnapshot(
  { databaseHost, database }: World,
  path: FilePath,
  file: SnapshotDatafile,
  signal: AbortSignal,
): Promise<VerifyResult> {
  const { blockSize, relativeFile, bigfile, sha256, mode } = file;
  return await databaseHost.verify({
    path,
    mode: mode === "backup-mode" ? "backup-mode" : "consistent",
    blockSize,
    relativeFile,
    bigfile,
    ...(sha256 === undefined ? {} : { sha256 }),
    stallMs: database.deadlines.copyStallMs,
    signal,
  });
}
