import { readIdentity } from "../discover/identity.ts";
import type { Instant } from "../domain/instant.ts";
import { ROOT } from "../domain/names.ts";
import type { StartupObligation } from "../domain/obligation.ts";
import { oraCodeOf } from "../errors/database-error.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { openSql } from "../plan/restore-sql.ts";
import type { Database } from "../ports/database.ts";
import type {
  InstanceCall,
  InstanceControl,
  InstanceState,
  InstanceStatus,
  StartupRequest,
} from "../ports/instance.ts";
import { failureText } from "./failure-words.ts";
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
  /** As it was seen last. */
  seen: InstanceState | "unknown";
}

/** `up`: as far as it was. `again`: it came further. `wait`: somebody or something else is at work. */
export type Climbed = "up" | "again" | "wait";

/** Sessions in MOUNT need a service in listener.ora; an instance that just came up may need a moment. */
const MOUNT_CONNECT_PAUSES_MS = [0, 200, 1_000];
const CLOSED_BEFORE = 16_196;

/** One stage on the way up: down → mount or open, mount → open. Throws what the tool or the database says. */
export async function climb(ascent: Ascent): Promise<Climbed> {
  await allowAutoRestart(ascent);
  const status = await look(ascent);
  ascent.seen = status.state;
  switch (status.state) {
    case "stopping":
      return "wait";
    case "down":
    case "nomount":
      await startUp(ascent, status);
      return "again";
    case "mount":
      await proveInMount(ascent);
      if (!opens(ascent)) return await othersUp(ascent, status);
      await open(ascent, status);
      return "again";
    case "open":
      return await othersUp(ascent, status);
  }
}

/** First: what is disabled in clusterware is not started by srvctl. A failure must not keep a database down. */
async function allowAutoRestart(ascent: Ascent): Promise<void> {
  if (ascent.autoRestart === "done") return;
  const { instance, database } = ascent.world;
  try {
    await instance?.autoRestart?.set(true, callWithin(ascent, database.deadlines.statementMs));
    ascent.autoRestart = "done";
  } catch (error) {
    ascent.autoRestart = { refused: failureText(error) };
  }
}

function opens({ obligation }: Ascent): boolean {
  return obligation.saved.openMode !== "MOUNTED";
}

async function look(ascent: Ascent): Promise<InstanceStatus> {
  const { world } = ascent;
  if (world.instance !== undefined)
    return await world.instance.status(callWithin(ascent, world.database.deadlines.statementMs));
  await using db = await connectRoot(ascent);
  const { openMode } = await readIdentity(db, { deadlineMs: world.database.deadlines.statementMs });
  const state = openMode === "MOUNTED" ? "mount" : "open";
  return { state, restricted: false, readOnly: openMode.startsWith("READ ONLY"), instances: [] };
}

/** To MOUNT where somebody wants to look at it there; else all the way, which is quicker. */
async function startUp(ascent: Ascent, status: InstanceStatus): Promise<void> {
  const { openMode, restricted } = ascent.obligation.saved;
  const control = controlOf(ascent);
  const toMount = ascent.mounted === "not-seen" && ascent.whenMounted !== undefined;
  const to = opens(ascent) && !toMount ? "open" : "mount";
  const readOnly = to === "open" && openMode.startsWith("READ ONLY");
  const request: StartupRequest = { to, ...(readOnly ? { readOnly } : {}) };
  const wanted = status.state === "down" ? restricted : status.restricted;
  ascent.started = true;
  await opening(ascent, to === "open", async () => {
    try {
      await control.startup({ ...request, ...(wanted ? { restricted: true } : {}) }, callWithin(ascent));
    } catch (error) {
      // A tool that has no way to say both: restricted mode comes after the OPEN.
      if (!isUnable(error) || !wanted || status.state !== "down") throw error;
      await control.startup(request, callWithin(ascent));
    }
  });
}

async function open(ascent: Ascent, status: InstanceStatus): Promise<void> {
  const { world, obligation } = ascent;
  const readOnly = obligation.saved.openMode.startsWith("READ ONLY");
  const request: StartupRequest = {
    to: "open",
    ...(readOnly ? { readOnly } : {}),
    ...(status.restricted ? { restricted: true } : {}),
  };
  try {
    await opening(ascent, true, async () => {
      if (world.instance === undefined) await openBySql(ascent, readOnly);
      else await world.instance.startup(request, callWithin(ascent));
    });
  } catch (error) {
    if (isUnable(error)) return await openOtherwise(ascent, status, readOnly);
    // ALTER DATABASE CLOSE: this instance never opens it again.
    if (oraCodeOf(error) === CLOSED_BEFORE) return await shutMountedDown(ascent);
    throw error;
  }
}

