import { isOpen, readIdentity } from "../discover/identity.ts";
import { readRows } from "../discover/row-reader.ts";
import { isSince, statements } from "../discover/statements.ts";
import type { DatabaseIdentity } from "../domain/facts.ts";
import { type Instant, parseUtc } from "../domain/instant.ts";
import { type ContainerName, ROOT } from "../domain/names.ts";
import type { StartupObligation } from "../domain/obligation.ts";
import type { ContainerAtStartup, SavedContainer, SavedService, SavedState } from "../domain/saved-state.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import type { World } from "./world.ts";

/** What a database is like at one time. */
export interface DatabaseState {
  readonly identity: DatabaseIdentity;
  readonly saved: SavedState;
  readonly startedAt: StartupObligation["startedAt"];
  /** v$pdbs.open_time by name, of those that are open. */
  readonly openedAt: Readonly<Record<string, Instant>>;
}

/**
 * Reads what a cold backup has to give back (rule 25). `db` is a session in the root; the database is mounted or open.
 * The seed is left out: it is always as it is.
 */
export async function readSavedState(
  world: World,
  db: Database,
  options: CallOptions = { deadlineMs: world.database.deadlines.statementMs },
): Promise<DatabaseState> {
  const identity = await readIdentity(db, options);
  const running = await readRows(db, "running-instances", options, (row) => ({
    instance: row.text("instance_name"),
    version: row.text("version"),
    open: row.text("status").startsWith("OPEN"),
    restricted: row.text("logins") === "RESTRICTED",
    at: row.text("started_at"),
  }));
  // One that is only mounted beside others that have the database open serves nobody.
  const up = isOpen(identity.openMode) ? running.filter((one) => one.open) : running;
  const { containers, openedAt } = await readContainerStates(db, identity, options);
  const atStartup = await readAtStartup(db, identity, running[0]?.version ?? "", options);
  // Clusterware starts the services of a cluster, on the instance that it chooses.
  const services = running.length > 1 ? [] : await readServices(db, options);
  const apply = await readApply(db, identity, running[0]?.version ?? "", options);
  const saved: SavedState = {
    openMode: identity.openMode,
    role: identity.role,
    restricted: running.some((one) => one.restricted),
    instances: up.map((one) => one.instance),
    containers,
    ...(atStartup === undefined ? {} : { atStartup }),
    services,
    ...(apply === undefined ? {} : { apply }),
  };
  const startedAt = running.map(({ instance, at }) => ({ instance, at }));
  return { identity, saved, startedAt, openedAt };
}

interface ContainerStates {
  readonly containers: readonly SavedContainer[];
  readonly openedAt: Readonly<Record<string, Instant>>;
}

async function readContainerStates(
  db: Database,
  { cdb }: DatabaseIdentity,
  options: CallOptions,
): Promise<ContainerStates> {
  if (!cdb) return { containers: [], openedAt: {} };
  const rows = await readRows(db, "container-states", options, (row) => ({
    name: row.text("name") as ContainerName,
    openMode: row.text("open_mode"),
    restricted: row.optionalText("restricted") === "YES",
    openedAt: parseUtc(row.optionalText("opened_at") ?? ""),
  }));
  return {
    containers: rows.map(({ name, openMode, restricted }) => ({ name, openMode, restricted })),
    openedAt: Object.fromEntries(
      rows.flatMap((row) => (row.openedAt === undefined ? [] : [[row.name, row.openedAt]])),
    ),
  };
}

/** The dictionary has it, so the root must be open. */
async function readAtStartup(
  db: Database,
  { cdb, openMode }: DatabaseIdentity,
  version: string,
  options: CallOptions,
): Promise<readonly ContainerAtStartup[] | undefined> {
  const statement = "container-saved-states";
  if (!cdb || !isOpen(openMode) || !isSince(statements[statement], version)) return undefined;
  return await readRows(db, statement, options, (row) => ({
    container: row.text("con_name") as ContainerName,
    instance: row.text("instance_name"),
    state: row.text("state"),
    restricted: row.optionalText("restricted") === "YES",
  }));
}

function readServices(db: Database, options: CallOptions): Promise<SavedService[]> {
  return readRows(db, "running-services", options, (row) => ({
    container: (row.optionalText("pdb") ?? ROOT) as ContainerName,
    name: row.text("name"),
  }));
}

/** Absent where no recovery process is there. */
async function readApply(
  db: Database,
  { role }: DatabaseIdentity,
  version: string,
  options: CallOptions,
): Promise<SavedState["apply"]> {
  if (role !== "PHYSICAL STANDBY") return undefined;
  const view = isSince(statements["standby-apply"], version) ? "standby-apply" : "standby-apply-before-12-2";
  const processes = await readRows(db, view, options, (row) => row.text("process"));
  if (processes.length === 0) return undefined;
  const modes = await readRows(db, "standby-apply-mode", options, (row) => row.text("recovery_mode"));
  return { realTime: modes.some((mode) => mode.startsWith("MANAGED REAL TIME APPLY")) };
}

/**
 * True where clusterware would start the database again during the downtime (rule 22); absent from the state where it
 * would not. Asked apart from the rest: the tool takes seconds.
 */
export async function readAutoRestart({ instance, database }: World, signal: AbortSignal): Promise<boolean> {
  return (await instance?.autoRestart?.read({ deadlineMs: database.deadlines.statementMs, signal })) ?? false;
}
