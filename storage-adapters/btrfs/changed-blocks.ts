import { UmbraError } from "../../src/errors/umbra-error.ts";
import { type CommandSetting, type Commands, failed, privileged } from "../commands.ts";
import type { ChangedBlocksFacet, FileChange } from "../contract.ts";
import { fileChange } from "../file-change.ts";
import { plainFiles } from "../plain-files.ts";
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
  return files.map((inside) => {
    const file = changed.get(inside);
    // Made in between: whatever had this name before was another file.
    if (file?.made === true) return undefined;
    return fileChange(inside, before.get(inside), after.get(inside), file?.extents ?? []);
  });
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
