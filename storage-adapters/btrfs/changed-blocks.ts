import { UmbraError } from "../../src/errors/umbra-error.ts";
import { type CommandSetting, type Commands, failed, portions, privileged } from "../commands.ts";
import type { ChangedBlocksFacet, FileChange } from "../contract.ts";
import { joinedExtents } from "../extents.ts";
import { lookAt, snapshotPath } from "./snapshots.ts";
import { readSendStream, type SentFile, StreamError } from "./send-stream.ts";

type Request = Parameters<ChangedBlocksFacet["between"]>[0];

/** A change of 1 % of 100 GiB in blocks of 8 KiB is about 16 MiB of commands. */
const MAX_STREAM_BYTES = 512 * 2 ** 20;

/** `btrfs send --no-data` names each changed extent without reading it. */
export async function changedBlocks(
  setting: CommandSetting,
  commands: Commands,
  { volume, earlier, later, files }: Request,
): Promise<readonly (FileChange | undefined)[]> {
  const { storage } = setting;
  for (const name of [earlier, later]) {
    const found = await lookAt(setting, commands, { volume, name });
    if (found === undefined) throw new UmbraError("UMB-6306", { storage, what: `snapshot ${name}` });
  }
  const [from, to] = [snapshotPath({ volume, name: earlier }), snapshotPath({ volume, name: later })];
  const argv = privileged(setting, ["btrfs", "send", "--quiet", "--no-data", "-p", from, to]);
  const sent = await commands.attempt(argv, { maxOutputBytes: MAX_STREAM_BYTES });
  if (sent.status !== 0) throw failed(storage, argv, sent.status, sent.said);
  const changed = understood(storage, sent.stdout);
  const before = await plainFiles(commands, from, files);
  const after = await plainFiles(commands, to, files);
  return files.map((inside) => changeOf(inside, before.get(inside), after.get(inside), changed.get(inside)));
}

interface PlainFile {
  readonly inode: string;
  readonly bytes: number;
}

/** The same file in both: it has the inode it had, and it was not made in between. */
function changeOf(
  inside: string,
  before: PlainFile | undefined,
  after: PlainFile | undefined,
  sent: SentFile | undefined,
): FileChange | undefined {
  if (before === undefined || after === undefined || before.inode !== after.inode) return undefined;
  if (sent?.made === true) return undefined;
  // What is past the old end is new, holes as well.
  const grown = { offset: before.bytes, length: Math.max(0, after.bytes - before.bytes) };
  return {
    inside,
    bytes: after.bytes,
    extents: joinedExtents([...(sent?.extents ?? []), grown], after.bytes),
  };
}

/** Ordinary files with one name: of one with several, the stream may use another. */
async function plainFiles(
  commands: Commands,
  top: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, PlainFile>> {
  const found = new Map<string, PlainFile>();
  for (const portion of portions(files.map((inside) => `${top}/${inside}`))) {
    const stat = ["stat", "--printf", String.raw`%f %h %i %s %n\0`, "--", ...portion];
    for (const line of (await commands.attempt(stat)).stdout.toString().split("\0")) {
      const match = /^([0-9a-f]+) 1 (\d+) (\d+) ([^]*)$/.exec(line);
      const [, mode = "", inode = "", bytes = "", path = ""] = match ?? [];
      if (match === null || (Number.parseInt(mode, 16) & 0o170000) !== 0o100000) continue;
      found.set(path.slice(top.length + 1), { inode, bytes: Number(bytes) });
    }
  }
  return found;
}

function understood(storage: string, stream: Buffer): ReadonlyMap<string, SentFile> {
  try {
    return readSendStream(stream);
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    throw new UmbraError(
      "UMB-6308",
      { storage, program: "btrfs send", seen: error.message },
      { cause: error },
    );
  }
}
