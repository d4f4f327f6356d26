import type { BindParameters, Connection, ConnectionAttributes, ExecuteOptions } from "oracledb";

import type { OpenInstance } from "../../../simulator/instance/open-instance.ts";
import {
  openInstance,
  startDatabase,
  type StartOptions,
} from "../../../simulator/instance/start-database.ts";
import { defaultAccounts } from "../../../simulator/sql/accounts.ts";
import { createEngine, type EngineOptions, type SimulatedEngine } from "../../../simulator/sql/engine.ts";
import { type Listener, startListener } from "../../../simulator/tns/listener.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";
import { oracledb } from "../../rigs/drivers.ts";

export type Driver = typeof oracledb;

/** Small enough for a test to copy every file. */
const SMALL_BYTES = 3_000_000;

export interface ServedOptions extends EngineOptions {
  readonly database?: Partial<StartOptions>;
  readonly driver?: Driver;
}

/** A simulated instance behind its listener, with the real driver in front. */
export interface Served extends AsyncDisposable {
  readonly base: string;
  readonly instance: OpenInstance;
  readonly engine: SimulatedEngine;
  readonly listener: Listener;
  readonly driver: Driver;
  /** As APP on the service of the database unless told otherwise. */
  connect(attributes?: ConnectionAttributes & { service?: string }): Promise<Connection>;
  /** SHUTDOWN as a tool runs it; the administrator's sessions are gone then. */
  stop(mode: "NORMAL" | "TRANSACTIONAL" | "IMMEDIATE" | "ABORT"): Promise<void>;
  /** SYSDBA through the static service, in any state of the instance; connects again where the connection was lost. */
  readonly dba: Dba;
}

/** One administrator's sessions, one for each container. */
export interface Dba {
  run(sql: string, container?: string): Promise<void>;
  rows(sql: string, container?: string, binds?: BindParameters): Promise<unknown[][]>;
  /** The first value of the first row. */
  value(sql: string, container?: string): Promise<unknown>;
  /** Numbers of all ORA- codes that the statement ends with, in their order; empty where it succeeds. */
  codes(sql: string, container?: string): Promise<number[]>;
}

/** Creates and opens a database in a directory of its own, and serves it. */
export async function served(options: ServedOptions = {}): Promise<Served> {
  const scratch = scratchDirectory();
  try {
    const instance = await startDatabase({
      base: scratch.path,
      name: "ORCL",
      now: () => new Date(),
      idle: () => new Promise((resolve) => setImmediate(resolve)),
      totalBytes: SMALL_BYTES,
      logBytes: 262_144,
      ...options.database,
    });
    return await serve(instance, scratch.path, options, () => scratch[Symbol.dispose]());
  } catch (error) {
    scratch[Symbol.dispose]();
    throw error;
  }
}

/** Serves an instance that was made elsewhere; it is aborted in the end. */
export async function serve(
  instance: OpenInstance,
  base: string,
  options: ServedOptions = {},
  atEnd: () => void = () => undefined,
): Promise<Served> {
  const engine = createEngine(instance, {
    staticServices: ["ADMIN"],
    accounts: accountsFor(options),
    ...options,
  });
  instance.sessions = { active: () => engine.sessions.length, endAll: () => engine.dropSessions() };
  const listener = await startListener({ engine, profile: options.database?.profile ?? "19c" });
  const driver = options.driver ?? oracledb;
  const connect: Served["connect"] = ({ service = "ORCL", ...attributes } = {}) =>
    driver.getConnection({
      user: "app",
      password: "app",
      connectString: `127.0.0.1:${listener.port}/${service}`,
      ...attributes,
    });
  const dba = new Administrator(connect, driver);
  return {
    base,
    instance,
    engine,
    listener,
    driver,
    connect,
    dba,
    stop: async (mode) => {
      await engine.shutdown(mode);
      await dba.close();
    },
    [Symbol.asyncDispose]: async () => {
      // First of all: a session may wait for something that will not come.
      if (instance.state !== "IDLE") await engine.shutdown("ABORT");
      await dba.close();
      await listener.close();
      atEnd();
    },
  };
}

/** A database without containers has no common users: there the backup user is UMBRA. */
function accountsFor(options: ServedOptions) {
  if (options.database?.cdb === true) return defaultAccounts;
  return defaultAccounts.map((account) => ({ ...account, name: account.name.replace("C##", "") }));
}

/** The instance over the files below `base`, not started. */
export function sameDatabase(base: string, options: Partial<StartOptions> = {}): OpenInstance {
  return openInstance({
    base,
    name: "ORCL",
    now: () => new Date(),
    idle: () => new Promise((resolve) => setImmediate(resolve)),
    ...options,
  });
}

class Administrator implements Dba {
  readonly #connect: Served["connect"];
  readonly #driver: Driver;
  readonly #sessions = new Map<string, Connection>();

  constructor(connect: Served["connect"], driver: Driver) {
    this.#connect = connect;
    this.#driver = driver;
  }

  async run(sql: string, container?: string): Promise<void> {
    await (await this.#session(container)).execute(sql);
  }

  async rows(sql: string, container?: string, binds: BindParameters = []): Promise<unknown[][]> {
    const session = await this.#session(container);
    const options: ExecuteOptions = { fetchArraySize: 1000 };
    return (await session.execute<unknown[]>(sql, binds, options)).rows ?? [];
  }

  async value(sql: string, container?: string): Promise<unknown> {
    return (await this.rows(sql, container))[0]?.[0];
  }

  async codes(sql: string, container?: string): Promise<number[]> {
    return codesOf(this.run(sql, container));
  }

  async close(): Promise<void> {
    for (const session of this.#sessions.values()) await session.close().catch(() => undefined);
    this.#sessions.clear();
  }

  async #session(container = ""): Promise<Connection> {
    const known = this.#sessions.get(container);
    if (known?.isHealthy() === true) return known;
    const session = await this.#connect({
      service: "ADMIN",
      user: "sys",
      password: "oracle",
      privilege: this.#driver.SYSDBA,
    });
    this.#sessions.set(container, session);
    if (container !== "") await session.execute(`alter session set container = "${container}"`);
    return session;
  }
}

/** Numbers of all ORA- codes of a failure, in their order; empty where there is none. A failure without a code is thrown on. */
export async function codesOf(work: Promise<unknown>): Promise<number[]> {
  try {
    await work;
    return [];
  } catch (error) {
    const codes = [...String(error).matchAll(/ORA-(\d{5})/gu)].map((match) => Number(match[1]));
    if (codes.length === 0) throw error;
    return codes;
  }
}
