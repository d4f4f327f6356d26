import { createHash } from "node:crypto";

import { instant, parseUtc } from "../domain/instant.ts";
import type { CatalogEntry } from "../domain/journal.ts";
import type { Manifest } from "../domain/manifest.ts";
import type { DatabaseName, FilePath } from "../domain/names.ts";

/** Copies that were shorter say nothing of the rate of long ones. */
const LEAST_COPY_SECONDS = 1;

/** The catalog's row for a backup, all of it from the manifest and its text. */
export function catalogEntry(manifest: Manifest, text: string, directory: FilePath): CatalogEntry {
  const { datafiles, logs, identity, scns } = manifest;
  return {
    id: manifest.backup,
    database: manifest.database as DatabaseName,
    kind: manifest.kind,
    directory,
    manifestSha256: sha256(text),
    finishedAt: parseUtc(manifest.finishedAt) ?? instant(0),
    dbid: identity.dbid,
    resetlogsScn: identity.resetlogsScn,
    neededFromScn: scns.neededFrom,
    minimumRecoveryScn: scns.minimumRecovery,
    recoverableToScn: scns.recoverableTo,
    files: datafiles.length + keptFiles(manifest),
    bytes: [...datafiles, ...logs].reduce((sum, file) => sum + file.bytes, 0),
    ...dirtyOf(manifest),
    ...coldOf(manifest),
    ...snapshotTimeOf(manifest),
    ...(manifest.whole ? {} : { onlyTablespaces: tablespacesOf(manifest) }),
  };
}

/** Files whose copies lie in earlier backups belong to this one too (rule 30). */
function keptFiles(manifest: Manifest): number {
  return manifest.kind === "cold" ? manifest.kept.length : 0;
}

function dirtyOf(manifest: Manifest): Pick<CatalogEntry, "dirty"> {
  return manifest.kind === "refreshed" && manifest.dirty.length > 0 ? { dirty: manifest.dirty.length } : {};
}

/** Only in mode plain all is copied while the database is down. */
function coldOf(manifest: Manifest): Pick<CatalogEntry, "cold"> {
  if (manifest.kind !== "cold") return {};
  const { mode, downtimeSeconds, copiedBytes, copySeconds } = manifest.cold;
  const isRate = mode === "plain" && copySeconds >= LEAST_COPY_SECONDS;
  const rate = isRate ? { bytesPerSecond: copiedBytes / copySeconds } : {};
  return { cold: { mode, downtimeMs: downtimeSeconds * 1000, ...rate } };
}

function snapshotTimeOf(manifest: Manifest): Pick<CatalogEntry, "snapshotTime"> {
  if (manifest.kind !== "snapshot" || manifest.snapshotTime === undefined) return {};
  return { snapshotTime: manifest.snapshotTime.local };
}

function tablespacesOf({ datafiles }: Manifest): readonly string[] {
  return [...new Set([...datafiles].map(({ container, tablespace }) => `${container}:${tablespace}`))];
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
