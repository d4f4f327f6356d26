import type { FilePath } from "../../src/domain/names.ts";
import type { VolumeId } from "../../src/domain/snapshot.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import type { Located } from "../contract.ts";
import type { CommandSetting } from "../commands.ts";
import { factsOfPaths, insideOf } from "../paths.ts";
import type { Zfs } from "./zfs.ts";

/** Where a dataset is mounted now; undefined where it is not. Its property would only say where it should be. */
export async function mountPointOf(zfs: Zfs, volume: VolumeId): Promise<FilePath | undefined> {
  for (const line of (await zfs.commands.output(["cat", "/proc/self/mounts"])).split("\n")) {
    const [source = "", path = "", kind = ""] = line.split(" ").map(unescaped);
    if (source === volume && (kind === "zfs" || kind === "fuse.zfs")) return path as FilePath;
  }
  return undefined;
}

/** Space, tab, line's end and backslash stand there as `\040`. */
function unescaped(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCodePoint(Number.parseInt(octal, 8)),
  );
}

export async function locate(
  setting: CommandSetting,
  zfs: Zfs,
  paths: readonly FilePath[],
): Promise<readonly Located[]> {
  const facts = await factsOfPaths(setting, zfs.commands, paths);
  const datasets = new Map<FilePath, string>();
  for (const mountPoint of new Set(facts.map((one) => one.mountPoint))) {
    const df = await zfs.commands.output(["df", "--output=source", "--", mountPoint]);
    datasets.set(mountPoint, df.split("\n")[1] ?? "");
  }
  const known = new Set<string>();
  for (const dataset of new Set(datasets.values())) {
    // Devices of other file systems begin with a slash, and those in memory are no dataset.
    const type = await zfs.attempt(["get", "-H", "-o", "value", "type", dataset]);
    if (type.status === 0 && type.stdout.toString().trim() === "filesystem") known.add(dataset);
  }
  return facts.map(({ path, mountPoint, fileSystem }) => {
    const dataset = datasets.get(mountPoint) ?? "";
    if (!known.has(dataset)) {
      const seen = `its file system is ${fileSystem}, mounted from ${dataset}`;
      throw new UmbraError("UMB-6301", { storage: setting.storage, path, seen });
    }
    const volume = { id: dataset as VolumeId, mountPoint };
    return { volume, path, inside: insideOf(mountPoint, path) };
  });
}
