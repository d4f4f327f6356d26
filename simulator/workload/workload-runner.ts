import type { RememberedState } from "./committed-history.ts";
import { createWorkload, type Workload, type WorkloadOptions } from "./workload.ts";

/** A workload that is started and stopped from outside while the instance comes and goes. */
export class WorkloadRunner {
  readonly #options: WorkloadOptions;
  #workload: Workload | undefined;
  #stop: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: WorkloadOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#stop !== undefined;
  }

  get operations(): number {
    return this.#workload?.operations ?? 0;
  }

  get commits(): number {
    return this.#workload?.history.commits ?? 0;
  }

  get lastCommitScn(): bigint {
    return this.#workload?.history.lastScn ?? 0n;
  }

  /** The first start creates and fills the tables, so the database must be open then. Running already is success. */
  async start(opsPerSecond: number): Promise<void> {
    if (this.#stop !== undefined) return;
    const stop = new AbortController();
    this.#stop = stop;
    try {
      this.#workload ??= await createWorkload(this.#options);
    } catch (error) {
      this.#stop = undefined;
      throw error;
    }
    this.#running = this.#workload.run({ signal: stop.signal, opsPerSecond });
    // Kept for `stop`, which gives the error on.
    this.#running.catch(() => undefined);
  }

  /** With `commit`, what is open is committed; else it stays open. Throws what ended the workload early. */
  async stop(options: { readonly commit: boolean }): Promise<void> {
    this.#stop?.abort();
    this.#stop = undefined;
    await this.#running;
    if (options.commit) await this.#workload?.settle();
  }

  /** Everything committed at or before the SCN; nothing before the first start. */
  remembered(scn: bigint): RememberedState {
    return this.#workload?.history.stateAt(scn) ?? { scn, tables: [] };
  }
}
