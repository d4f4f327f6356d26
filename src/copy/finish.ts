import { shortened } from "./failure.ts";
import type { Files } from "./files.ts";
import type { Opened } from "./opened.ts";
import { within, type Patience } from "./patience.ts";

/** A storage slower than this, in bytes a millisecond, is taken to hang when the whole copy is flushed. */
const SLOWEST_FLUSH = 10_000;

/** The source must still be there, and not smaller. Gives the bytes it holds beyond the copied ones. */
export async function checkSourceAfter(
  files: Files,
  source: Opened,
  copied: number,
  patience: Patience,
): Promise<number> {
  const operation = { side: source.side, path: source.path, name: "stat" };
  const { size } = await within(patience, operation, source.file.stat());
  if (size < copied) throw shortened(source, size, copied);
  await within(patience, operation, files.isRegular(source.path));
  return size - copied;
}

/** Makes a target durable, within a time that grows with its size. */
export async function flush(
  { file, path, side }: Opened,
  bytes: number,
  patience: Patience,
  inPlace = false,
): Promise<void> {
  const deadlineMs = patience.stallMs + bytes / SLOWEST_FLUSH;
  await within(patience, { side, path, name: "fsync", inPlace }, file.sync(), undefined, deadlineMs);
}
