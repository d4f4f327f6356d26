import { UmbraError } from "../errors/umbra-error.ts";
import type { CopyMode } from "../ports/copier.ts";
import type { Operation, Side } from "./failure.ts";
import type { Access, Files, OpenFile } from "./files.ts";
import { within, type Patience } from "./patience.ts";

/** A file that is open for one pass, and who is to blame when it cannot be read. */
export interface Opened {
  readonly path: string;
  readonly side: Side;
  readonly file: OpenFile;
  /** The same file past the page cache, for whole pages to and from page-aligned memory. */
  readonly direct?: OpenFile;
}

/** Opens a regular file for reading. Anything else is refused before: opening a pipe or a device does something. */
export async function openRegular(
  files: Files,
  path: string,
  side: Side,
  patience: Patience,
): Promise<Opened> {
  const operation = (name: string): Operation => ({ side, path, name });
  if (!(await within(patience, operation("stat"), files.isRegular(path)))) {
    throw side === "source"
      ? new UmbraError("UMB-7102", { path })
      : new UmbraError("UMB-6101", { path, operation: "open", errno: "not a regular file" });
  }
  const file = await within(patience, operation("open"), files.openSource(path), closeQuietly);
  return { path, side, file };
}

/** Adds the way past the page cache, where the file system has one: large files must not crowd it. */
export async function withDirect(
  files: Files,
  opened: Opened,
  access: Access,
  patience: Patience,
): Promise<Opened> {
  const { path, side, file } = opened;
  const opening = files.openDirect?.(file, access) ?? Promise.resolve(undefined);
  const operation: Operation = { side, path, name: "open" };
  const direct = await within(patience, operation, opening, (late) => late && closeQuietly(late));
  return direct ? { ...opened, direct } : opened;
}

/** Closes all that is open of a file. */
export function closeOpened({ file, direct }: Opened): void {
  closeQuietly(file);
  if (direct) closeQuietly(direct);
}

/** Closes it after all calls under way were answered, so that none of them writes later; gives up after this time. */
export async function closeAnswered({ file, direct }: Opened, withinMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, withinMs);
  await Promise.race([promise, Promise.allSettled([file.close(), direct?.close()])]);
  clearTimeout(timer);
}

/** Bytes of the head where the file has no blocks. */
const PLAIN_HEAD = 8192;

/** The first two blocks, as they are in the file. */
export async function readHead(
  { file, path, side }: Opened,
  request: { readonly mode: CopyMode; readonly blockSize: number },
  patience: Patience,
): Promise<Buffer> {
  const head = Buffer.alloc(request.mode === "plain" ? PLAIN_HEAD : 2 * request.blockSize);
  const reading = file.read(head, 0, head.length, 0);
  const { bytesRead } = await within(patience, { side, path, name: "read" }, reading);
  return head.subarray(0, bytesRead);
}

/** Closing waits for calls under way, and they may hang: nobody waits for it. */
function closeQuietly(file: OpenFile): void {
  file.close().catch(() => {});
}
