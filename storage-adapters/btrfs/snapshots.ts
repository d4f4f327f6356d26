import {
  formatTag,
  inOrderOfCreation,
  sameTag,
  type Snapshot,
  type SnapshotName,
  type SnapshotRef,
  type VolumeId,
} from "../../src/domain/snapshot.ts";
import { quoted } from "../../src/domain/shell-word.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import { type CommandSetting, type Commands, failed, privileged } from "../commands.ts";
import type { CreateSnapshot, OwnedSnapshot } from "../contract.ts";
import { checkedName, mustBelong, tagIn } from "../ownership.ts";
import { below } from "../paths.ts";
import { programsOver } from "../programs-over.ts";
import { readTagFiles } from "../tag-files.ts";
import { parseListLine, parseShow } from "./subvolume.ts";

/*
 * A snapshot is the read-only subvolume `.umbra-snapshots/NAME` in the subvolume it was taken of. Its tag is a file of the
 * source, `.umbra-snapshots/.tag-NAME`, written before the snapshot is made: so it is inside the snapshot from the first
 * moment, and nobody can put it there afterwards. In the source it means nothing, and goes when the snapshot goes.
 */

const DIRECTORY = ".umbra-snapshots";

export function snapshotPath({ volume, name }: SnapshotRef): string {
  return below(volume, `${DIRECTORY}/${name}`);
}

function tagPath(top: string, name: string): string {
  return below(top, `${DIRECTORY}/.tag-${name}`);
}

/**
 * `$1` the subvolume, `$2` the snapshot's name, `$3` the tag. One shell, because each program that is started takes as
 * long as a good part of a snapshot, and backup mode may be waiting. A tag that is there is not written again: an earlier
 * call may just take it into the snapshot. Status 3: the name is taken.
 */
const create = (btrfs: string): string => `
snap=$1/${DIRECTORY}/$2 tag=${DIRECTORY}/.tag-$2 is=
[ ! -e "$snap" ] && [ ! -L "$snap" ] || exit 3
[ -d "$1/${DIRECTORY}" ] || mkdir -m 700 -- "$1/${DIRECTORY}" || exit 1
{ read -r is <"$1/$tag"; } 2>/dev/null
[ "$is" = "$3" ] || printf '%s\\n' "$3" >"$1/$tag" || exit 1
${btrfs} subvolume snapshot -r -- "$1" "$snap" >/dev/null || exit 1
[ -s "$snap/$tag" ]`;

/** Prints the tag inside the snapshot, an empty line, and what btrfs knows of it. Status 3: nothing is there. */
const look = (btrfs: string): string => `
snap=$1/${DIRECTORY}/$2
[ -e "$snap" ] || [ -L "$snap" ] || exit 3
{ read -r tag <"$snap/${DIRECTORY}/.tag-$2"; } 2>/dev/null || tag=
printf '%s\\n\\n' "$tag"
${btrfs} subvolume show -- "$snap"`;

export async function createSnapshot(
  setting: CommandSetting,
  commands: Commands,
  { volume, name, tag }: CreateSnapshot,
): Promise<void> {
  checkedName(setting.storage, name);
  const script = create(programOf(setting));
  // The shell's own name tells what it is at: see `programsOver`.
  const words = [snapshotPath({ volume, name }), sourceOf(volume), name, formatTag(tag)];
  const { status, said } = await commands.attempt(["sh", "-c", script, ...words]);
  if (status === 0) return;
  const found = await lookAt(setting, commands, { volume, name });
  // An earlier call that got no answer may have been first after all.
  const made = found?.tag !== undefined && sameTag(found.tag, tag);
  if (found === undefined || (status !== 3 && !made)) {
    throw failed(setting.storage, ["btrfs subvolume snapshot -r", volume, name], status, said);
  }
  mustBelong(setting.storage, `snapshot ${name}`, found.tag, tag);
}

/** undefined where there is none. */
export async function lookAt(
  setting: CommandSetting,
  commands: Commands,
  { volume, name }: SnapshotRef,
): Promise<Snapshot | undefined> {
  checkedName(setting.storage, name);
  const script = look(programOf(setting));
  const { status, stdout, said } = await commands.attempt([
    "sh",
    "-c",
    script,
    "umbra",
    sourceOf(volume),
    name,
  ]);
  if (status === 3) return undefined;
  if (status === 0) return seen(setting, { volume, name }, stdout.toString());
  // Something that is no subvolume has the name.
  if (/not a (btrfs )?subvolume/i.test(said)) return { volume, name, id: "", createdAt: NEVER, heldBy: [] };
  throw failed(setting.storage, ["btrfs subvolume show", snapshotPath({ volume, name })], status, said);
}

