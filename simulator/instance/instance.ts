import { join } from "node:path";
import { OraError } from "../engine/ora-error.ts";
import { AlertLog } from "./alert-log.ts";
import type { SimulatedDatabase } from "./database.ts";
import type { Faults, Hooks, InstanceSigns } from "./hooks.ts";
import type { InstanceLifecycle } from "./instance-lifecycle.ts";
import { OpenInstance } from "./open-instance.ts";

/** The machines of one database: two instances that are given the same cluster mount the same database. */
export interface Cluster {
  database: SimulatedDatabase | undefined;
  readonly instances: Set<InstanceLifecycle>;
}

export const newCluster = (): Cluster => ({ database: undefined, instances: new Set() });

export interface InstanceOptions {
  /** Parameter and password files lie in home/dbs, the alert log in home/diag. */
  readonly home: string;
  readonly sid: string;
  readonly now?: () => Date;
  readonly pause?: () => Promise<void>;
  readonly idle?: () => Promise<void>;
  readonly random?: () => number;
  readonly faults?: Faults;
  /** Shown to the host: `hostSigns`. Nothing is shown unless told, because each start is then a process. */
  readonly signs?: InstanceSigns;
  readonly archived?: Hooks["archived"];
  readonly cluster?: Cluster;
  /** Host name of the instance in a cluster, for the views of the others. */
  readonly node?: string;
}

/** Milliseconds between two rounds of a background process that has more to do. */
const IDLE_MS = 5;

/** An instance that is not started: `startup` reads its parameters. */
export function createInstance(options: InstanceOptions): OpenInstance {
  const hooks: Hooks = {
    now: options.now ?? (() => new Date()),
    pause: options.pause ?? (() => new Promise((resolve) => setImmediate(resolve))),
    idle: options.idle ?? (() => new Promise((resolve) => setTimeout(resolve, IDLE_MS))),
    random: options.random ?? Math.random,
    faults: options.faults ?? {},
    ...(options.signs !== undefined && { signs: options.signs }),
    ...(options.archived !== undefined && { archived: options.archived }),
  };
  if (options.sid === "") throw new OraError(12_162, "TNS:net service name is incorrectly specified");
  const alert = new AlertLog(join(options.home, "diag", `alert_${options.sid}.log`), hooks.now);
  return new OpenInstance({
    home: options.home,
    sid: options.sid,
    hooks,
    alert,
    cluster: options.cluster ?? newCluster(),
    ...(options.node !== undefined && { node: options.node }),
  });
}
