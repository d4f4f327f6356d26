import { createHash } from "node:crypto";

import { manifestText } from "../../state/manifest-json.ts";
import { composeManifest } from "../compose-manifest.ts";
import type { Handler } from "../step-context.ts";

/** The last effect of a run: from here on the directory is a backup. */
export const writeManifest: Handler<"write-manifest"> = async ({ path }, context) => {
  const text = manifestText(composeManifest(context));
  const sha256 = createHash("sha256").update(text).digest("hex");
  await context.world.backupHost.writeAtomically(path, text, context.hosts);
  context.results.manifestSha256 = sha256;
  return { sha256 };
};
