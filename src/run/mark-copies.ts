import { formatUtc } from "../domain/instant.ts";
import type { DirtyCopy, RefreshedManifest } from "../domain/manifest.ts";
import { formatScn } from "../domain/scn.ts";
import type { FileIdentity } from "../domain/step.ts";
import { manifestText } from "../state/manifest-json.ts";
import { catalogEntry } from "./catalog-entry.ts";
import type { StepContext } from "./step-context.ts";

/**
 * Writes into the manifest of the area, durably, that these copies are being rewritten: whoever takes a snapshot from now
 * on can know that it is of no use. What else the manifest says stays. Nothing to do where it does not name them.
 */
export async function markCopies(files: readonly FileIdentity[], context: StepContext): Promise<number> {
  const { world, plan, results, hosts } = context;
  const before = manifestNow(context);
  if (before === undefined) return 0;
  const marked = new Set(before.dirty.map(keyOf));
  const listed = new Set(before.datafiles.map(keyOf));
  const since = formatUtc(world.clock.now());
  const added = files
    .map((one): DirtyCopy => {
      return { file: one.file, creationScn: formatScn(one.creationScn), run: plan.run, since };
    })
    .filter((one) => listed.has(keyOf(one)) && !marked.has(keyOf(one)));
  if (added.length === 0) return 0;
  const manifest: RefreshedManifest = { ...before, run: plan.run, dirty: [...before.dirty, ...added] };
  const text = manifestText(manifest);
  await world.backupHost.writeAtomically(plan.layout.manifest, text, hosts);
  results.area.marked = manifest;
  await world.state.catalog.renew(catalogEntry(manifest, text, plan.directory));
  return added.length;
}

function manifestNow({ plan, results }: StepContext): RefreshedManifest | undefined {
  if (results.area.marked !== undefined) return results.area.marked;
  return plan.kind === "baseline" || plan.kind === "refresh" ? plan.previous : undefined;
}

function keyOf({ file, creationScn }: { readonly file: number; readonly creationScn: string }): string {
  return `${file}/${creationScn}`;
}
