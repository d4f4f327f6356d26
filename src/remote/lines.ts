import type { Readable } from "node:stream";

/** A line is longer than it may be. */
export class LineTooLong extends Error {}

/**
 * The lines of a stream, without their ends. What stands after the last newline is no line: its writer died in it.
 * A reader that is slow holds the writer. Throws `LineTooLong`, and what the stream throws.
 */
export async function* linesOf(stream: Readable, maxBytes: number): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let held = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let rest = chunk;
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      yield Buffer.concat([...parts, rest.subarray(0, end)]).toString();
      parts = [];
      held = 0;
      rest = rest.subarray(end + 1);
    }
    held += rest.length;
    if (held > maxBytes) throw new LineTooLong(`a line of more than ${maxBytes} bytes`);
    if (rest.length > 0) parts.push(rest);
  }
}
