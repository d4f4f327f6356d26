import type { Manifest } from "../../domain/manifest.ts";
import { manifestText } from "../../state/manifest-json.ts";
import { catalogEntry, sha256 } from "../catalog-entry.ts";
import { composeManifest } from "../compose-manifest.ts";
import { notesFor, notesPath } from "../restore-notes-file.ts";
import type { Handler } from "../step-context.ts";

/** From here on the directory is a backup; of a live area: a clean one, which the catalog knows at once. */
export const writeManifest: Handler<"write-manifest"> = async ({ path }, context) => {
  const { world, plan, results, hosts } = context;
  const composed = composeManifest(context);
  const notes = notesFor(composed);
  const manifest: Manifest = { ...composed, restoreNotes: notes.file };
  const text = manifestText(manifest);
  await world.backupHost.writeAtomically(notesPath(plan.directory), notes.text, hosts);
  await world.backupHost.writeAtomically(path, text, hosts);
  results.written = { manifest, text };
  if (manifest.kind === "refreshed") {
    await world.state.catalog.renew(catalogEntry(manifest, text, plan.directory));
  }
  return { sha256: sha256(text) };
};
