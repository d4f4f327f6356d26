import type { IncrementalFile } from "../../instance/rman/incremental.ts";
import type { Channel } from "./channels.ts";
import { type Client, onChannel, server } from "./client.ts";
import type { BackupCommand } from "./commands.ts";
import { elapsed, fileNumber } from "./console.ts";
import { defaultFormat, formatName } from "./format-name.ts";

/** Files of one set, and the blocks of one piece where it has several. */
interface PlannedSet {
  readonly files: readonly IncrementalFile[];
  readonly sectionBlocks: number | undefined;
}

/** Files are spread over the channels; one that is larger than a section gets a set of its own. */
export function setsOver(
  files: readonly IncrementalFile[],
  channels: number,
  command: Pick<BackupCommand, "sectionBytes" | "filesPerSet">,
): PlannedSet[] {
  const sectioned = (one: IncrementalFile): number | undefined => {
    const blocks = Math.floor((command.sectionBytes ?? Infinity) / one.file.blockSize);
    return one.file.blocks > blocks ? Math.max(1, blocks) : undefined;
  };
  const large = files.flatMap((one) => {
    const sectionBlocks = sectioned(one);
    return sectionBlocks === undefined ? [] : [{ files: [one], sectionBlocks }];
  });
  const small = files.filter((one) => sectioned(one) === undefined);
  const width = Math.min(command.filesPerSet, Math.max(1, Math.ceil(small.length / channels)));
  const sets: PlannedSet[] = [];
  for (let at = 0; at < small.length; at += width)
    sets.push({ files: small.slice(at, at + width), sectionBlocks: undefined });
  return [...large, ...sets];
}

export async function backupSet(
  client: Client,
  channel: Channel,
  set: PlannedSet,
  { command, tag }: { readonly command: BackupCommand; readonly tag: string },
): Promise<void> {
  const { console, host } = client;
  const database = server(client);
  const startedAt = console.now();
  const on = `channel ${channel.name}:`;
  console.say(8048, `${on} starting incremental level 1 datafile backup set`);
  console.say(8010, `${on} specifying datafile(s) in backup set`);
  for (const { file } of set.files)
    console.say(8522, `input datafile file number=${fileNumber(file.file)} name=${file.path}`);
  const format = command.format ?? channel.format ?? defaultFormat(host.instance.parameters, host.oracleHome);
  const made = await onChannel(client, "backup", channel, () =>
    database.incremental({
      files: set.files,
      tag,
      sectionBlocks: set.sectionBlocks,
      pieceName: (count, piece) =>
        formatName(format, { control: database.control, now: database.now(), set: count, piece }),
      onUnchanged: ({ file }) =>
        console.say(6522, `skipping datafile ${fileNumber(file)} because it has not changed`),
      onPiece: (piece, began) => {
        console.say(8038, `${on} starting piece ${piece.piece} at ${console.date(began)}`);
        console.say(8044, `${on} finished piece ${piece.piece} at ${console.date(piece.completedAt)}`);
        console.say(8530, `piece handle=${piece.handle} tag=${piece.tag} comment=NONE`);
      },
    }),
  );
  if (made === undefined) console.say(undefined, `${on} backup cancelled because all files were skipped`);
  else console.say(8540, `${on} backup set complete, elapsed time: ${elapsed(startedAt, console.now())}`);
}
