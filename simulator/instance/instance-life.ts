import { OraError } from "../engine/ora-error.ts";

/** V$ dates are whole seconds: two starts are never in the same one, as they never are on a real host. */
const SECOND_MS = 1000;

/** One life of an instance, from STARTUP to its end. What waits in it ends with it, with ORA-01092. */
export class InstanceLife {
  readonly startedAt: Date;
  readonly #ended = Promise.withResolvers<never>();

  constructor(now: Date, before: Date) {
    const next = (Math.floor(before.getTime() / SECOND_MS) + 1) * SECOND_MS;
    this.startedAt = new Date(Math.max(now.getTime(), next));
    // Nobody may be waiting when it ends.
    this.#ended.promise.catch(() => undefined);
  }

  async during<T>(work: Promise<T> | undefined): Promise<T | undefined> {
    if (work === undefined) return undefined;
    return Promise.race([work, this.#ended.promise]);
  }

  end(): void {
    this.#ended.reject(new OraError(1092, "ORACLE instance terminated. Disconnection forced"));
  }
}