/** srvctl starts only what is down. SQL opens one instance; a cluster that is mounted everywhere is started anew. */
async function openOtherwise(ascent: Ascent, status: InstanceStatus, readOnly: boolean): Promise<void> {
  const { saved } = ascent.obligation;
  const isCluster = saved.instances.length > 1;
  if (isCluster && status.instances.every((one) => one.state === "mount")) await shutMountedDown(ascent);
  else await opening(ascent, true, () => openBySql(ascent, readOnly));
}

/** Nobody works in a database that is not open. */
async function shutMountedDown(ascent: Ascent): Promise<void> {
  await controlOf(ascent).shutdown({ mode: "immediate" }, callWithin(ascent));
}

async function openBySql(ascent: Ascent, readOnly: boolean): Promise<void> {
  await using db = await connectRoot(ascent);
  await requireSameDatabase(ascent, db);
  await db.execute(openSql(readOnly), { deadlineMs: remainingMs(ascent) });
}

/** Notes when it returned: what was opened until then was opened by it. */
async function opening(ascent: Ascent, opensDatabase: boolean, work: () => Promise<void>): Promise<void> {
  await work();
  if (opensDatabase) ascent.openedAtMs = ascent.world.clock.monotonicMs();
}

/** Instances of a cluster that were up before. What sqlplus does not know is seen by the proof. */
async function othersUp(ascent: Ascent, status: InstanceStatus): Promise<Climbed> {
  const { instances } = ascent.obligation.saved;
  const down = status.instances.filter((one) => one.state === "down" && instances.includes(one.name));
  if (down.length === 0) return "up";
  const { restricted, readOnly, state } = status;
  const to = state === "open" ? "open" : "mount";
  const how = { ...(restricted ? { restricted } : {}), ...(readOnly ? { readOnly } : {}) };
  await controlOf(ascent).startup({ to, ...how }, callWithin(ascent));
  return "again";
}

async function proveInMount(ascent: Ascent): Promise<void> {
  const { whenMounted } = ascent;
  if (whenMounted === undefined || ascent.mounted !== "not-seen") return;
  try {
    await using db = await connectPatiently(ascent);
    await requireSameDatabase(ascent, db);
    await whenMounted(db);
    ascent.mounted = "seen";
  } catch (failed) {
    ascent.mounted = { failed };
  }
}

async function connectPatiently(ascent: Ascent): Promise<Database> {
  let problem: unknown;
  for (const pause of MOUNT_CONNECT_PAUSES_MS) {
    if (pause > 0) await ascent.world.clock.sleep(pause);
    try {
      return await connectRoot(ascent);
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

export function connectRoot(ascent: Ascent): Promise<Database> {
  const { connector, database } = ascent.world;
  return connector.connect({
    container: ROOT,
    deadlineMs: Math.min(database.deadlines.connectMs, remainingMs(ascent)),
  });
}

/** A service that leads elsewhere by now shows a database that is up; that proves nothing. */
async function requireSameDatabase({ world, obligation }: Ascent, db: Database): Promise<void> {
  const { dbid } = await readIdentity(db, { deadlineMs: world.database.deadlines.statementMs });
  if (dbid !== obligation.dbid)
    throw new Error(`the connection leads to a database with DBID ${dbid}, not ${obligation.dbid}`);
}

function isUnable(error: unknown): boolean {
  return isUmbraError(error) && error.code === "UMB-5309";
}

/** The configuration names no way to start the instance. */
export class NoControl extends Error {}

function controlOf({ world }: Ascent): InstanceControl {
  if (world.instance === undefined)
    throw new NoControl("the configuration names no way to start the instance");
  return world.instance;
}

export function remainingMs({ world, giveUpAt }: Ascent): number {
  return Math.max(1, giveUpAt - world.clock.monotonicMs());
}

/** Without the run's signal: nothing stops it. */
function callWithin(ascent: Ascent, mostMs = Infinity): InstanceCall {
  return { deadlineMs: Math.min(mostMs, remainingMs(ascent)) };
}
