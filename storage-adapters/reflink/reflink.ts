import type { FilePath } from "../../src/domain/names.ts";
import { inOrderOfCreation, type OwnershipTag, type VolumeId } from "../../src/domain/snapshot.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import {
  type CommandSetting,
  type Commands,
  commandsFor,
  privilegedLine,
  type StorageHost,
} from "../commands.ts";
import type { CallLimits, CreateSnapshot, Located, StorageAdapter, VolumeFacts } from "../contract.ts";
import { checkedName, mustBelong } from "../ownership.ts";
import { factsOfPaths, insideOf } from "../paths.ts";
import { programsOver } from "../programs-over.ts";
import { spaceOf } from "../space.ts";
import { readTagFiles, writeTagFile } from "../tag-files.ts";
import { copyInto } from "./copy-into.ts";
import { placeOf, type SnapshotPlace, volumePlace } from "./place.ts";
import { type ReflinkSettings } from "./settings.ts";
import { listedSnapshots } from "./listed.ts";

/**
 * Snapshots of single files by sharing their blocks (FICLONE: XFS, btrfs and others); where the file system cannot, plain
 * copies, and `describe` says so. The files must not change while they are taken.
 *
 * A snapshot is a directory: `umbra.json` with the tag and `files/` with the tree. It is made under another name
 * (`.new-NAME`) and renamed when it is whole and synced, and renamed (`.gone-NAME`) before it is removed: so a directory
 * with a snapshot's name is a whole snapshot, whenever umbra or the machine died.
 */
export async function openReflink(
  name: string,
  settings: ReflinkSettings,
  host: StorageHost,
  limits: CallLimits,
): Promise<StorageAdapter> {
  const setting: CommandSetting = { storage: name, host };
  const version = await commandsFor(setting, limits).output(["cp", "--version"]);
  const placed = (volume: VolumeId, snapshot: string): SnapshotPlace =>
    placeOf(volumePlace(volume, settings), checkedName(name, snapshot));
  const calls: ReflinkCalls = { setting, settings, placed };
  return {
    name,
    system: version.split("\n")[0] ?? "cp",
    locate: (paths, given) => locate(calls, paths, given),
    describe: (volume, given) => describe(calls, volume, given),
    createSnapshot: (request, given) => createSnapshot(calls, request, given),
    findSnapshot: async ({ volume, name: snapshot }, given) =>
      (
        await listedSnapshots(commandsFor(setting, given), volume, volumePlace(volume, settings), [
          checkedName(name, snapshot),
        ])
      ).at(0),
    listSnapshots: async (volume, given) =>
      inOrderOfCreation(
        await listedSnapshots(commandsFor(setting, given), volume, volumePlace(volume, settings)),
      ),
    deleteSnapshot: async ({ volume, name: snapshot, tag }, given) =>
      await removeSnapshot(setting, commandsFor(setting, given), placed(volume, snapshot), tag),
    showSnapshot: async ({ volume, name: snapshot, tag }, given) => {
      const place = placed(volume, snapshot);
      const found = await look(commandsFor(setting, given), place.whole);
      if (!found.there) throw new UmbraError("UMB-6306", { storage: name, what: `snapshot ${snapshot}` });
      mustBelong(name, `snapshot ${snapshot}`, found.tag, tag);
      return { root: place.root };
    },
    visibleAt: (volume) => Promise.resolve((snapshot) => ({ root: placed(volume, snapshot).root })),
    // The files are simply there; nothing is to be undone.
    hideSnapshot: () => Promise.resolve(),
    byHand: ({ volume, name: snapshot }, root) => ({
      make: [
        privilegedLine(setting, ["cp", "-aT", "--reflink=auto", "--", placed(volume, snapshot).root, root]),
        // The files of a snapshot are read-only.
        privilegedLine(setting, ["chmod", "-R", "u+w", "--", root]),
      ],
      undo: [privilegedLine(setting, ["rm", "-r", "--one-file-system", "--", root])],
    }),
    space: (volume, given) => spaceOf(setting, commandsFor(setting, given), volume),
  };
}

interface ReflinkCalls {
  readonly setting: CommandSetting;
  readonly settings: ReflinkSettings;
  readonly placed: (volume: VolumeId, snapshot: string) => SnapshotPlace;
}

async function locate(
  { setting, settings }: ReflinkCalls,
  paths: readonly FilePath[],
  limits: CallLimits,
): Promise<readonly Located[]> {
  const { storage } = setting;
  const { directory } = settings;
  const commands = commandsFor(setting, limits);
  const [kept] = directory === undefined ? [] : await factsOfPaths(setting, commands, [directory]);
  return (await factsOfPaths(setting, commands, paths)).map(({ path, mountPoint, device }) => {
    if (kept !== undefined && kept.device !== device) {
      const seen = `${kept.path}, where its snapshots are kept, is on another file system`;
      throw new UmbraError("UMB-6301", { storage, path, seen });
    }
    const id = mountPoint as string as VolumeId;
    return { volume: { id, mountPoint }, path, inside: insideOf(mountPoint, path) };
  });
}

