/** Places that are taken in the order in which they were asked for. */
export class Slots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Waits for a free place until `left` rejects. Disposing of it gives it to the next. */
  async take(left: Promise<never>): Promise<Disposable> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(left);
    return { [Symbol.dispose]: () => this.#give() };
  }

  async #wait(left: Promise<never>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    try {
      await Promise.race([promise, left]);
    } catch (error) {
      // Not waiting any more: the place was given at the moment of leaving.
      if (!this.#waiting.delete(resolve)) this.#give();
      throw error;
    }
  }

  #give(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
