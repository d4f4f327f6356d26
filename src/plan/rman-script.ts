import { counted } from "../domain/human.ts";
import type { FilePath } from "../domain/names.ts";
import type { RmanRun, RmanScript } from "../domain/rman.ts";
import { formatScn, type Scn } from "../domain/scn.ts";

/** An image copy to be made under a name of umbra's choice. */
export interface RmanImageCopy {
  readonly file: number;
  readonly target: FilePath;
}

const AUTOBACKUP = "autobackup_";
const LEVEL_ONE = "level1_";
const MEBIBYTE = 1_048_576;
/** Numbers in one line of a script, for people who read it. */
const NUMBERS_A_LINE = 16;

/**
 * New full copies, each as level 0 and under its own name, so that they are the parents of what follows (rule 79). REUSE:
 * what a run that died has left under the name is written over.
 */
export function imageCopyScript(run: RmanRun, copies: readonly RmanImageCopy[]): RmanScript {
  const commands = copies.map(
    ({ file, target }) =>
      `backup as copy incremental level 0 reuse${section(run)} tag ${quoted(run.tag)} datafile ${file} format ${format(target)};`,
  );
  const action = `full copies of ${counted(copies.length, "datafile")}`;
  return { action, changes: true, text: block(run, commands) };
}

/**
 * What has changed since the copies. The files are named one by one: DATABASE would make a full copy of each that was
 * created meanwhile. A parent that vanishes between the look and the backup does that still; its copy goes to `strays`.
 */
export function incrementalScript(run: RmanRun, files: readonly number[]): RmanScript {
  const backup = [
    `backup incremental level 1${section(run)} for recover of copy with tag ${quoted(run.tag)}`,
    `  datafilecopy format ${format(inDirectory(run.strays, "stray_%U"), true)}`,
    `  datafile ${numbers(files)};`,
  ].join("\n  ");
  const action = `level 1 backup of ${counted(files.length, "datafile")}`;
  return { action, changes: true, text: block(run, [backup]) };
}

/** Brings the copies forward. Level 1 first, in a script of its own (rule 82). `untilScn` lets them trail on purpose. */
export function mergeScript(run: RmanRun, files: readonly number[], untilScn?: Scn): RmanScript {
  const until = untilScn === undefined ? "" : ` until scn ${formatScn(untilScn)}`;
  const command = `recover copy of datafile ${numbers(files)}\n    with tag ${quoted(run.tag)}${until};`;
  const action = `merge into the copies of ${counted(files.length, "datafile")}`;
  return { action, changes: true, text: block(run, [command]) };
}

/**
 * Removes level 1 backups that were merged into every copy (rule 85), by their keys: nothing else can be meant, neither a
 * copy nor a backup of somebody's (rule 86). `autobackups`: what the database's own settings added in this run; umbra
 * backs the control file up itself.
 */
export function removeLevelOnesScript(
  keys: readonly number[],
  autobackups: readonly FilePath[] = [],
): RmanScript {
  const action = `removal of ${counted(keys.length + autobackups.length, "backup set")} that served the copies`;
  const commands = [
    ...(keys.length === 0 ? [] : [`delete noprompt backupset ${numbers(keys)};`]),
    ...autobackups.map((handle) => `delete noprompt backuppiece ${quoted(handle)};`),
  ];
  return { action, changes: true, text: ending(commands) };
}

/** Control file autobackups among what a run wrote: only those have the name that its scripts gave them. */
export function autobackupsIn(run: RmanRun, handles: readonly string[]): readonly FilePath[] {
  return handles.filter((handle) => handle.startsWith(`${run.strays}/${AUTOBACKUP}`)) as FilePath[];
}

/** Whether a file beside the area is a level 1 backup of umbra's scripts: only those have such a name. */
export function isLevelOne(name: string): boolean {
  return name.startsWith(LEVEL_ONE);
}

/** Makes copies that lie there known to RMAN as parents: only complete ones (rule 127). */
export function catalogScript(tag: string, paths: readonly FilePath[]): RmanScript {
  const commands = paths.map((path) => `catalog datafilecopy ${quoted(path)} level 0 tag ${quoted(tag)};`);
  return {
    action: `cataloguing of ${counted(paths.length, "image file")}`,
    changes: true,
    text: ending(commands),
  };
}

/** Makes RMAN forget copies; the files stay. */
export function uncatalogScript(paths: readonly FilePath[]): RmanScript {
  const commands = paths.map((path) => `change datafilecopy ${quoted(path)} uncatalog;`);
  return {
    action: `uncataloguing of ${counted(paths.length, "image file")}`,
    changes: true,
    text: ending(commands),
  };
}

/** Says where RMAN puts its snapshot of the control file. */
export function showSnapshotControlfileScript(): RmanScript {
  const action = "question after the snapshot control file";
  return { action, changes: false, text: ending(["show snapshot controlfile name;"]) };
}

/** There is no form of it for one run only: it is the database's own setting, so setup alone changes it (rule 114). */
export function nameSnapshotControlfileScript(path: FilePath): RmanScript {
  const action = `naming of the snapshot control file ${path}`;
  return { action, changes: true, text: ending([`configure snapshot controlfile name to ${quoted(path)};`]) };
}

export function resetSnapshotControlfileScript(): RmanScript {
  const action = "naming of the snapshot control file by default";
  return { action, changes: true, text: ending(["configure snapshot controlfile name clear;"]) };
}

/** RMAN has no way to write a quote inside a text; & and % have meanings of their own there. */
export function isWritable(path: string): boolean {
  return !/['"&\n\r\0]/u.test(path);
}

/**
 * Settings and channels hold inside the block only: nothing of the database's own configuration is changed (rule 86). A
 * control file autobackup that the database wants after each backup goes where the copies are.
 */
function block(run: RmanRun, commands: readonly string[]): string {
  const channels = Array.from({ length: Math.max(1, run.channels) }, (_, i) => `umbra${i + 1}`);
  const lines = [
    `set controlfile autobackup format for device type disk to ${format(inDirectory(run.strays, `${AUTOBACKUP}%F`), true)};`,
    ...channels.map(
      (channel) =>
        `allocate channel ${channel} device type disk format ${format(inDirectory(run.pieces, `${LEVEL_ONE}%U`), true)};`,
    ),
    ...commands,
    ...channels.map((channel) => `release channel ${channel};`),
  ];
  return ending(["run {", ...lines.map((line) => `  ${line}`), "}"]);
}

function ending(lines: readonly string[]): string {
  return `${[...lines, "exit;"].join("\n")}\n`;
}

function section({ sectionBytes }: RmanRun): string {
  if (sectionBytes === undefined) return "";
  return ` section size ${Math.max(1, Math.floor(sectionBytes / MEBIBYTE))}m`;
}

function numbers(all: readonly number[]): string {
  const lines: string[] = [];
  for (let at = 0; at < all.length; at += NUMBERS_A_LINE)
    lines.push(all.slice(at, at + NUMBERS_A_LINE).join(", "));
  return lines.join(",\n    ");
}

/** A disk group takes names of its own only, so a path in it stands for the group alone. */
function inDirectory(directory: FilePath, name: string): string {
  return directory.startsWith("+") ? directory : `${directory}/${name}`;
}

/** A FORMAT: a % of the path itself is doubled. `pattern`: its last part holds RMAN's own signs. */
function format(path: string, pattern = false): string {
  const at = pattern && !path.startsWith("+") ? path.lastIndexOf("/") : path.length;
  return quoted(`${path.slice(0, at).replaceAll("%", "%%")}${path.slice(at)}`);
}

function quoted(text: string): string {
  return `'${text}'`;
}
