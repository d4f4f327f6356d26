import type { FilePath } from "../../src/domain/names.ts";
import type { VolumeId } from "../../src/domain/snapshot.ts";
import { below } from "../paths.ts";
import type { ReflinkSettings } from "./settings.ts";

/** Where the snapshots of a volume are. */
export interface VolumePlace {
  readonly mountPoint: string;
  readonly directory: string;
}

export interface SnapshotPlace extends VolumePlace {
  readonly name: string;
  readonly whole: string;
  readonly unfinished: string;
  readonly gone: string;
  /** In the whole snapshot, what stands for the mount point. */
  readonly root: FilePath;
}

/** A volume's id is its mount point: device numbers change with each boot. */
export function volumePlace(volume: VolumeId, settings: ReflinkSettings): VolumePlace {
  return { mountPoint: volume, directory: settings.directory ?? below(volume, ".umbra-snapshots") };
}

export function placeOf(place: VolumePlace, name: string): SnapshotPlace {
  const { directory } = place;
  const whole = `${directory}/${name}`;
  return {
    ...place,
    name,
    whole,
    unfinished: `${directory}/.new-${name}`,
    gone: `${directory}/.gone-${name}`,
    root: `${whole}/files` as FilePath,
  };
}
