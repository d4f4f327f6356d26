import type { EngineSession, ExecuteResult } from "../../engine/engine.ts";
import { OraError } from "../../engine/ora-error.ts";
import type { ProgramHost } from "../program.ts";
import type { OsPrivilege } from "./arguments.ts";

/** A local connection of sqlplus: to an idle instance too, where SQL is refused until STARTUP. */
export class LocalConnection {
  readonly #host: ProgramHost;
  readonly #privilege: OsPrivilege;
  /** False where ORACLE_HOME and ORACLE_SID name shared memory that nobody made: another instance, which is idle. */
  readonly #same: boolean;
  #session: EngineSession | undefined;
  #startedAt: Date | undefined;

  constructor(host: ProgramHost, privilege: OsPrivilege, same: boolean) {
    this.#host = host;
    this.#privilege = privilege;
    this.#same = same;
  }

  get ownsInstance(): boolean {
    return this.#same;
  }

  get idle(): boolean {
    return !this.#same || this.#host.instance.state === "IDLE";
  }

  /** Throws OraError. */
  async execute(sql: string, signal: AbortSignal): Promise<ExecuteResult> {
    if (this.idle)
      throw new OraError(1034, "ORACLE not available", {
        below: ["Process ID: 0", "Session ID: 0 Serial number: 0"],
      });
    const { refusal } = this.#host.operations;
    if (refusal !== undefined) throw refusal;
    return this.#opened().execute(sql, [], { signal });
  }

  #opened(): EngineSession {
    const { engine, instance } = this.#host;
    if (this.#session === undefined || this.#startedAt !== instance.startedAt) {
      this.#session = engine.openSession({
        user: "SYS",
        privilege: this.#privilege,
        service: engine.identity.dbUniqueName.toUpperCase(),
        program: "sqlplus",
        machine: engine.identity.host,
        osUser: "oracle",
        terminal: "unknown",
      });
      this.#startedAt = instance.startedAt;
    }
    return this.#session;
  }

  /** SHUTDOWN does not wait for the session that asks for it. */
  async commit(): Promise<void> {
    await this.#live()?.commit();
  }

  async leave(): Promise<void> {
    const session = this.#live();
    this.#session = undefined;
    await session?.close();
  }

  #live(): EngineSession | undefined {
    return this.#startedAt === this.#host.instance.startedAt ? this.#session : undefined;
  }
}
