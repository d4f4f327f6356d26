import type { Facts } from "../domain/facts.ts";
import type { CatalogEntry } from "../domain/journal.ts";
import type { Manifest, ManifestKeptFile } from "../domain/manifest.ts";
import type { FilePath } from "../domain/names.ts";
import { formatScn } from "../domain/scn.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { below, layoutBelow } from "../plan/backup-layout.ts";
import { restCheckpoint } from "../plan/rest-checkpoint.ts";
import { readManifest } from "./read-manifest.ts";
import type { World } from "./world.ts";

/**
 * Copies of files that are read only now, unchanged, in backups that were verified as a whole (rule 30). What such a
 * backup took over from one before it is named by where it lies, so that no chain of backups comes about.
 */
export async function keptCopies(
  world: World,
  { datafiles, identity }: Facts,
  earlier: readonly CatalogEntry[],
): Promise<readonly ManifestKeptFile[]> {
  const files = datafiles.filter((file) => file.enabled === "READ ONLY");
  const wanted = new Set(
    files.map((file) => keyOf(file.file, formatScn(file.creationScn), formatScn(restCheckpoint(file)))),
  );
  const kept: ManifestKeptFile[] = [];
  for (const entry of earlier) {
    if (wanted.size === 0) break;
    const manifest = entry.verdict === "good" ? await manifestOf(world, entry) : undefined;
    if (manifest === undefined || manifest.identity.dbid !== identity.dbid) continue;
    for (const copy of copiesIn(world, entry, manifest)) {
      const key = keyOf(copy.file, copy.creationScn, copy.checkpointScn);
      if (!wanted.has(key) || !isProven(copy) || !(await isThere(world, copy))) continue;
      kept.push(copy);
      wanted.delete(key);
    }
  }
  return kept;
}

/** One that cannot be read stands for nothing. */
async function manifestOf(world: World, entry: CatalogEntry): Promise<Manifest | undefined> {
  try {
    const read = await readManifest(world, layoutBelow(entry.directory).manifest);
    return read?.ok === true ? read.manifest : undefined;
  } catch (error) {
    if (!isUmbraError(error) || world.signal.aborted) throw error;
    return undefined;
  }
}

function keyOf(file: number, creationScn: string, checkpointScn: string): string {
  return `${file}/${creationScn}/${checkpointScn}`;
}

function copiesIn(world: World, entry: CatalogEntry, manifest: Manifest): readonly ManifestKeptFile[] {
  // Copies of the live area change with every refresh: nothing may rest on them.
  // Those in snapshots go with them, and are on the database's own storage.
  if (manifest.kind === "refreshed" || manifest.kind === "snapshot") return [];
  const area = `${world.database.backupArea}/`;
  const directory = entry.directory.slice(area.length);
  const own = entry.directory.startsWith(area)
    ? manifest.datafiles.map((file) => ({ ...file, backup: manifest.backup, directory }))
    : [];
  return manifest.kind === "cold" ? [...own, ...manifest.kept] : own;
}

function isProven(copy: ManifestKeptFile): boolean {
  return copy.mode === "consistent" && !copy.needsRecovery && !copy.hotBackup;
}

async function isThere(world: World, copy: ManifestKeptFile): Promise<boolean> {
  const options = { deadlineMs: world.database.deadlines.statementMs, signal: world.signal };
  const path: FilePath = below(below(world.database.backupArea, copy.directory), copy.name);
  return (await world.backupHost.stat(path, options))?.bytes === copy.bytes;
}
