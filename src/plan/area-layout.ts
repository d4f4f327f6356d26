import type { FilePath } from "../domain/names.ts";
import type { BackupLayout } from "../domain/plan.ts";
import { type Scn, scn } from "../domain/scn.ts";
import { below, layoutBelow } from "./backup-layout.ts";

/** Directory of the live area below a backup area. */
const LIVE_FOLDER = "live";
/** Beside the live area, so that no snapshot of it holds them. */
const HASHES_FOLDER = "hashes";
/** Beside the live area too: level 1 backups between their making and their merge. */
const LEVEL_ONES_FOLDER = "level1";
const LIVE_MARKER = "umbra-live";

export function areaLayout(backupArea: FilePath): BackupLayout {
  const directory = below(backupArea, LIVE_FOLDER);
  return { ...layoutBelow(directory), marker: below(directory, LIVE_MARKER) };
}

/** Where the hashes of a copy are kept. */
export function areaHashes(backupArea: FilePath): FilePath {
  return below(backupArea, HASHES_FOLDER);
}

/** Where RMAN puts level 1 backups until they are merged. */
export function areaLevelOnes(backupArea: FilePath): FilePath {
  return below(backupArea, LEVEL_ONES_FOLDER);
}

/** The identity in the name of a copy, as `copyName` made it; undefined for every other name. */
export function identityInName(
  name: string,
): { readonly file: number; readonly creationScn: Scn } | undefined {
  const match = /^(\d{1,6})_(\d{1,20})_./.exec(name);
  return match === null ? undefined : { file: Number(match[1]), creationScn: scn(BigInt(match[2] ?? 0)) };
}
