import type { Engine } from "../engine/engine.ts";
import { isCdb, openMode, rootId, type EngineCore } from "./core.ts";

/** Where a service leads. */
export interface ServiceTarget {
  readonly conId: number;
  readonly status: ReturnType<Engine["service"]>;
}

/**
 * Services that the instance registers itself: of the database, and of each open PDB. Static ones are known to the
 * listener whatever the state of the instance. An instance that is not open blocks its dynamic services.
 */
export class ServiceTable {
  readonly #core: EngineCore;
  readonly #extra: Readonly<Record<string, string>>;
  readonly #static: ReadonlySet<string>;

  /** `extra` maps further service names to containers; all names are compared in upper case. */
  constructor(core: EngineCore, extra: Readonly<Record<string, string>>, staticServices: readonly string[]) {
    this.#core = core;
    this.#extra = Object.fromEntries(
      Object.entries(extra).map(([service, container]) => [service.toUpperCase(), container.toUpperCase()]),
    );
    this.#static = new Set(staticServices.map((service) => service.toUpperCase()));
  }

  resolve(name: string): ServiceTarget {
    const { instance, identity } = this.#core;
    const service = name.toUpperCase();
    const [plain = service] = service.split(".");
    const container = this.#extra[service] ?? this.#extra[plain];
    if (this.#static.has(service))
      return { conId: this.#container(container ?? plain)?.conId ?? rootId(this.#core), status: "ready" };
    if (instance.state === "IDLE") return { conId: 0, status: "unknown" };
    const whole = [identity.dbName, identity.dbUniqueName, identity.instanceName].map((own) =>
      own.toUpperCase(),
    );
    if (whole.includes(plain) || container === "CDB$ROOT")
      return { conId: rootId(this.#core), status: this.#status() };
    const made = instance.services.find(({ networkName }) => networkName.toUpperCase() === service);
    if (made !== undefined)
      return made.running ? { conId: made.conId, status: this.#status() } : { conId: 0, status: "unknown" };
    return this.#pdb(container ?? plain);
  }

  #status(): ServiceTarget["status"] {
    const { state, restricted, stopping } = this.#core.instance;
    if (state !== "OPEN" || stopping !== undefined) return "blocked";
    return restricted ? "restricted" : "ready";
  }

  /** A PDB registers its service when it opens. */
  #pdb(name: string): ServiceTarget {
    const record = this.#container(name);
    if (record === undefined || openMode(this.#core, record.conId) === "MOUNTED")
      return { conId: 0, status: "unknown" };
    return { conId: record.conId, status: this.#status() };
  }

  #container(name: string) {
    if (!isCdb(this.#core)) return undefined;
    return this.#core.instance.controlFile?.containers.find(
      (record) => record.conId > 2 && record.name.toUpperCase() === name,
    );
  }
}
