/** Standard input of a program, cut into lines: filled from one side, read from the other. */
export class InputLines implements AsyncIterator<string, undefined> {
  readonly #lines: string[] = [];
  #rest = "";
  #ended = false;
  #wake: (() => void) | undefined;

  add(text: string): void {
    const parts = (this.#rest + text).split(/\r?\n/u);
    this.#rest = parts.pop() ?? "";
    this.#lines.push(...parts);
    this.#wake?.();
  }

  /** No more comes. A last line without its end counts. May be called twice. */
  end(): void {
    if (!this.#ended && this.#rest !== "") this.#lines.push(this.#rest);
    this.#ended = true;
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    while (this.#lines.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    const line = this.#lines.shift();
    return line === undefined ? { done: true, value: undefined } : { done: false, value: line };
  }
}
