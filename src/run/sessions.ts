import { type ContainerName, ROOT } from "../domain/names.ts";
import { connectionLost } from "../errors/database-error.ts";
import type { Database } from "../ports/database.ts";
import type { World } from "./world.ts";

/** A profile's IDLE_TIME and firewalls count in minutes: a session that rested longer than this is tried first. */
const RESTED_MS = 30_000;

interface Opened {
  readonly session: Promise<Database>;
  usedAtMs: number;
}

/** One dedicated session for each container (rule 106), opened when first needed and again after a loss. */
export class Sessions implements AsyncDisposable {
  readonly #open = new Map<ContainerName, Opened>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Errors that lost the session close it; the next use opens another one. */
  async use<T>(container: ContainerName, work: (db: Database) => Promise<T>): Promise<T> {
    const opened = await this.#fresh(container);
    try {
      return await work(await opened.session);
    } catch (error) {
      if (connectionLost(error)) await this.#drop(container, opened);
      throw error;
    } finally {
      opened.usedAtMs = this.#world.clock.monotonicMs();
    }
  }

  root<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return this.use(ROOT, work);
  }

  /** Copies take hours, and a session that was ended meanwhile must not cost the backup. */
  async #fresh(container: ContainerName): Promise<Opened> {
    const { clock, database, signal } = this.#world;
    const opened = this.#open.get(container);
    if (opened === undefined) return await this.#connect(container);
    if (clock.monotonicMs() - opened.usedAtMs < RESTED_MS) return opened;
    try {
      const options = { deadlineMs: database.deadlines.statementMs, signal };
      await (await opened.session).query("select 1 as one from dual", {}, options);
      return opened;
    } catch (error) {
      if (!connectionLost(error)) throw error;
      await this.#drop(container, opened);
      return await this.#connect(container);
    }
  }

  /** Whoever asks at the same time gets the same session: a second one would never be closed. */
  async #connect(container: ContainerName): Promise<Opened> {
    const { clock, connector, database, signal } = this.#world;
    const there = this.#open.get(container);
    if (there !== undefined) return there;
    const session = connector.connect({ container, deadlineMs: database.deadlines.connectMs, signal });
    const opened: Opened = { session, usedAtMs: clock.monotonicMs() };
    this.#open.set(container, opened);
    try {
      await session;
    } catch (error) {
      this.#forget(container, opened);
      throw error;
    }
    return opened;
  }

  async #drop(container: ContainerName, opened: Opened): Promise<void> {
    this.#forget(container, opened);
    await (await opened.session).close();
  }

  #forget(container: ContainerName, opened: Opened): void {
    if (this.#open.get(container) === opened) this.#open.delete(container);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(
      all.map(
        async ({ session }) =>
          await session.then(
            (db) => db.close(),
            () => {},
          ),
      ),
    );
  }
}
