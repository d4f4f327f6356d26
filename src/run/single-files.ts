import type { Manifest, ManifestFile } from "../domain/manifest.ts";

/** What a backup has one of, as far as it has it; the control file first. */
export function singleFiles(manifest: Manifest): readonly [ManifestFile, ...(readonly ManifestFile[])] {
  const { controlfile, controlfileScript, parameterText, spfile, passwordFile, restoreNotes } = manifest;
  const others = [controlfileScript, parameterText, spfile, passwordFile, restoreNotes];
  return [controlfile, ...others.filter((file) => file !== undefined)];
}
