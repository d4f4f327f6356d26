import type { Readable, Writable } from "node:stream";

/** A started `umbra remote`, wherever it runs: its standard streams, and the way to end it. */
export interface Link {
  readonly input: Writable;
  /** Ends when the program or the way to it has ended. */
  readonly output: Readable;
  /** What it printed as errors so far; the end of it, where it was much. */
  readonly complaint: () => string;
  /** Ends it at once, as far as it can be reached, and lets go of it: nothing of it holds this process. */
  readonly kill: () => void;
}

/** Standard error kept of a far side. */
const COMPLAINT_CHARACTERS = 2_000;

/** Collects the end of what a stream says, for messages. */
export function lastWords(stream: Readable): () => string {
  let text = "";
  stream.on("data", (chunk: Buffer) => (text = (text + chunk.toString()).slice(-COMPLAINT_CHARACTERS)));
  stream.on("error", () => {});
  return () => text.trim();
}
