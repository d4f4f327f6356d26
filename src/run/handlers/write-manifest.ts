import { restoreNotes } from "../../plan/area-layout.ts";
import { restoreNotesText } from "../../plan/restore-notes.ts";
import { manifestText } from "../../state/manifest-json.ts";
import { catalogEntry, sha256 } from "../catalog-entry.ts";
import { composeManifest } from "../compose-manifest.ts";
import type { Handler } from "../step-context.ts";

/** From here on the directory is a backup; of a live area: a clean one, which the catalog knows at once. */
export const writeManifest: Handler<"write-manifest"> = async ({ path }, context) => {
  const { world, plan, results, hosts } = context;
  const manifest = composeManifest(context);
  const text = manifestText(manifest);
  if (manifest.kind === "refreshed") {
    const notes = restoreNotesText(manifest);
    await world.backupHost.writeAtomically(restoreNotes(plan.directory), notes, hosts);
  }
  await world.backupHost.writeAtomically(path, text, hosts);
  results.written = { manifest, text };
  if (manifest.kind === "refreshed") {
    await world.state.catalog.renew(catalogEntry(manifest, text, plan.directory));
  }
  return { sha256: sha256(text) };
};
