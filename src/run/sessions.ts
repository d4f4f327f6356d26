import { type ContainerName, ROOT } from "../domain/names.ts";
import { connectionLost } from "../errors/database-error.ts";
import type { Database } from "../ports/database.ts";
import type { World } from "./world.ts";

/** One dedicated session for each container (rule 106), opened when first needed and again after a loss. */
export class Sessions implements AsyncDisposable {
  readonly #open = new Map<ContainerName, Database>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Errors that lost the session close it; the next use opens another one. */
  async use<T>(container: ContainerName, work: (db: Database) => Promise<T>): Promise<T> {
    const db = this.#open.get(container) ?? (await this.#connect(container));
    try {
      return await work(db);
    } catch (error) {
      if (connectionLost(error)) {
        this.#open.delete(container);
        await db.close();
      }
      throw error;
    }
  }

  root<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return this.use(ROOT, work);
  }

  async #connect(container: ContainerName): Promise<Database> {
    const { connector, database, signal } = this.#world;
    const db = await connector.connect({ container, deadlineMs: database.deadlines.connectMs, signal });
    this.#open.set(container, db);
    return db;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#open.values()].map((db) => db.close()));
    this.#open.clear();
  }
}
