import { shortened } from "./failure.ts";
import type { Opened } from "./opened.ts";
import { within, type Patience } from "./patience.ts";

const READ_BYTES = 1_048_576;
/** Reads under way while a chunk is looked at. */
const AHEAD = 3;

export interface Chunk {
  readonly position: number;
  /** Valid until the next chunk is asked for. */
  readonly content: Buffer;
}

/** The first `bytes` of a file in order, through the page cache: what was read a while before may still be there. */
export async function* readAhead(opened: Opened, bytes: number, patience: Patience): AsyncGenerator<Chunk> {
  const buffers = Array.from({ length: AHEAD + 1 }, () => Buffer.allocUnsafeSlow(READ_BYTES));
  const under: { readonly position: number; readonly reading: Promise<Buffer> }[] = [];
  let position = 0;
  let turn = 0;
  const begin = () => {
    const buffer = buffers[turn % buffers.length];
    if (position >= bytes || buffer === undefined) return;
    const content = buffer.subarray(0, Math.min(READ_BYTES, bytes - position));
    const reading = readFully(opened, content, position, patience);
    // The one before it may fail first; then nobody waits for this one.
    reading.catch(() => {});
    under.push({ position, reading });
    position += content.length;
    turn += 1;
  };
  for (let ahead = 0; ahead < AHEAD; ahead += 1) begin();
  for (let next = under.shift(); next !== undefined; next = under.shift()) {
    const content = await next.reading;
    begin();
    yield { position: next.position, content };
  }
}

async function readFully(
  { file, path, side }: Opened,
  content: Buffer,
  position: number,
  patience: Patience,
): Promise<Buffer> {
  for (let done = 0; done < content.length;) {
    const reading = file.read(content, done, content.length - done, position + done);
    const { bytesRead } = await within(patience, { side, path, name: "read" }, reading);
    if (bytesRead === 0) throw shortened({ side, path }, position + done, position + content.length);
    done += bytesRead;
  }
  return content;
}
