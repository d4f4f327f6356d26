import type { BackupSetRecord, DatafileCopyRecord } from "../../instance/rman/records.ts";
import type { Channel } from "./channels.ts";
import { type Client, datafilesOf, onChannel, requireAlive, server } from "./client.ts";
import type { RecoverCopyCommand } from "./commands.ts";
import { elapsed, fileNumber } from "./console.ts";
import { refused } from "./rman-error.ts";

interface Wanted {
  readonly copy: DatafileCopyRecord;
  readonly sets: readonly BackupSetRecord[];
}

/** RECOVER COPY: brings the newest copy of each file forward by the level 1 sets that continue it. Redo is not applied. */
export async function recoverCopy(client: Client, command: RecoverCopyCommand): Promise<void> {
  const { console, channels } = client;
  console.print("\n");
  console.say(3090, `Starting recover at ${console.date()}`);
  const [channel] = channels.working();
  const wanted = wantedCopies(client, command);
  for (const set of setsInOrder(wanted)) {
    requireAlive(client);
    await restoreSet(client, channel, set, wanted, command.tag);
  }
  console.say(3091, `Finished recover at ${console.date()}`);
}

function wantedCopies(client: Client, command: RecoverCopyCommand): Wanted[] {
  const database = server(client);
  return datafilesOf(client, command.files).flatMap((file) => {
    const copy = database.parentOf(file, command.tag);
    const sets = copy === undefined ? [] : database.setsFor(copy, command.untilScn);
    if (copy !== undefined && sets.length > 0) return [{ copy, sets }];
    if (copy !== undefined && hasNewer(database.sets, copy, command.untilScn))
      throw refused(6571, `datafile ${file.file} does not have recoverable copy`);
    client.console.say(undefined, `no copy of datafile ${file.file} found to recover`);
    return [];
  });
}

/** A level 1 that begins behind the copy: something between them was lost. */
function hasNewer(
  sets: readonly BackupSetRecord[],
  copy: DatafileCopyRecord,
  untilScn: bigint | undefined,
): boolean {
  return sets.some(
    ({ pieces, files, incrementalLevel }) =>
      incrementalLevel === 1 &&
      pieces.every(({ status }) => status === "A") &&
      files.some(
        (part) =>
          part.file === copy.file &&
          part.creationScn === copy.creationScn &&
          part.incrementalScn > copy.checkpointScn &&
          (untilScn === undefined || part.checkpointScn < untilScn),
      ),
  );
}

function setsInOrder(wanted: readonly Wanted[]): BackupSetRecord[] {
  const all = new Set(wanted.flatMap(({ sets }) => sets));
  return [...all].toSorted((a, b) => a.count - b.count);
}

async function restoreSet(
  client: Client,
  channel: Channel,
  set: BackupSetRecord,
  wanted: readonly Wanted[],
  tag: string | undefined,
): Promise<void> {
  const { console } = client;
  const on = `channel ${channel.name}:`;
  const startedAt = console.now();
  const files = wanted.filter(({ sets }) => sets.includes(set)).map(({ copy }) => copy);
  console.say(8039, `${on} starting incremental datafile backup set restore`);
  console.say(undefined, `${on} specifying datafile copies to recover`);
  for (const copy of files)
    console.say(undefined, `recovering datafile copy file number=${fileNumber(copy.file)} name=${copy.path}`);
  for (const piece of set.pieces) console.say(8003, `${on} reading from backup piece ${piece.handle}`);
  for (const copy of files)
    await onChannel(client, "recover", channel, () => {
      const database = server(client);
      // An earlier set of this command may have brought it forward already: its record was replaced.
      const now = database.copies.find(
        (one) => one.status === "A" && one.path === copy.path && (tag === undefined || one.tag === tag),
      );
      return database.merge(now ?? copy, set);
    });
  for (const piece of set.pieces) {
    console.say(8611, `${on} piece handle=${piece.handle} tag=${piece.tag}`);
    console.say(8023, `${on} restored backup piece ${piece.piece}`);
  }
  console.say(8180, `${on} restore complete, elapsed time: ${elapsed(startedAt, console.now())}`);
}
