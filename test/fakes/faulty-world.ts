import { connectionLost } from "../../src/errors/database-error.ts";
import { UmbraError } from "../../src/errors/umbra-error.ts";
import type { CallOptions, Database, DatabaseConnector } from "../../src/ports/database.ts";
import type { Host } from "../../src/ports/host.ts";
import type { World } from "../../src/run/world.ts";

/** What happens at the chosen effect, and whether the effect itself still took place. */
export interface Fault {
  /** Number of the effect, from 1. */
  readonly at: number;
  readonly when: "before" | "after";
  /** `once`: this call fails, and its session with it. `dead`: nothing works from here on, as after SIGKILL. */
  readonly how: "once" | "dead";
}

/** The process is gone: no handler catches this by its code, because nobody is there any more. */
class Died extends Error {}

export interface FaultyWorld {
  readonly world: World;
  /** Effects so far; fewer than `fault.at` means that the run had no fault. */
  readonly effects: () => number;
  /** From now on nothing works, as after SIGKILL in the middle of an effect. */
  readonly die: () => void;
}

/** Every call that leaves the process is an effect: of the database, the hosts, and the local state. */
export function faultyWorld(inner: World, fault: Fault): FaultyWorld {
  let effects = 0;
  let dead = false;
  const effect = async <T>(failure: () => Error, work: () => Promise<T>): Promise<T> => {
    if (dead) throw new Died("dead");
    effects += 1;
    if (effects !== fault.at) return await work();
    dead = fault.how === "dead";
    const error = dead ? new Died("dead") : failure();
    if (fault.when === "after") await work();
    throw error;
  };
  const { journal, obligations, startups, catalog } = inner.state;
  const state = {
    ...inner.state,
    journal: eachCall(journal, (work) => effect(stateFailure, work)),
    obligations: eachCall(obligations, (work) => effect(stateFailure, work)),
    startups: eachCall(startups, (work) => effect(stateFailure, work)),
    catalog: eachCall(catalog, (work) => effect(stateFailure, work)),
    [Symbol.dispose]: () => inner.state[Symbol.dispose](),
  };
  const host = (one: Host): Host => ({
    ...eachCall(one, (work) => effect(hostFailure, work), ["name"]),
    name: one.name,
  });
  const databaseHost = host(inner.databaseHost);
  const world: World = {
    ...inner,
    clock: { ...inner.clock, sleep: () => new Promise((resolve) => setImmediate(resolve)) },
    connector: faultyConnector(inner.connector, (work) => effect(lost, work)),
    ...(inner.instance === undefined
      ? {}
      : { instance: eachCall(inner.instance, (work) => effect(answerLost, work)) }),
    databaseHost,
    backupHost: databaseHost,
    state,
  };
  const die = () => {
    dead = true;
  };
  return { world, effects: () => effects, die };
}

type Effect = <T>(work: () => Promise<T>) => Promise<T>;

function eachCall<T extends object>(target: T, effect: Effect, except: readonly string[] = []): T {
  return Object.fromEntries(
    Object.entries(target).map(([name, value]) => {
      if (typeof value !== "function" || except.includes(name)) return [name, value];
      return [name, (...args: readonly unknown[]) => effect(async () => await value.apply(target, args))];
    }),
  ) as T;
}

function faultyConnector(inner: DatabaseConnector, effect: Effect): DatabaseConnector {
  return {
    connect: async (options) => faultySession(await effect(() => inner.connect(options)), effect),
  };
}

/** After a lost connection the session stays lost, as a real one does. */
function faultySession(inner: Database, effect: Effect): Database {
  let gone = false;
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    if (gone) throw lost();
    try {
      return await effect(work);
    } catch (error) {
      gone ||= connectionLost(error);
      throw error;
    }
  };
  return {
    container: inner.container,
    query: (sql, binds, options: CallOptions) => call(() => inner.query(sql, binds, options)),
    execute: (sql, options: CallOptions) => call(() => inner.execute(sql, options)),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner.close(),
  };
}

function lost(): UmbraError {
  return new UmbraError("UMB-5202", { ora: 3113, message: "ORA-03113: end-of-file", lost: true });
}

function answerLost(): UmbraError {
  const lostAnswer = {
    program: "sqlplus",
    action: "it",
    ora: null,
    message: "ssh was cut",
    lost: true,
  } as const;
  return new UmbraError("UMB-5303", lostAnswer);
}

function hostFailure(): UmbraError {
  return new UmbraError("UMB-6102", { path: "/backup", errno: "ENOSPC" });
}

function stateFailure(): UmbraError {
  return new UmbraError("UMB-8004", { path: "umbra.db", problem: "disk full" });
}
