import type { Extent } from "../contract.ts";

/*
 * What `btrfs send` writes (version 1): a header, then commands of { length, number, checksum } and attributes of
 * { type, length, value }, all little-endian. https://btrfs.readthedocs.io/en/latest/dev/dev-send-stream.html
 */

const MAGIC = "btrfs-stream\0";
const HEADER_BYTES = MAGIC.length + 4;
const COMMAND_BYTES = 10;

const command = {
  mkfile: 3,
  rename: 9,
  link: 10,
  unlink: 11,
  write: 15,
  clone: 16,
  end: 21,
  updateExtent: 22,
};
/** Of version 1. A later one means something that is not known here. */
const LAST_COMMAND = 22;
const attribute = { size: 4, path: 15, pathTo: 16, fileOffset: 18, data: 19, cloneLength: 24 };

/** What became of one file. */
export interface SentFile {
  /** It is not the file that had this name before: made in between. */
  readonly made: boolean;
  /** In the order of the stream. */
  readonly extents: readonly Extent[];
}

/** A stream that ends too early or holds what is not known here: nothing can be said from it. */
export class StreamError extends Error {
  override readonly name = "StreamError";
}

/** Files by their names at the end of the stream, relative to the subvolume; those that are not in it did not change. */
export function readSendStream(stream: Buffer): ReadonlyMap<string, SentFile> {
  if (stream.toString("latin1", 0, MAGIC.length) !== MAGIC) throw new StreamError("it is no send stream");
  const version = stream.length < HEADER_BYTES ? 0 : stream.readUInt32LE(MAGIC.length);
  if (version !== 1) throw new StreamError(`version ${version} of the send stream`);
  const files = new SentFiles();
  let at = HEADER_BYTES;
  for (;;) {
    if (at + COMMAND_BYTES > stream.length) throw new StreamError("the send stream was cut off");
    const number = stream.readUInt16LE(at + 4);
    const end = at + COMMAND_BYTES + stream.readUInt32LE(at);
    if (end > stream.length) throw new StreamError("the send stream was cut off");
    if (number === command.end) return files.byName;
    if (number > LAST_COMMAND) throw new StreamError(`command ${number} of the send stream`);
    files.apply(number, attributesIn(stream.subarray(at + COMMAND_BYTES, end)));
    at = end;
  }
}

type Attributes = ReadonlyMap<number, Buffer>;

function attributesIn(bytes: Buffer): Attributes {
  const found = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) throw new StreamError("an attribute was cut off");
    const length = bytes.readUInt16LE(at + 2);
    if (at + 4 + length > bytes.length) throw new StreamError("an attribute was cut off");
    found.set(bytes.readUInt16LE(at), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

/** Follows the names, because a stream speaks of a file by the name it has at that point. */
class SentFiles {
  readonly byName = new Map<string, { made: boolean; extents: Extent[] }>();

  apply(number: number, attributes: Attributes): void {
    const path = textOf(attributes, attribute.path);
    switch (number) {
      case command.mkfile:
        this.byName.set(path, { made: true, extents: [] });
        break;
      case command.rename:
        this.#rename(path, textOf(attributes, attribute.pathTo));
        break;
      case command.unlink:
        this.byName.delete(path);
        break;
      case command.updateExtent:
        this.#extent(path, attributes, numberOf(attributes, attribute.size));
        break;
      case command.clone:
        this.#extent(path, attributes, numberOf(attributes, attribute.cloneLength));
        break;
      case command.write:
        this.#extent(path, attributes, attributes.get(attribute.data)?.length ?? 0);
        break;
      default:
      // Owners, modes, times, directories, and sizes, which are read from the files themselves.
    }
  }

  #extent(path: string, attributes: Attributes, length: number): void {
    const file = this.byName.get(path) ?? { made: false, extents: [] };
    if (length > 0) file.extents.push({ offset: numberOf(attributes, attribute.fileOffset), length });
    this.byName.set(path, file);
  }

  /** A directory takes along all that is below it. */
  #rename(from: string, to: string): void {
    const moved = [...this.byName].filter(([name]) => name === from || name.startsWith(`${from}/`));
    for (const [name] of moved) this.byName.delete(name);
    for (const [name, file] of moved) this.byName.set(`${to}${name.slice(from.length)}`, file);
  }
}

function textOf(attributes: Attributes, type: number): string {
  return attributes.get(type)?.toString() ?? "";
}

function numberOf(attributes: Attributes, type: number): number {
  const value = attributes.get(type);
  if (value?.length !== 8) throw new StreamError("a number is missing in the send stream");
  return Number(value.readBigUInt64LE());
}
