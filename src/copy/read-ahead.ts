import { shortened } from "./failure.ts";
import type { Opened } from "./opened.ts";
import { within, type Patience } from "./patience.ts";

const READ_BYTES = 1_048_576;
/** Reads under way. */
const AHEAD = 4;
/** Chunks that stay valid behind the last one that was given. */
export const HELD = 4;

export interface Chunk {
  readonly position: number;
  /** Valid until `HELD` more were asked for. */
  readonly content: Buffer;
  /** Where the content is, from its beginning. */
  readonly memory: SharedArrayBuffer;
}

/** The first `bytes` of a file in order, through the page cache: what was read a while before may still be there. */
export async function* readAhead(opened: Opened, bytes: number, patience: Patience): AsyncGenerator<Chunk> {
  const size = Math.min(READ_BYTES, Math.max(bytes, 1));
  const memories = Array.from({ length: AHEAD + HELD + 1 }, () => new SharedArrayBuffer(size));
  const under: { readonly chunk: Chunk; readonly reading: Promise<void> }[] = [];
  let position = 0;
  let turn = 0;
  const begin = () => {
    const memory = memories[turn % memories.length];
    if (position >= bytes || memory === undefined) return;
    const content = Buffer.from(memory, 0, Math.min(size, bytes - position));
    const reading = readFully(opened, content, position, patience);
    // The one before it may fail first; then nobody waits for this one.
    reading.catch(() => {});
    under.push({ chunk: { position, content, memory }, reading });
    position += content.length;
    turn += 1;
  };
  for (let ahead = 0; ahead < AHEAD; ahead += 1) begin();
  for (let next = under.shift(); next !== undefined; next = under.shift()) {
    await next.reading;
    begin();
    yield next.chunk;
  }
}

async function readFully(
  { file, path, side }: Opened,
  content: Buffer,
  position: number,
  patience: Patience,
): Promise<void> {
  for (let done = 0; done < content.length;) {
    const reading = file.read(content, done, content.length - done, position + done);
    const { bytesRead } = await within(patience, { side, path, name: "read" }, reading);
    if (bytesRead === 0) throw shortened({ side, path }, position + done, position + content.length);
    done += bytesRead;
  }
}
