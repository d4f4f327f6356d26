import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { FilePath } from "../src/domain/names.ts";
import { changeBlocks, writeDatafile } from "./datafile.ts";
import { command } from "./measure.ts";
import type { RefreshOnce } from "./refresh-once.ts";

/** Room for the copy, for what changes, and for the file system's own. */
const ROOM = 3;
const LEAST_BYTES = 512 * 1_048_576;

/**
 * What a btrfs snapshot keeps after a refresh that compares, against the changed bytes. undefined where btrfs cannot be
 * mounted: that needs root.
 */
export async function snapshotGrowthRatio(
  folder: string,
  script: string,
  size: number,
  share: number,
): Promise<number | undefined> {
  const image = join(folder, "btrfs.img");
  const mount = join(folder, "btrfs");
  mkdirSync(mount);
  writeFileSync(image, "");
  truncateSync(image, Math.max(LEAST_BYTES, ROOM * size));
  if (!succeeds(["mkfs.btrfs", "-q", image]) || !succeeds(["mount", "-o", "loop", image, mount]))
    return undefined;
  try {
    const source = join(folder, "growing.dbf") as FilePath;
    const { blocks } = await writeDatafile(source, size);
    command(["btrfs", "subvolume", "create", join(mount, "area")]);
    const target = join(mount, "area", "users01.dbf") as FilePath;
    copyFileSync(source, target);
    command(["sync", target]);
    command(["btrfs", "subvolume", "snapshot", "-r", join(mount, "area"), join(mount, "before")]);
    const before = usedOf(mount);
    const changed = await changeBlocks(source, blocks, share);
    const request: RefreshOnce = { source, target, changes: { by: "compare" } };
    const asked = join(folder, "requests.json");
    writeFileSync(asked, JSON.stringify([request]));
    command([process.execPath, script, asked]);
    return (usedOf(mount) - before) / changed.reduce((sum, { bytes }) => sum + bytes, 0);
  } finally {
    command(["umount", mount]);
  }
}

function succeeds([program = "", ...args]: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

/** Bytes of data and metadata, each counted once. */
function usedOf(mount: string): number {
  command(["btrfs", "filesystem", "sync", mount]);
  const table = command(["btrfs", "filesystem", "df", "--raw", mount]);
  const used = [...table.matchAll(/^(?:Data|Metadata),.*used=(\d+)$/gm)];
  return used.reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}