const NEVER = 0 as Snapshot["createdAt"];

export async function deleteSnapshot(
  setting: CommandSetting,
  commands: Commands,
  { volume, name, tag }: OwnedSnapshot,
): Promise<void> {
  const ref = { volume, name };
  const path = snapshotPath(ref);
  const found = (await lookAt(setting, commands, ref)) ?? (await foundLate(setting, commands, ref));
  if (found !== undefined) {
    mustBelong(setting.storage, `snapshot ${name}`, found.tag, tag);
    // -c: gone for good when it answers; the space comes back later.
    const argv = privileged(setting, ["btrfs", "subvolume", "delete", "-c", "--", path]);
    const { status, said } = await commands.attempt(argv);
    if (status !== 0 && (await lookAt(setting, commands, ref)) !== undefined) {
      throw failed(setting.storage, argv, status, said);
    }
  }
  await commands.attempt(["rm", "-f", "--", tagPath(volume, name)]);
}

async function foundLate(
  setting: CommandSetting,
  commands: Commands,
  ref: SnapshotRef,
): Promise<Snapshot | undefined> {
  await programsOver(commands, [snapshotPath(ref)]);
  return await lookAt(setting, commands, ref);
}

/** Snapshots in the volume's directory. Writable ones are not umbra's any more: somebody may have changed them. */
export async function listSnapshots(
  setting: CommandSetting,
  commands: Commands,
  volume: VolumeId,
): Promise<readonly Snapshot[]> {
  const btrfs = privileged(setting, ["btrfs", "subvolume", "list", "-o", "-s", "-c", "-u", "-q"]);
  const all = await subvolumesIn(setting, commands, [...btrfs, "--", volume]);
  const readOnly = await subvolumesIn(setting, commands, [...btrfs, "-r", "--", volume]);
  const sealed = new Set(readOnly.map(({ uuid }) => uuid));
  const found = all.flatMap((subvolume) => {
    const name = new RegExp(String.raw`(?:^|/)\.umbra-snapshots/([^/]+)$`).exec(subvolume.path)?.[1];
    return name === undefined ? [] : [{ ...subvolume, name: name as SnapshotName }];
  });
  const inside = (name: SnapshotName) => tagPath(snapshotPath({ volume, name }), name);
  const tags = await readTagFiles(
    commands,
    found.map(({ name }) => inside(name)),
  );
  const snapshots = found.map(({ uuid, createdAt, generation, name }): Snapshot => {
    const tag = sealed.has(uuid) ? tags.get(inside(name)) : undefined;
    const owned = tag === undefined ? {} : { tag };
    return { volume, name, id: uuid, createdAt, sequence: generation, ...owned, heldBy: [] };
  });
  return inOrderOfCreation(snapshots);
}

async function subvolumesIn({ storage }: CommandSetting, commands: Commands, argv: readonly string[]) {
  const text = await commands.output(argv);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const subvolume = parseListLine(line);
      if (subvolume !== undefined) return subvolume;
      throw new UmbraError("UMB-6308", { storage, program: "btrfs subvolume list", seen: line });
    });
}

function seen({ storage }: CommandSetting, { volume, name }: SnapshotRef, text: string): Snapshot {
  const [line = "", , ...rest] = text.split("\n");
  const subvolume = parseShow(rest.join("\n"));
  if (subvolume === undefined) {
    throw new UmbraError("UMB-6308", { storage, program: "btrfs subvolume show", seen: text.slice(0, 400) });
  }
  const { uuid, createdAt, generation, readOnly } = subvolume;
  const tag = readOnly ? tagIn(line) : undefined;
  const owned = tag === undefined ? {} : { tag };
  return { volume, name, id: uuid, createdAt, sequence: generation, ...owned, heldBy: [] };
}

/** A subvolume's path as a shell's `$1/…` wants it. */
function sourceOf(volume: VolumeId): string {
  return volume === ("/" as VolumeId) ? "/." : volume;
}

function programOf(setting: CommandSetting): string {
  return privileged(setting, ["btrfs"]).map(quoted).join(" ");
}
