import type { Instance } from "../instance/api.ts";
import type { SimulatedEngine } from "../sql/engine.ts";
import type { InstanceOperations } from "./instance-operations.ts";
import type { ProgramHost } from "./program.ts";

/** One instance of the database as clusterware knows it. */
export interface ClusterMember {
  /** SID. */
  readonly name: string;
  readonly node: string;
  readonly engine: SimulatedEngine;
  readonly instance: Instance;
  readonly operations: InstanceOperations;
}

/** Of the database when its host starts: as it was, never, or never and not after a failure either. */
export type ManagementPolicy = "AUTOMATIC" | "MANUAL" | "NORESTART";

export interface ClusterOptions {
  /** In the order of their nodes. One: Oracle Restart. */
  readonly members: readonly ClusterMember[];
  /**
   * Clusterware starts an instance again that has been down so long without `srvctl stop`: after a crash, and after a
   * SHUTDOWN by sqlplus. Never, where it is left out.
   */
  readonly restartAfterMs?: number;
}

/** How often clusterware looks at its instances, in parts of the time after which it acts. */
const LOOKS = 4;

/** The resource ora.NAME.db: what clusterware wants of the database, and does for it. */
export class ClusterResource implements Disposable {
  readonly members: readonly ClusterMember[];
  policy: ManagementPolicy = "AUTOMATIC";
  /** `srvctl disable database` takes the database out of clusterware's care; `srvctl start` is refused then. */
  enabled = true;
  /** How often it looked at its instances: tests wait for it where nothing shall happen. */
  looks = 0;
  readonly #wanted: Set<ClusterMember>;
  readonly #downFor = new Map<ClusterMember, number>();
  readonly #timer: NodeJS.Timeout | undefined;

  constructor({ members, restartAfterMs }: ClusterOptions) {
    this.members = members;
    this.#wanted = new Set(members.filter(({ instance }) => instance.state !== "IDLE"));
    if (restartAfterMs === undefined) return;
    this.#timer = setInterval(() => this.#look(), Math.max(1, restartAfterMs / LOOKS));
    this.#timer.unref();
  }

  /** Two instances or more, which are told by name and node. */
  get clustered(): boolean {
    return (
      this.members.length > 1 ||
      this.members[0]?.instance.parameters.get("cluster_database")?.toUpperCase() === "TRUE"
    );
  }

  /** TARGET of an instance: srvctl start and stop change it. */
  want(member: ClusterMember, running: boolean): void {
    if (running) this.#wanted.add(member);
    else this.#wanted.delete(member);
  }

  /** An instance that was seen running is wanted to run. */
  #look(): void {
    this.looks += 1;
    for (const member of this.members) {
      if (member.instance.state !== "IDLE") {
        this.#downFor.delete(member);
        continue;
      }
      const looks = (this.#downFor.get(member) ?? 0) + 1;
      this.#downFor.set(member, looks);
      if (looks < LOOKS || !this.enabled || this.policy === "NORESTART" || !this.#wanted.has(member))
        continue;
      this.#downFor.delete(member);
      const order = { to: "OPEN", readOnly: false, restricted: false } as const;
      member.operations.startup(order, () => undefined).catch(() => undefined);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

const alone = new WeakMap<ProgramHost, ClusterResource>();

/** What is registered of the host's database: its one instance, which clusterware does not restart, unless told. */
export function resourceOf(host: ProgramHost): ClusterResource {
  if (host.cluster !== undefined) return host.cluster;
  const known = alone.get(host);
  if (known !== undefined) return known;
  const { engine, instance, operations, sid } = host;
  const made = new ClusterResource({
    members: [{ name: sid, node: engine.identity.host, engine, instance, operations }],
  });
  alone.set(host, made);
  return made;
}
