import type { EngineIdentity } from "../engine/engine.ts";
import type { Instance } from "../instance/api.ts";
import type { ContainerRecord } from "../instance/control-file.ts";
import type { AccountBook } from "./accounts.ts";
import { fail } from "./errors.ts";
import type { SqlDatabase } from "./runtime/database.ts";
import type { SessionRegistry } from "./session-registry.ts";

/** What the parts of the engine share. */
export interface EngineCore {
  readonly instance: Instance;
  readonly accounts: AccountBook;
  readonly sessions: SessionRegistry;
  readonly database: SqlDatabase;
  readonly identity: EngineIdentity;
  /** Offset of the database host, minutes ahead of UTC. */
  readonly zoneMinutes: number;
  /** Ends sessions from outside: kill immediate, shutdown, crash. */
  drop(which: (sid: number) => boolean): Promise<void>;
}

export function isCdb(core: EngineCore): boolean {
  return (
    core.instance.controlFile?.cdb ??
    core.instance.parameters.get("enable_pluggable_database")?.toUpperCase() === "TRUE"
  );
}

/** The container that the whole database is administered from: 1 in a CDB, else 0. */
export function rootId(core: EngineCore): number {
  return isCdb(core) ? 1 : 0;
}

export function container(core: EngineCore, conId: number): ContainerRecord | undefined {
  return core.instance.controlFile?.containers.find((candidate) => candidate.conId === conId);
}

export function containerName(core: EngineCore, conId: number): string {
  if (conId === 1) return "CDB$ROOT";
  return container(core, conId)?.name ?? (conId === 0 ? core.identity.dbName : "CDB$ROOT");
}

/** ORA-65011 for a name that is none. */
export function containerNamed(core: EngineCore, name: string): ContainerRecord {
  const found = core.instance.controlFile?.containers.find((candidate) => candidate.name === name);
  if (found === undefined) throw fail(65_011, name);
  return found;
}

/** Open mode of a container: of the instance for the root. */
export function openMode(core: EngineCore, conId: number): "MOUNTED" | "READ WRITE" | "READ ONLY" {
  const whole = core.instance.openMode ?? "MOUNTED";
  return conId <= 1 || whole === "MOUNTED" ? whole : core.instance.pdbOpenMode(conId);
}
