import { readApplyLag } from "../discover/apply-lag.ts";
import { readOpenWork } from "../discover/open-work.ts";
import type { ColdLook } from "../domain/cold-look.ts";
import type { Facts } from "../domain/facts.ts";
import type { ColdBackupMode } from "../domain/fleet.ts";
import type { CatalogEntry } from "../domain/journal.ts";
import type { ColdManifest, Manifest, ManifestKeptFile } from "../domain/manifest.ts";
import { type FilePath, ROOT } from "../domain/names.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { below, layoutBelow } from "../plan/backup-layout.ts";
import { readManifest } from "./read-manifest.ts";
import { readSavedState } from "./saved-state.ts";
import { unreadableFiles } from "./unreadable-files.ts";
import type { World } from "./world.ts";

/** Reads what a cold backup must know beside the facts. Changes nothing. */
export async function lookForCold(world: World, facts: Facts, mode: ColdBackupMode): Promise<ColdLook> {
  const { database, connector, signal } = world;
  const { connectMs, statementMs } = database.deadlines;
  const statement = { deadlineMs: statementMs, signal };
  await using db = await connector.connect({ deadlineMs: connectMs, signal, container: ROOT });
  const { saved } = await readSavedState(world, db, statement);
  const load = await readOpenWork(db, statement);
  const lag = saved.apply === undefined ? undefined : await readApplyLag(db, statement);
  const earlier = await earlierBackups(world);
  const rate = earlier.map(({ manifest }) => rateOf(manifest)).find((one) => one !== undefined);
  const noPicture = await whyNoPicture(world, facts, mode);
  return {
    saved,
    load,
    ...(lag === undefined ? {} : { applyLagSeconds: lag }),
    unreadable: await unreadableFiles(world, facts),
    refresh: world.databaseHost.forward !== undefined,
    control: world.instance !== undefined,
    ...(noPicture === undefined ? {} : { noPicture }),
    kept: await keptCopies(world, facts, earlier),
    ...(rate === undefined ? {} : { measuredRate: rate }),
  };
}

/** The storage is asked by trying, so it is only asked where the answer counts. */
async function whyNoPicture(
  { picture, database, signal }: World,
  facts: Facts,
  mode: ColdBackupMode,
): Promise<string | undefined> {
  if (mode !== "auto" && mode !== "snapshot") return "it was not asked for";
  if (picture === undefined) return "no storage with snapshots or reflinks is configured for them";
  const files = facts.datafiles.map((file) => file.path);
  return await picture.whyNot(files, { deadlineMs: database.deadlines.statementMs, signal });
}

interface Earlier {
  readonly entry: CatalogEntry;
  readonly manifest: Manifest;
}

/** Newest first. A manifest that cannot be read stands for nothing. */
async function earlierBackups(world: World): Promise<readonly Earlier[]> {
  const found: Earlier[] = [];
  for (const entry of await world.state.catalog.list(world.database.name)) {
    try {
      const read = await readManifest(world, layoutBelow(entry.directory).manifest);
      if (read?.ok === true) found.push({ entry, manifest: read.manifest });
    } catch (error) {
      if (!isUmbraError(error) || world.signal.aborted) throw error;
    }
  }
  return found;
}

function rateOf(manifest: Manifest): number | undefined {
  if (manifest.kind !== "cold" || manifest.cold.mode !== "plain" || manifest.cold.copySeconds < 1)
    return undefined;
  return manifest.cold.copiedBytes / manifest.cold.copySeconds;
}

/**
 * Copies of files that are read only now, in backups that were verified as a whole (rule 30). What such a backup took
 * over from one before it is named by where it lies, so that no chain of backups comes about.
 */
async function keptCopies(
  world: World,
  { datafiles, identity }: Facts,
  earlier: readonly Earlier[],
): Promise<readonly ManifestKeptFile[]> {
  const wanted = new Set(datafiles.filter((file) => file.enabled === "READ ONLY").map((file) => file.file));
  if (wanted.size === 0) return [];
  const kept = new Map<string, ManifestKeptFile>();
  for (const { entry, manifest } of earlier) {
    if (entry.verdict !== "good" || manifest.identity.dbid !== identity.dbid) continue;
    for (const copy of copiesIn(world, entry, manifest)) {
      const key = `${copy.file}/${copy.creationScn}/${copy.checkpointScn}`;
      if (!wanted.has(copy.file) || kept.has(key) || !isProven(copy)) continue;
      if (await isThere(world, copy)) kept.set(key, copy);
    }
  }
  return [...kept.values()];
}

function copiesIn(world: World, entry: CatalogEntry, manifest: Manifest): readonly ManifestKeptFile[] {
  // Copies of the live area change with every refresh: nothing may rest on them.
  if (manifest.kind === "refreshed") return [];
  const own = entry.directory.startsWith(`${world.database.backupArea}/`)
    ? manifest.datafiles.map((file) => ({
        ...file,
        backup: manifest.backup,
        directory: entry.directory.slice(world.database.backupArea.length + 1),
      }))
    : [];
  return [...own, ...keptBy(manifest)];
}

function keptBy(manifest: Manifest): ColdManifest["kept"] {
  return manifest.kind === "cold" ? manifest.kept : [];
}

function isProven(copy: ManifestKeptFile): boolean {
  return copy.mode === "consistent" && !copy.needsRecovery && !copy.hotBackup;
}

async function isThere(world: World, copy: ManifestKeptFile): Promise<boolean> {
  const options = { deadlineMs: world.database.deadlines.statementMs, signal: world.signal };
  const path: FilePath = below(below(world.database.backupArea, copy.directory), copy.name);
  return (await world.backupHost.stat(path, options))?.bytes === copy.bytes;
}
