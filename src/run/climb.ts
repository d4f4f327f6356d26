import { readIdentity } from "../discover/identity.ts";
import type { Database } from "../ports/database.ts";
import type { InstanceStatus, StartupRequest } from "../ports/instance.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { type Ascent, callWithin, connectRoot, controlOf, requireSameDatabase } from "./ascent.ts";
import { failureText } from "./failure-words.ts";
import { whyNotTheSameTool } from "./same-instance.ts";
import { isUnable, mountBySql, openDatabase, opening } from "./open-database.ts";

/** `up`: as far as it was. `again`: it came further. `wait`: somebody or something else is at work. */
export type Climbed = "up" | "again" | "wait";

/** Sessions in MOUNT need a service in listener.ora; an instance that just came up may need a moment. */
const MOUNT_CONNECT_PAUSES_MS = [0, 200, 1_000];

/** One stage on the way up: down → mount or open, mount → open. Throws what the tool or the database says. */
export async function climb(ascent: Ascent): Promise<Climbed> {
  await allowAutoRestart(ascent);
  const status = await look(ascent);
  ascent.seen = status.state;
  requireOwnInstance(ascent, status);
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
      await openDatabase(ascent, status);
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

/** Whatever the configuration says by now: another instance is neither started nor opened. */
function requireOwnInstance({ world, obligation }: Ascent, { dbid }: InstanceStatus): void {
  const other = whyNotTheSameTool(obligation.saved, world.database);
  if (other !== undefined) throw new Error(other);
  if (dbid !== undefined && dbid !== obligation.dbid)
    throw new Error(`the way to the instance leads to a database with DBID ${dbid}, not ${obligation.dbid}`);
}

function opens({ obligation }: Ascent): boolean {
  return obligation.saved.openMode !== "MOUNTED";
}

async function look(ascent: Ascent): Promise<InstanceStatus> {
  const { world, known } = ascent;
  // It holds once: whatever comes after it may have changed that.
  ascent.known = undefined;
  if (known !== undefined) return known;
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
  const request: StartupRequest = { to, seen: status, ...(readOnly ? { readOnly } : {}) };
  const wanted = status.state === "down" ? restricted : status.restricted;
  const start = (how: StartupRequest) =>
    opening(ascent, to === "open", () => control.startup(how, callWithin(ascent)));
  const before = ascent.started;
  ascent.started = true;
  try {
    const { changed, now } = await start({ ...request, ...(wanted ? { restricted: true } : {}) });
    // Somebody else was faster.
    ascent.started = before || changed;
    ascent.known = now;
  } catch (error) {
    // The same, and it is in another state.
    if (isElsewhere(error)) ascent.started = before;
    if (!isUnable(error)) throw error;
    if (status.state === "nomount") return await mountBySql(ascent);
    // A tool that has no way to say both: restricted mode comes after the OPEN.
    if (!wanted) throw error;
    ascent.known = (await start(request)).now;
  }
}

/** In a state from which the wanted one is not reached: nothing was done. */
function isElsewhere(error: unknown): boolean {
  return isUmbraError(error) && error.code === "UMB-5305";
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
