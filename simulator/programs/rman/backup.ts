import { existsSync } from "node:fs";

import type { DatafileRecord } from "../../instance/control-file.ts";
import type { DatafileCopyRecord } from "../../instance/rman/records.ts";
import { backupFile } from "./backup-file.ts";
import { backupSet, setsOver } from "./backup-set.ts";
import type { Channel } from "./channels.ts";
import { type Client, datafilesOf, onChannel, requireAlive, server } from "./client.ts";
import type { BackupCommand } from "./commands.ts";
import { elapsed, fileNumber } from "./console.ts";
import { defaultFormat, defaultTag, formatName } from "./format-name.ts";
import { refused } from "./rman-error.ts";

/** What a channel does next. */
type Job = (channel: Channel) => Promise<void>;

/** BACKUP. Level 1 for the recovery of copies makes full copies of the files that have no parent, as the real one does. */
export async function backup(client: Client, command: BackupCommand): Promise<void> {
  const { console, channels } = client;
  console.print("\n");
  console.say(3090, `Starting backup at ${console.date()}`);
  const database = server(client);
  const tag = command.tag ?? command.copyTag ?? defaultTag(database.now());
  const working = channels.working();
  if (command.what === "controlfile" || command.what === "spfile")
    await backupFile(client, working[0], { ...command, what: command.what }, tag);
  else {
    const files = datafilesOf(client, command.what);
    for (const file of files)
      if (!existsSync(file.path)) throw refused(6056, `could not access datafile ${file.file}`);
    await inParallel(client, working, jobsFor(client, command, files, { tag, width: working.length }));
  }
  console.say(3091, `Finished backup at ${console.date()}`);
}

function jobsFor(
  client: Client,
  command: BackupCommand,
  files: readonly DatafileRecord[],
  { tag, width }: { readonly tag: string; readonly width: number },
): Job[] {
  const whole = (file: DatafileRecord, copyTag: string, level: 0 | null): Job => {
    const format = command.forRecoverOfCopy ? command.copyFormat : command.format;
    return (channel) =>
      imageCopy(client, channel, { file, tag: copyTag, level, reuse: command.reuse, format });
  };
  if (command.asCopy && command.level !== 1)
    return files.map((file) => whole(file, tag, command.level === 0 ? 0 : null));
  if (command.level !== 1 || !command.forRecoverOfCopy)
    throw refused(6900, "this simulated RMAN makes image copies and level 1 for them only");
  const found = files.map((file) => ({ file, parent: parentOf(client, file, command.copyTag) }));
  for (const { file, parent } of found)
    if (parent === undefined)
      client.console.say(undefined, `no parent backup or copy of datafile ${file.file} found`);
  const behind = found.flatMap(({ file, parent }) => (parent === undefined ? [] : [{ file, parent }]));
  const sets = setsOver(behind, width, command);
  const orphans = found.filter(({ parent }) => parent === undefined);
  return [
    ...sets.map(
      (set): Job =>
        (channel) =>
          backupSet(client, channel, set, { command, tag }),
    ),
    ...orphans.map(({ file }) => whole(file, command.copyTag ?? tag, 0)),
  ];
}

function parentOf(
  client: Client,
  file: DatafileRecord,
  tag: string | undefined,
): DatafileCopyRecord | undefined {
  return server(client).parentOf(file, tag);
}

/** Each channel takes the next job that nobody has; after a failure none is begun. */
async function inParallel(client: Client, channels: readonly Channel[], jobs: readonly Job[]): Promise<void> {
  const waiting = jobs.slice();
  let failure: unknown;
  const work = async (channel: Channel) => {
    for (let job = waiting.shift(); job !== undefined && failure === undefined; job = waiting.shift()) {
      try {
        requireAlive(client);
        await job(channel);
      } catch (error) {
        failure ??= error;
      }
    }
  };
  await Promise.all(channels.map((channel) => work(channel)));
  if (failure !== undefined) throw failure;
}

interface ImageCopy {
  readonly file: DatafileRecord;
  readonly tag: string;
  readonly level: 0 | null;
  readonly reuse: boolean;
  readonly format: string | undefined;
}

async function imageCopy(client: Client, channel: Channel, order: ImageCopy): Promise<void> {
  const { console, host } = client;
  const { file, tag, level, reuse } = order;
  const database = server(client);
  const startedAt = console.now();
  console.say(8580, `channel ${channel.name}: starting datafile copy`);
  console.say(8522, `input datafile file number=${fileNumber(file.file)} name=${file.path}`);
  const parts = { control: database.control, now: startedAt, set: file.file, piece: 1, file };
  // FORMAT of BACKUP names the pieces of a level 1, not the copies that are made for want of a parent.
  const format = order.format ?? channel.format ?? defaultFormat(host.instance.parameters, host.oracleHome);
  const path = formatName(format, parts);
  const made = await onChannel(client, "backup", channel, () =>
    database.copy(file, { path, tag, level, reuse }),
  );
  console.say(8586, `output file name=${path} tag=${tag} RECID=${made.recid} STAMP=${made.stamp}`);
  console.say(
    8581,
    `channel ${channel.name}: datafile copy complete, elapsed time: ${elapsed(startedAt, console.now())}`,
  );
}
