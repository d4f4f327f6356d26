/** What a program printed, up to a limit. */
export class RunOutput {
  readonly #limit: number;
  readonly #chunks: Readonly<Record<"stdout" | "stderr", Buffer[]>> = { stdout: [], stderr: [] };
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False from the chunk on that is beyond the limit; it is not kept. */
  add(stream: "stdout" | "stderr", chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    const within = this.#bytes <= this.#limit;
    if (within) this.#chunks[stream].push(chunk);
    return within;
  }

  get all(): { readonly stdout: Buffer; readonly stderr: Buffer } {
    return { stdout: Buffer.concat(this.#chunks.stdout), stderr: Buffer.concat(this.#chunks.stderr) };
  }
}
