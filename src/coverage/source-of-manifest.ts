import type { RedoLog, RestoreSource, SourceFile } from "../domain/coverage.ts";
import type { Manifest } from "../domain/manifest.ts";
import { type Scn, scn } from "../domain/scn.ts";

/** What a backup gives to restores. `problem`: why its copies cannot be used, where somebody found that out. */
export function sourceOfManifest(manifest: Manifest, problem?: string): RestoreSource {
  const unusable = problem ?? partial(manifest);
  return {
    id: manifest.backup,
    incarnation: manifest.identity.resetlogsId,
    files: manifest.kind === "cold" ? closedFiles(manifest) : filesOf(manifest),
    ...(manifest.kind === "cold" ? { closedAt: toScn(manifest.cold.checkpointScn) } : {}),
    ...(unusable === undefined ? {} : { unusable }),
  };
}

/** The archived logs that lie in a backup. */
export function logsOfManifest({ backup, logs }: Pick<Manifest, "backup" | "logs">): readonly RedoLog[] {
  return logs.map((log) => ({
    incarnation: log.resetlogsId,
    thread: log.thread,
    sequence: log.sequence,
    firstScn: toScn(log.firstScn),
    nextScn: toScn(log.nextScn),
    places: [backup],
  }));
}

function partial({ whole }: Manifest): string | undefined {
  return whole ? undefined : "it holds some tablespaces only";
}

/** A file that nobody wrote is recovered from where the others begin, whatever its own checkpoint: no redo is for it. */
function filesOf({ datafiles, scns, absent }: Manifest): readonly SourceFile[] {
  const neededFrom = toScn(scns.neededFrom);
  const usableFrom = toScn(scns.minimumRecovery);
  const copied = datafiles.map((file): SourceFile => {
    const checkpointScn = file.mode === "backup-mode" ? toScn(file.checkpointScn) : neededFrom;
    return { file: file.file, creationScn: toScn(file.creationScn), checkpointScn, usableFrom };
  });
  // Made from redo, from its creation on (rule 55).
  const created = absent
    .filter((file) => file.why === "created-later")
    .map((file): SourceFile => {
      const creationScn = toScn(file.creationScn);
      return { file: file.file, creationScn, checkpointScn: creationScn, usableFrom };
    });
  return [...copied, ...created];
}

function closedFiles(manifest: Extract<Manifest, { readonly kind: "cold" }>): readonly SourceFile[] {
  const closedAt = toScn(manifest.cold.checkpointScn);
  return [...manifest.datafiles, ...manifest.kept].map((file) => ({
    file: file.file,
    creationScn: toScn(file.creationScn),
    checkpointScn: closedAt,
    usableFrom: closedAt,
  }));
}

function toScn(text: string): Scn {
  return scn(BigInt(text));
}
