import type { OpenFile } from "../../copy/files.ts";
import type { Opened } from "../../copy/opened.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { CopyRequest } from "../../ports/copier.ts";
import type { FileStat, Host } from "../../ports/host.ts";

/** One look at a file over there. */
const LOOK_MS = 60_000;

export type FileReader = Pick<Host, "stat" | "read">;

/** The source of a copy on the far side, for reading its block 0 by the rules of the copy engine. */
export async function farSource(files: FileReader, { source, signal }: CopyRequest): Promise<Opened> {
  const options = { deadlineMs: LOOK_MS, ...(signal && { signal }) };
  const found = await files.stat(source, options);
  if (found === undefined) throw new UmbraError("UMB-7101", { path: source });
  if (found.kind !== "file") throw new UmbraError("UMB-7102", { path: source });
  const file = {
    stat: async () => ({ size: found.bytes }),
    read: async (into: Buffer, at: number, length: number, position: number) => {
      const bytes = await files.read(source, { offset: position, length }, options);
      bytes.copy(into, at);
      return { bytesRead: bytes.length };
    },
  };
  // `layoutOf` needs no more of an open file.
  return { path: source, side: "source", file: file as unknown as OpenFile };
}

/** The source must still be there, and not smaller. Its size now. */
export async function sizeAfter(
  files: FileReader,
  { source, signal }: CopyRequest,
  copied: number,
): Promise<number> {
  const found: FileStat | undefined = await files.stat(source, {
    deadlineMs: LOOK_MS,
    ...(signal && { signal }),
  });
  if (found === undefined) throw new UmbraError("UMB-7101", { path: source });
  if (found.bytes < copied) {
    throw new UmbraError("UMB-7104", { path: source, bytes: found.bytes, wanted: copied });
  }
  return found.bytes;
}
