/** ALTER SYSTEM SUSPEND closes it: whoever would write a datafile, its header or the control file waits until RESUME. */
export class IoGate {
  #closed: PromiseWithResolvers<void> | undefined;

  get suspended(): boolean {
    return this.#closed !== undefined;
  }

  close(): void {
    this.#closed ??= Promise.withResolvers();
  }

  /** Also at the end of the instance: what waits meets its death. */
  open(): void {
    this.#closed?.resolve();
    this.#closed = undefined;
  }

  async passed(): Promise<void> {
    while (this.#closed !== undefined) await this.#closed.promise;
  }
}