/** Tries it: an XFS may be made without reflink, and the name of a file system says nothing. */
async function describe(
  { setting, settings }: ReflinkCalls,
  volume: VolumeId,
  limits: CallLimits,
): Promise<VolumeFacts> {
  const commands = commandsFor(setting, limits);
  const probe = await probeDirectory(commands, volumePlace(volume, settings).directory);
  try {
    await commands.output(["dd", `of=${probe}/a`, "conv=fsync", "status=none"], { input: "umbra\n" });
    const clone = await commands.attempt(["cp", "--reflink=always", "--", `${probe}/a`, `${probe}/b`]);
    const instant = clone.status === 0;
    const copied = "this file system cannot share blocks: each snapshot is a full copy, in time and in space";
    return {
      instant,
      atomic: false,
      remarks: [
        ...(instant ? [] : [copied]),
        "files of a snapshot are protected by their modes only, which do not stop root",
      ],
    };
  } finally {
    await commands.attempt(["rm", "-r", "--one-file-system", "--", probe]);
  }
}

/** Beside the directory for snapshots where that is not there yet: looking leaves nothing behind. */
async function probeDirectory(commands: Commands, directory: string): Promise<string> {
  const inside = await commands.attempt(["mktemp", "-d", "--", `${directory}/.probe-XXXXXXXX`]);
  if (inside.status === 0) return inside.stdout.toString().trimEnd();
  const beside = directory.slice(0, directory.lastIndexOf("/"));
  return (await commands.output(["mktemp", "-d", "--", `${beside}/.umbra-probe-XXXXXXXX`])).trimEnd();
}

async function createSnapshot(
  { setting, placed }: ReflinkCalls,
  request: CreateSnapshot,
  limits: CallLimits,
): Promise<void> {
  const { storage } = setting;
  const commands = commandsFor(setting, limits);
  const place = placed(request.volume, request.name);
  const what = `snapshot ${request.name}`;
  const isBegun = (await look(commands, place.unfinished)).there;
  const there = isBegun ? await lookLate(commands, place) : await look(commands, place.whole);
  if (there.there) mustBelong(storage, what, there.tag, request.tag);
  else {
    await clearUnfinished(setting, commands, place, request.tag);
    await commands.output(["mkdir", "-p", "-m", "700", "--", place.directory]);
    await commands.output(["mkdir", "-m", "700", "--", place.unfinished]);
    await writeTagFile(commands, `${place.unfinished}/umbra.json`, request.tag);
    await copyInto(setting, commands, place, request);
    await commands.output(["mv", "-T", "--", place.unfinished, place.whole]);
    await commands.output(["sync", "--", place.directory]);
  }
}

async function removeSnapshot(
  setting: CommandSetting,
  commands: Commands,
  place: SnapshotPlace,
  tag: OwnershipTag,
): Promise<void> {
  const seen = await look(commands, place.whole);
  const found = seen.there ? seen : await lookLate(commands, place);
  if (found.there) {
    mustBelong(setting.storage, `snapshot ${place.name}`, found.tag, tag);
    await removeGone(setting, commands, place, tag);
    await commands.output(["mv", "-T", "--", place.whole, place.gone]);
    await commands.output(["sync", "--", place.directory]);
  }
  await clearUnfinished(setting, commands, place, tag);
  await removeGone(setting, commands, place, tag);
}

/** When no program of an earlier call that got no answer is left: the last one gives a snapshot its name. */
async function lookLate(commands: Commands, place: SnapshotPlace): ReturnType<typeof look> {
  await programsOver(commands, [place.unfinished]);
  return await look(commands, place.whole);
}

/** What an interrupted creation left: it has the tag, or died before it had one and is empty. */
async function clearUnfinished(
  { storage }: CommandSetting,
  commands: Commands,
  place: SnapshotPlace,
  tag: OwnershipTag,
): Promise<void> {
  const left = await look(commands, place.unfinished);
  if (!left.there) return;
  if (left.tag !== undefined) {
    mustBelong(storage, place.unfinished, left.tag, tag);
    await removeTree(commands, place.unfinished);
    return;
  }
  await commands.attempt(["rm", "-f", "--", `${place.unfinished}/umbra.json`]);
  await commands.output(["rmdir", "--", place.unfinished]);
}

/** Its tag was read before it got this name, and may be gone already. */
async function removeGone(
  { storage }: CommandSetting,
  commands: Commands,
  { gone }: SnapshotPlace,
  tag: OwnershipTag,
): Promise<void> {
  const left = await look(commands, gone);
  if (left.tag !== undefined) mustBelong(storage, gone, left.tag, tag);
  if (left.there) await removeTree(commands, gone);
}

async function look(
  commands: Commands,
  directory: string,
): Promise<{ readonly there: boolean; readonly tag: OwnershipTag | undefined }> {
  const sidecar = `${directory}/umbra.json`;
  const tag = (await readTagFiles(commands, [sidecar])).get(sidecar);
  // A symbolic link is there as well, wherever it leads.
  const there = tag !== undefined || (await commands.attempt(["stat", "--", directory])).status === 0;
  return { there, tag };
}

/** The files are read-only, which keeps an ordinary user from emptying directories. */
async function removeTree(commands: Commands, directory: string): Promise<void> {
  await commands.output(["chmod", "-R", "u+w", "--", directory]);
  await commands.output(["rm", "-r", "--one-file-system", "--", directory]);
}
