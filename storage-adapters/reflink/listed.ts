import { instant } from "../../src/domain/instant.ts";
import type { Snapshot, SnapshotName, VolumeId } from "../../src/domain/snapshot.ts";
import type { Commands } from "../commands.ts";
import { readTagFiles } from "../tag-files.ts";
import type { VolumePlace } from "./place.ts";

const wanted = ["-type", "d", "-not", "-name", ".*"];
const fieldsOfOne = String.raw`%f\0%T@\0%i\0`;

/** Snapshots in a volume's directory, or those of the given names among them. Two programs, however many there are. */
export async function listedSnapshots(
  commands: Commands,
  volume: VolumeId,
  { directory }: VolumePlace,
  names?: readonly string[],
): Promise<readonly Snapshot[]> {
  const starts = names === undefined ? [directory] : names.map((name) => `${directory}/${name}`);
  const depth = names === undefined ? "1" : "0";
  // What is not there is no failure: nothing was ever kept, or it is gone.
  const { stdout } = await commands.attempt(
    ["find", starts, "-mindepth", depth, "-maxdepth", depth, wanted, "-printf", fieldsOfOne].flat(),
  );
  const fields = stdout.toString().split("\0");
  const found = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [name = "", seconds = "", inode = ""] = fields.slice(at, at + 3);
    found.push({ name, seconds, inode });
  }
  const sidecar = (name: string): string => `${directory}/${name}/umbra.json`;
  const tags = await readTagFiles(
    commands,
    found.map(({ name }) => sidecar(name)),
  );
  return found.map(({ name, seconds, inode }) => {
    const tag = tags.get(sidecar(name));
    return {
      volume,
      name: name as SnapshotName,
      // An inode's number comes back, together with the time it does not.
      id: `${inode}@${seconds}`,
      createdAt: instant(Math.floor(Number(seconds) * 1000)),
      ...(tag === undefined ? {} : { tag }),
      heldBy: [],
    };
  });
}
