import type { ContainerName } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { BindValue, CallOptions, Database, Row } from "../../ports/database.ts";
import type { Driver, DriverConnection, DriverResult } from "./driver.ts";
import { driverError } from "./driver-error.ts";
import { executeOptions, rowsOf } from "./rows.ts";
import { destroySocket } from "./socket.ts";
import { cancelled, watched } from "./watchdog.ts";

/** A logoff that takes longer is not waited for. */
const CLOSE_MS = 1_000;

export interface SessionParts {
  readonly driver: Driver;
  readonly connection: DriverConnection;
  readonly clock: Clock;
  /** Cut out of the text of errors. */
  readonly secrets: readonly string[];
}

/** One connection of the driver, never pooled. */
export class OracledbSession implements Database {
  readonly container: ContainerName;
  readonly #parts: SessionParts;
  #queue: Promise<unknown> = Promise.resolve();
  #dead: UmbraError | undefined;
  #ended: Promise<void> | undefined;

  constructor(parts: SessionParts, container: ContainerName) {
    this.#parts = parts;
    this.container = container;
  }

  async query(
    sql: string,
    binds: Readonly<Record<string, BindValue>>,
    options: CallOptions,
  ): Promise<readonly Row[]> {
    return rowsOf(await this.#inTurn(sql, binds, options));
  }

  async execute(sql: string, options: CallOptions): Promise<void> {
    await this.#inTurn(sql, {}, options);
  }

  async close(): Promise<void> {
    this.#dead ??= lost("the session was closed");
    await this.#end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The deadline counts from here, so that a call behind a hung one ends too. */
  async #inTurn(
    sql: string,
    binds: Readonly<Record<string, BindValue>>,
    options: CallOptions,
  ): Promise<DriverResult> {
    const { clock, connection } = this.#parts;
    if (this.#dead !== undefined) throw this.#dead;
    const before = this.#queue;
    let sent = false;
    // An interrupt on an idle connection would hit the next call.
    const interrupt = () => void (sent && connection.break().catch(() => {}));
    const perform = async () => {
      await before;
      if (options.signal?.aborted === true) throw cancelled();
      if (this.#dead !== undefined) throw this.#dead;
      sent = true;
      return await this.#send(sql, binds).finally(() => (sent = false));
    };
    const call = () => {
      const work = perform();
      this.#queue = work.catch(() => {});
      return work;
    };
    return await watched({ clock, options, interrupt, abandon: () => this.#abandon(), lost: true }, call);
  }

  async #send(sql: string, binds: Readonly<Record<string, BindValue>>): Promise<DriverResult> {
    const { driver, connection, secrets } = this.#parts;
    try {
      return await connection.execute(sql, binds, executeOptions(driver));
    } catch (error) {
      const failure = driverError(error, "connected", secrets);
      if (failure.code === "UMB-5202") this.#abandon(failure);
      throw failure;
    }
  }

  /** Never used again. The server is asked to stop what it does; a dead network makes that vain. */
  #abandon(why = lost("the session was given up after a call without an answer")): void {
    this.#dead ??= why;
    this.#parts.connection.break().catch(() => {});
    void this.#end();
  }

  #end(): Promise<void> {
    this.#ended ??= endConnection(this.#parts.connection);
    return this.#ended;
  }
}

/** Logs off where that works soon, and frees the socket in any case. Never throws. */
export async function endConnection(connection: DriverConnection): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, CLOSE_MS);
  try {
    await Promise.race([connection.close(), late.promise]);
  } catch {
    // The connection is gone already.
  } finally {
    clearTimeout(timer);
    destroySocket(connection);
  }
}

function lost(message: string): UmbraError {
  return new UmbraError("UMB-5202", { ora: null, message, lost: true });
}
