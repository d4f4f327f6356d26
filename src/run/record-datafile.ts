import type { ManifestDatafile } from "../domain/manifest.ts";
import type { FilePath } from "../domain/names.ts";
import { formatScn } from "../domain/scn.ts";
import type { Protection } from "../domain/step.ts";
import type { DatafileHeader } from "../formats/datafile-header.ts";
import type { CopyResult } from "../ports/copier.ts";
import type { Transfer } from "./at-its-place.ts";
import type { StepContext } from "./step-context.ts";

interface Copied {
  readonly source: FilePath;
  readonly header: DatafileHeader;
  readonly mode: "backup-mode" | "consistent";
  readonly result: Pick<CopyResult, "bytes" | "blocks" | "grownBytes">;
}

/** Notes a finished copy for the manifest. */
export function recordDatafile(
  step: Transfer,
  copied: Copied & { readonly result: Pick<CopyResult, "sha256"> },
  context: StepContext,
): void {
  const { sha256 } = copied.result;
  context.results.datafiles.push({ ...recordOf(step, copied, context), sha256 });
}

/** Of a copy, however it was made; without its hash, which is not always known. */
export function recordOf(
  step: Transfer,
  { header, result, source, mode }: Copied,
  { plan, results }: StepContext,
): Omit<ManifestDatafile, "sha256"> {
  if (result.grownBytes !== undefined) {
    const { file } = step;
    results.notes.push(
      `datafile ${file} grew by ${result.grownBytes} bytes while it was copied; redo describes it (rule 54)`,
    );
  }
  return {
    name: step.target.slice(plan.directory.length + 1),
    bytes: result.bytes,
    file: step.file,
    creationScn: formatScn(step.creationScn),
    relativeFile: step.relativeFile,
    bigfile: step.bigfile,
    container: step.container,
    tablespace: step.tablespace,
    source,
    blockSize: step.blockSize,
    mode,
    needsRecovery: needsRecovery(step.protection),
    checkpointScn: formatScn(header.checkpoint.scn),
    hotBackup: header.status.hotBackup,
    resetlogsScn: formatScn(header.resetlogsScn),
    blocks: { ...result.blocks },
    ...(result.grownBytes === undefined ? {} : { grownBytes: result.grownBytes }),
  };
}

function needsRecovery(protection: Protection): boolean {
  if (protection.by === "nobody-writes") return protection.why === "offline-needs-recovery";
  return protection.by === "closed" && protection.state === "offline-needs-recovery";
}
