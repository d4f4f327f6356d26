import type { RedoLog, RestoreSource, SourceFile } from "../domain/coverage.ts";
import type { Manifest } from "../domain/manifest.ts";
import { type Scn, scn } from "../domain/scn.ts";

/**
 * What a backup gives to restores. `problem`: why its copies cannot be used, where somebody found that out. `id`: that of
 * a snapshot, whose manifest is that of the live area as it was then.
 */
export function sourceOfManifest(
  manifest: Manifest,
  problem?: string,
  id: string = manifest.backup,
): RestoreSource {
  const unusable = problem ?? dirty(manifest) ?? partial(manifest);
  return {
    id,
    incarnation: manifest.identity.resetlogsId,
    files: sourceFiles(manifest),
    ...(manifest.kind === "cold" ? { closedAt: toScn(manifest.cold.checkpointScn) } : {}),
    ...(unusable === undefined ? {} : { unusable }),
  };
}

/** The archived logs that lie in a backup. */
export function logsOfManifest(
  { backup, logs }: Pick<Manifest, "backup" | "logs">,
  id: string = backup,
): readonly RedoLog[] {
  return logs.map((log) => ({
    incarnation: log.resetlogsId,
    thread: log.thread,
    sequence: log.sequence,
    firstScn: toScn(log.firstScn),
    nextScn: toScn(log.nextScn),
    places: [id],
  }));
}

/** Copies that are being rewritten, or were left so, are mixtures of two states (rule 70). */
function dirty(manifest: Manifest): string | undefined {
  if (manifest.kind !== "refreshed" || manifest.dirty.length === 0) return undefined;
  const files = manifest.dirty.map((one) => one.file).join(", ");
  return `the copies of datafile ${files} are being rewritten, or were left so by ${manifest.dirty[0]?.run ?? ""}`;
}

function sourceFiles(manifest: Manifest): readonly SourceFile[] {
  switch (manifest.kind) {
    case "cold":
      return closedFiles(manifest);
    case "hot":
    case "snapshot":
      return filesOf(manifest);
    case "refreshed":
      return refreshedFiles(manifest);
  }
}

/** Each copy has SCNs of its own (rule 83). */
function refreshedFiles({
  datafiles,
  absent,
  scns,
}: Extract<Manifest, { readonly kind: "refreshed" }>): readonly SourceFile[] {
  const copied = datafiles.map((one) => ({
    file: one.file,
    creationScn: toScn(one.creationScn),
    checkpointScn: toScn(one.recoverFrom),
    usableFrom: toScn(one.usableFrom),
  }));
  return [...copied, ...createdLater(absent, toScn(scns.minimumRecovery))];
}

function partial({ whole }: Manifest): string | undefined {
  return whole ? undefined : "it holds some tablespaces only";
}

/** A file that nobody wrote is recovered from where the others begin, whatever its own checkpoint: no redo is for it. */
function filesOf({
  datafiles,
  scns,
  absent,
}: Extract<Manifest, { readonly kind: "hot" | "snapshot" }>): readonly SourceFile[] {
  const neededFrom = toScn(scns.neededFrom);
  const usableFrom = toScn(scns.minimumRecovery);
  const copied = datafiles.map((file): SourceFile => {
    const checkpointScn = file.mode === "consistent" ? neededFrom : toScn(file.checkpointScn);
    return { file: file.file, creationScn: toScn(file.creationScn), checkpointScn, usableFrom };
  });
  return [...copied, ...createdLater(absent, usableFrom)];
}

/** Made from redo, from its creation on (rule 55). */
function createdLater(absent: Manifest["absent"], usableFrom: Scn): readonly SourceFile[] {
  return absent
    .filter((file) => file.why === "created-later")
    .map((file): SourceFile => {
      const creationScn = toScn(file.creationScn);
      return { file: file.file, creationScn, checkpointScn: creationScn, usableFrom };
    });
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
