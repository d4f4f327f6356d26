import { oraCodeOf } from "../../errors/database-error.ts";
import type { Database, DatabaseConnector } from "../../ports/database.ts";
import type { InstanceCall, InstanceState, InstanceStatus } from "../../ports/instance.ts";

const STATES: Readonly<Record<string, InstanceState>> = {
  STARTED: "nomount",
  MOUNTED: "mount",
  OPEN: "open",
  "OPEN MIGRATE": "open",
};
/** ORACLE not available; no shared memory of it. */
const DOWN = new Set([1034, 27_101]);
/** Initialization or shutdown in progress, in its several words. */
const STOPPING = new Set([1033, 1089, 1090, 1092]);

const down: InstanceStatus = { state: "down", restricted: false, readOnly: false, instances: [] };

/** Asked over a service that leads to the instance in every state. */
export async function lookAtInstance(
  connector: DatabaseConnector,
  left: () => InstanceCall,
): Promise<InstanceStatus> {
  try {
    await using session = await connector.connect(left());
    return await readStatus(session, left);
  } catch (error) {
    const ora = oraCodeOf(error) ?? 0;
    if (DOWN.has(ora)) return down;
    if (STOPPING.has(ora)) return { ...down, state: "stopping" };
    throw error;
  }
}

async function readStatus(session: Database, left: () => InstanceCall): Promise<InstanceStatus> {
  const [row] = await session.query(
    `select instance_name, host_name, status, logins, shutdown_pending,
            to_char(startup_time, 'YYYY-MM-DD"T"HH24:MI:SS') as started_at from v$instance`,
    {},
    left(),
  );
  const state = row?.["shutdown_pending"] === "YES" ? "stopping" : STATES[String(row?.["status"])];
  if (row === undefined || state === undefined) return { ...down, state: "stopping" };
  const isMounted = state === "open" || state === "mount";
  const [database] = isMounted
    ? await session.query("select open_mode, to_char(dbid) as dbid from v$database", {}, left())
    : [];
  return {
    state,
    restricted: row["logins"] === "RESTRICTED",
    readOnly: String(database?.["open_mode"] ?? "").startsWith("READ ONLY"),
    instances: [
      {
        name: String(row["instance_name"]),
        node: String(row["host_name"]),
        state,
        startedAt: String(row["started_at"]),
      },
    ],
    ...(database === undefined ? {} : { dbid: String(database["dbid"]) }),
  };
}
