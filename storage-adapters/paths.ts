import type { FilePath } from "../src/domain/names.ts";
import { UmbraError } from "../src/errors/umbra-error.ts";
import { type CommandSetting, type Commands, portions } from "./commands.ts";

export interface PathFacts {
  /** Without symbolic links. */
  readonly path: FilePath;
  readonly mountPoint: FilePath;
  /** 256 is the top of a btrfs subvolume. */
  readonly inode: string;
  /** As the kernel numbers file systems; not the same after a reboot. */
  readonly device: string;
  /** `xfs`, `btrfs`, `ext2/ext3`, `fuseblk`. */
  readonly fileSystem: string;
}

/** What the kernel says of paths, in their order; three programs for hundreds of them. UMB-6302 where nothing is there. */
export async function factsOfPaths(
  setting: CommandSetting,
  commands: Commands,
  paths: readonly string[],
): Promise<readonly PathFacts[]> {
  const facts: PathFacts[] = [];
  for (const portion of portions(paths)) {
    const real = await realPaths(setting, commands, portion);
    const places = fieldsOf(
      await commands.output(["stat", "--printf", String.raw`%m\0%i\0%d\0`, "--", ...real]),
    );
    const kinds = fieldsOf(
      await commands.output(["stat", "-f", "--printf", String.raw`%T\0`, "--", ...real]),
    );
    for (const [index, path] of real.entries()) {
      const [mountPoint = "", inode = "", device = ""] = places.slice(index * 3, index * 3 + 3);
      const where = { path: path as FilePath, mountPoint: mountPoint as FilePath };
      facts.push({ ...where, inode, device, fileSystem: kinds[index] ?? "" });
    }
  }
  return facts;
}

async function realPaths(
  { storage }: CommandSetting,
  commands: Commands,
  paths: readonly string[],
): Promise<readonly string[]> {
  const all = await commands.attempt(["readlink", "-ez", "--", ...paths]);
  if (all.status === 0) return fieldsOf(all.stdout.toString());
  for (const path of paths) {
    if ((await commands.attempt(["readlink", "-ez", "--", path])).status === 0) continue;
    throw new UmbraError("UMB-6302", { storage, path });
  }
  throw new UmbraError("UMB-6302", { storage, path: paths.join(", ") });
}

/** Each field ends with NUL, which no path can hold. */
function fieldsOf(text: string): readonly string[] {
  return text.split("\0").slice(0, -1);
}

/** `path` below `top`, without a slash at its begin. */
export function insideOf(top: string, path: string): string {
  return path.slice(top === "/" ? 1 : top.length + 1);
}

/** `name` in the directory `top`, which may be `/`. */
export function below(top: string, name: string): FilePath {
  return `${top === "/" ? "" : top}/${name}` as FilePath;
}
