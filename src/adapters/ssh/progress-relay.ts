/** Tells a caller that may be slow of progress that does not wait: one call at a time, each with the newest bytes. */
export class ProgressRelay {
  readonly #onProgress: (bytesDone: number) => void | Promise<void>;
  readonly #failed: (error: unknown) => void;
  #latest = 0;
  #told = 0;
  #telling: Promise<void> | undefined;

  /** `failed` gets what `onProgress` throws. */
  constructor(onProgress: (bytesDone: number) => void | Promise<void>, failed: (error: unknown) => void) {
    this.#onProgress = onProgress;
    this.#failed = failed;
  }

  report(bytesDone: number): void {
    this.#latest = Math.max(this.#latest, bytesDone);
    if (this.#telling !== undefined || this.#latest === this.#told) return;
    this.#telling = this.#tell();
  }

  /** All that was reported is told. */
  async done(): Promise<void> {
    await this.#telling;
  }

  async #tell(): Promise<void> {
    try {
      while (this.#told < this.#latest) {
        this.#told = this.#latest;
        await this.#onProgress(this.#told);
      }
    } catch (error) {
      this.#failed(error);
    }
    this.#telling = undefined;
  }
}
