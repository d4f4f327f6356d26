import type { FilePath } from "../../src/domain/names.ts";
import {
  type OwnershipTag,
  parseSnapshotName,
  type SnapshotName,
  type VolumeId,
} from "../../src/domain/snapshot.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import { type CommandSetting, type Commands, failed, privileged } from "../commands.ts";
import type { Clone, CloneRequest } from "../contract.ts";
import { checkedName, mustBelong } from "../ownership.ts";
import { below } from "../paths.ts";
import { programsOver } from "../programs-over.ts";
import { readTagFiles, writeTagFile } from "../tag-files.ts";
import { lookAt, snapshotPath } from "./snapshots.ts";

/*
 * A clone is the writable subvolume `.umbra-clones/CLONE@SNAPSHOT` in the volume, its tag the file `.tag-CLONE@SNAPSHOT`
 * beside it, written first and removed last. It shares blocks with its snapshot but does not need it.
 */

const DIRECTORY = ".umbra-clones";
const directoryOf = (volume: VolumeId): string => below(volume, DIRECTORY);
const cloneName = ({ clone, name }: CloneRequest): string => `${clone}@${name}`;

export async function createClone(
  setting: CommandSetting,
  commands: Commands,
  request: CloneRequest,
): Promise<Clone> {
  const { storage } = setting;
  const { volume, name, tag } = request;
  checkedName(storage, request.clone);
  const path = `${directoryOf(volume)}/${cloneName(request)}`;
  const there = await isThere(commands, path);
  const taken = (await listClones(commands, volume)).find((one) => one.name === request.clone);
  if (taken !== undefined) {
    mustBelong(storage, `clone ${request.clone}`, taken.snapshot.name === name ? taken.tag : undefined, tag);
    return taken;
  }
  const snapshot = await lookAt(setting, commands, { volume, name });
  if (snapshot === undefined) throw new UmbraError("UMB-6306", { storage, what: `snapshot ${name}` });
  if (snapshot.tag === undefined) mustBelong(storage, `snapshot ${name}`, undefined, tag);
  // btrfs would put the clone into a directory that is there already.
  if (there) mustBelong(storage, path, undefined, tag);
  await commands.output(["mkdir", "-p", "-m", "700", "--", directoryOf(volume)]);
  await writeTagFile(commands, tagPath(volume, cloneName(request)), tag);
  await btrfs(setting, commands, ["subvolume", "snapshot", "--", snapshotPath({ volume, name }), path]);
  return cloneOf(volume, cloneName(request), tag);
}

/** Clones with a tag. */
export async function listClones(commands: Commands, volume: VolumeId): Promise<readonly Clone[]> {
  const find = [
    "find",
    directoryOf(volume),
    "-mindepth",
    "1",
    "-maxdepth",
    "1",
    "-type",
    "d",
    "-inum",
    "256",
  ];
  const { stdout } = await commands.attempt([...find, "-printf", String.raw`%f\0`]);
  const names = stdout.toString().split("\0").slice(0, -1).toSorted();
  const tags = await readTagFiles(
    commands,
    names.map((name) => tagPath(volume, name)),
  );
  return names.flatMap((name) => {
    const tag = tags.get(tagPath(volume, name));
    const snapshot = name.slice(name.indexOf("@") + 1);
    return tag === undefined || parseSnapshotName(snapshot) === undefined ? [] : [cloneOf(volume, name, tag)];
  });
}

export async function dropClone(
  setting: CommandSetting,
  commands: Commands,
  request: CloneRequest,
): Promise<void> {
  const { volume, tag } = request;
  checkedName(setting.storage, request.clone);
  const path = `${directoryOf(volume)}/${cloneName(request)}`;
  const tagFile = tagPath(volume, cloneName(request));
  const there = await isThere(commands, path);
  const found = (await readTagFiles(commands, [tagFile])).get(tagFile);
  if (there) {
    mustBelong(setting.storage, `clone ${request.clone}`, found, tag);
    await btrfs(setting, commands, ["subvolume", "delete", "-c", "--", path]);
  }
  if (found !== undefined) await commands.output(["rm", "-f", "--", tagFile]);
}

/** Also what an earlier call made only now. */
async function isThere(commands: Commands, path: string): Promise<boolean> {
  await programsOver(commands, [path]);
  return (await commands.attempt(["stat", "--", path])).status === 0;
}

function cloneOf(volume: VolumeId, name: string, tag: OwnershipTag): Clone {
  const at = name.indexOf("@");
  return {
    name: name.slice(0, at),
    snapshot: { volume, name: name.slice(at + 1) as SnapshotName },
    root: `${directoryOf(volume)}/${name}` as FilePath,
    tag,
  };
}

function tagPath(volume: VolumeId, name: string): string {
  return `${directoryOf(volume)}/.tag-${name}`;
}

async function btrfs(setting: CommandSetting, commands: Commands, args: readonly string[]): Promise<void> {
  const argv = privileged(setting, ["btrfs", ...args]);
  const { status, said } = await commands.attempt(argv);
  if (status !== 0) throw failed(setting.storage, argv, status, said);
}
