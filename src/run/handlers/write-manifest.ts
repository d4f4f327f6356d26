import { manifestText } from "../../state/manifest-json.ts";
import { sha256 } from "../catalog-entry.ts";
import { composeManifest } from "../compose-manifest.ts";
import type { Handler } from "../step-context.ts";

/** The last effect of a run: from here on the directory is a backup. */
export const writeManifest: Handler<"write-manifest"> = async ({ path }, context) => {
  const manifest = composeManifest(context);
  const text = manifestText(manifest);
  await context.world.backupHost.writeAtomically(path, text, context.hosts);
  context.results.written = { manifest, text };
  return { sha256: sha256(text) };
};
