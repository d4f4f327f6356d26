import type { Manifest, ManifestFile } from "../domain/manifest.ts";
import type { FilePath } from "../domain/names.ts";
import { below, NOTES_NAME } from "../plan/backup-layout.ts";
import { restoreNotesText } from "../plan/restore-notes.ts";
import { sha256 } from "./catalog-entry.ts";

/** The notes that belong to a manifest, and how it lists them. They do not depend on what it says of them. */
export function notesFor(manifest: Manifest): { readonly text: string; readonly file: ManifestFile } {
  const text = restoreNotesText(manifest);
  return { text, file: { name: NOTES_NAME, bytes: Buffer.byteLength(text), sha256: sha256(text) } };
}

export function notesPath(directory: FilePath): FilePath {
  return below(directory, NOTES_NAME);
}
