import type { Facts, InstanceFacts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { InstanceTold, SavedState } from "../domain/saved-state.ts";
import type { InstanceOnNode, InstanceStatus } from "../ports/instance.ts";
import type { World } from "./world.ts";

/** What the connection shows of the database. */
type Connected = Pick<Facts, "identity" | "instances">;

type Around = Pick<World, "database" | "databaseHost" | "signal">;

const NODE_NAME_BYTES = 65_536;

/** The name by which the configuration tells the tool its instance; undefined where the tool is a connection. */
export function instanceTold({ instance }: DatabaseConfig): InstanceTold | undefined {
  switch (instance?.by) {
    case "sqlplus":
      return { by: "sqlplus", name: instance.sid };
    case "srvctl":
      return { by: "srvctl", name: instance.uniqueName };
    case "oracledb":
    case undefined:
      return undefined;
  }
}

/**
 * Why the configured tool would start another instance than the one that was shut down: the configuration was changed
 * since. Another tool, or another ORACLE_HOME after a patch, is no reason.
 */
export function whyNotTheSameTool(
  { instanceTold: before }: SavedState,
  database: DatabaseConfig,
): string | undefined {
  const now = instanceTold(database);
  if (before === undefined || now === undefined || before.by !== now.by) return undefined;
  if (before.name.toUpperCase() === now.name.toUpperCase()) return undefined;
  return `umbra shut down ${before.name}, and instance: in the configuration names ${now.name} now, which is left alone; correct it`;
}

/**
 * The tool is told an ORACLE_HOME and a SID, the connection a service: compares what both show (rule 1). Gives the first
 * difference in words. DBID alone proves nothing: a clone and a standby have the same, so the name of each instance, its
 * host and, where the tool tells it, the time of its start count too.
 */
export async function provedInstance(
  world: Around,
  status: InstanceStatus,
  connected: Connected,
): Promise<string | undefined> {
  return (
    otherState(world, status, connected) ??
    otherDatabase(status, connected) ??
    otherUniqueName(world, connected) ??
    (await otherInstances(world, status, connected))
  );
}

function otherState(
  { database }: Around,
  { state }: InstanceStatus,
  { identity }: Connected,
): string | undefined {
  const expected = identity.openMode === "MOUNTED" ? "mount" : "open";
  if (state === expected) return undefined;
  const told = instanceTold(database);
  const under = told === undefined ? "" : ` under the name ${told.name}`;
  return `it leads to an instance in state ${state}${under}, and the database is in state ${expected}`;
}

function otherDatabase({ dbid }: InstanceStatus, { identity }: Connected): string | undefined {
  if (dbid === undefined || dbid === identity.dbid) return undefined;
  return `it leads to a database with DBID ${dbid}, and the connection to DBID ${identity.dbid}`;
}

/** Clusterware knows the database by this name, and tells no DBID. */
function otherUniqueName({ database: { instance } }: Around, { identity }: Connected): string | undefined {
  if (instance?.by !== "srvctl") return undefined;
  if (instance.uniqueName.toUpperCase() === identity.uniqueName.toUpperCase()) return undefined;
  return `it leads to ${instance.uniqueName}, and the connection to DB_UNIQUE_NAME ${identity.uniqueName}`;
}

async function otherInstances(
  world: Around,
  status: InstanceStatus,
  { instances }: Connected,
): Promise<string | undefined> {
  const running = status.instances.filter(({ state }) => state !== "down");
  // Oracle Restart tells no node: it is the one where its tool runs.
  const here = running.some(({ node }) => node === undefined) ? await nodeName(world) : undefined;
  const isKnown = (one: InstanceFacts) => running.some((candidate) => isSame(candidate, one, here));
  if (instances.every(isKnown)) return undefined;
  const found = running.map(({ name, node, startedAt }) => shown(name, node ?? here, startedAt));
  const wanted = instances.map(({ name, host, startedAt }) => shown(name, host, startedAt));
  return `it leads to the instance ${found.join(", ")}, and the database's own is ${wanted.join(", ")}`;
}

function isSame(found: InstanceOnNode, one: InstanceFacts, here: string | undefined): boolean {
  const node = found.node ?? here;
  // Without a node the name is the database's.
  const isNamed = found.node === undefined || found.name.toUpperCase() === one.name.toUpperCase();
  const isThere = node === undefined || label(node) === label(one.host);
  return isNamed && isThere && (found.startedAt ?? one.startedAt) === one.startedAt;
}

/** undefined where the host runs nothing but the tool. */
async function nodeName({ databaseHost, database, signal }: Around): Promise<string | undefined> {
  const options = { deadlineMs: database.deadlines.statementMs, maxOutputBytes: NODE_NAME_BYTES, signal };
  const { status, stdout } = await databaseHost.run(["uname", "-n"], options);
  const name = stdout.toString("utf8").trim();
  return status === 0 && name !== "" ? name : undefined;
}

/** Some systems tell a name with its domain, some without. */
function label(node: string): string {
  return (node.split(".")[0] ?? node).toLowerCase();
}

function shown(name: string, node: string | undefined, startedAt: string | undefined): string {
  const where = node === undefined ? "" : ` on ${node}`;
  return `${name}${where}${startedAt === undefined ? "" : `, up since ${startedAt}`}`;
}
