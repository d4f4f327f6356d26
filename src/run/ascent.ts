import { readIdentity } from "../discover/identity.ts";
import type { Instant } from "../domain/instant.ts";
import { ROOT } from "../domain/names.ts";
import type { StartupObligation } from "../domain/obligation.ts";
import type { Database } from "../ports/database.ts";
import type { InstanceCall, InstanceControl, InstanceState, InstanceStatus } from "../ports/instance.ts";
import type { World } from "./world.ts";

/** What is kept over all attempts to bring one database back. */
export interface Ascent {
  readonly world: World;
  readonly obligation: StartupObligation;
  readonly whenMounted: ((db: Database) => Promise<void>) | undefined;
  /** On the monotonic clock: no call lasts longer. */
  readonly giveUpAt: number;
  /** On the monotonic clock: nothing is begun again after it. */
  readonly patientUntil: number;
  /** STARTUP was sent. */
  started: boolean;
  /** On the monotonic clock: when umbra's own OPEN returned. */
  openedAtMs: number | undefined;
  /** The database host's clock right after that. */
  ownOpenBy: Instant | undefined;
  mounted: "seen" | "not-seen" | { readonly failed: unknown };
  /** Clusterware may start the database again; a text says why not. */
  autoRestart: "owed" | "done" | { readonly refused: string };
  /** What a tool said of the instance right now: the next stage need not look. */
  known: InstanceStatus | undefined;
  /** As it was seen last. */
  seen: InstanceState | "unknown";
}

export function connectRoot(ascent: Ascent): Promise<Database> {
  const { connector, database } = ascent.world;
  return connector.connect({
    container: ROOT,
    deadlineMs: Math.min(database.deadlines.connectMs, remainingMs(ascent)),
  });
}

/** A service that leads elsewhere by now shows a database that is up; that proves nothing. */
export async function requireSameDatabase({ world, obligation }: Ascent, db: Database): Promise<void> {
  const { dbid } = await readIdentity(db, { deadlineMs: world.database.deadlines.statementMs });
  if (dbid !== obligation.dbid)
    throw new Error(`the connection leads to a database with DBID ${dbid}, not ${obligation.dbid}`);
}

export function controlOf({ world }: Ascent): InstanceControl {
  if (world.instance === undefined) throw new Error("the configuration names no way to start the instance");
  return world.instance;
}

export function remainingMs({ world, giveUpAt }: Ascent): number {
  return Math.max(1, giveUpAt - world.clock.monotonicMs());
}

/** Without the run's signal: nothing stops it. */
export function callWithin(ascent: Ascent, mostMs = Infinity): InstanceCall {
  return { deadlineMs: Math.min(mostMs, remainingMs(ascent)) };
}
