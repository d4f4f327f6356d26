/**
 * Progress of one copy towards a reader that may be slow. One message at a time is on its way, and the newest bytes go
 * with the next: whatever the speed, nothing queues up. The copy waits where it is too far ahead of the reader.
 */
export class ProgressWindow {
  readonly #send: (bytesDone: number) => void;
  readonly #aheadBytes: number;
  #latest = 0;
  #sent = 0;
  #seen = 0;
  #onItsWay = false;
  #goOn: (() => void) | undefined;

  constructor(send: (bytesDone: number) => void, aheadBytes: number) {
    this.#send = send;
    this.#aheadBytes = aheadBytes;
  }

  /** Called by the copy, which waits for a promise. */
  report(bytesDone: number): Promise<void> | undefined {
    this.#latest = bytesDone;
    if (!this.#onItsWay) this.flush();
    if (this.#latest - this.#seen <= this.#aheadBytes) return undefined;
    return new Promise((resolve) => (this.#goOn = resolve));
  }

  /** The reader has taken in progress up to here. */
  seen(bytesDone: number): void {
    this.#seen = bytesDone;
    this.#onItsWay = false;
    this.flush();
    if (this.#latest - this.#seen <= this.#aheadBytes) this.end();
  }

  /** Sends what was reported last, also while a message is on its way: the result follows. */
  flush(): void {
    if (this.#latest <= this.#sent) return;
    this.#sent = this.#latest;
    this.#onItsWay = true;
    this.#send(this.#latest);
  }

  /** Lets a waiting copy go on. */
  end(): void {
    this.#goOn?.();
    this.#goOn = undefined;
  }
}
