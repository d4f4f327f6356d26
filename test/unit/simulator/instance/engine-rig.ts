import { join } from "node:path";

import type { EngineSession } from "../../../../simulator/engine/engine.ts";
import { type InstanceFaults, instanceFaults } from "../../../../simulator/instance/instance-faults.ts";
import type { OpenInstance } from "../../../../simulator/instance/open-instance.ts";
import { startDatabase, type StartOptions } from "../../../../simulator/instance/start-database.ts";
import { createEngine, type SimulatedEngine } from "../../../../simulator/sql/engine.ts";
import type { SqlValue } from "../../../../simulator/engine/values.ts";
import { disposableFolder } from "./rig.ts";

const signal = new AbortController().signal;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** An open instance with SQL in front of it and faults behind it, without any network. */
export interface EngineRig extends AsyncDisposable {
  readonly base: string;
  readonly instance: OpenInstance;
  readonly engine: SimulatedEngine;
  readonly faults: InstanceFaults;
  /** A session of SYS for one statement, in a container where one is named. */
  sql(text: string, container?: string): Promise<string[][]>;
}

export async function engineRig(options: Partial<StartOptions> = {}): Promise<EngineRig> {
  const folder = disposableFolder();
  const faults = instanceFaults();
  const base = join(folder.path, "prod");
  const instance = await startDatabase({
    base,
    name: "ORCL",
    now: () => new Date(),
    totalBytes: 3_000_000,
    idle: turn,
    faults,
    ...options,
  });
  const engine = createEngine(instance, { staticServices: ["ADMIN"] });
  return {
    base,
    instance,
    engine,
    faults,
    sql: (text, container) => asSys(engine, text, container),
    [Symbol.asyncDispose]: async () => {
      faults.lift();
      if (instance.state !== "IDLE") await engine.shutdown("ABORT");
      folder[Symbol.dispose]();
    },
  };
}

/** Logs in as a client would: SYS as SYSDBA by the static service, anybody else by the service of the database. */
export function sessionOf(engine: SimulatedEngine, user = "APP", service?: string): EngineSession {
  const client = { program: "app", machine: "client1", osUser: "joe", terminal: "unknown" };
  const privilege = user === "SYS" ? ("SYSDBA" as const) : ("NORMAL" as const);
  const { dbUniqueName } = engine.identity;
  return engine.openSession({ user, privilege, service: service ?? dbUniqueName, ...client });
}

export async function execute(session: EngineSession, text: string): Promise<string[][]> {
  const result = await session.execute(text, [], { signal });
  return result.kind === "query" ? [...result.rows].map((row) => row.map(textOf)) : [];
}

async function asSys(engine: SimulatedEngine, text: string, container?: string): Promise<string[][]> {
  const session = sessionOf(engine, "SYS", "ADMIN");
  try {
    if (container !== undefined) await execute(session, `alter session set container = "${container}"`);
    return await execute(session, text);
  } finally {
    await session.close();
  }
}

/** NULL is a dash: rows read like a table. */
function textOf(value: SqlValue): string {
  if (value === null) return "-";
  if (typeof value !== "object") return String(value);
  return Buffer.isBuffer(value) ? value.toString("hex") : value.kind;
}
