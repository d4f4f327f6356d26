import type { Facts } from "../domain/facts.ts";
import { isOpen, readIdentity } from "../discover/identity.ts";
import { readInstances } from "../discover/instances.ts";
import { ROOT } from "../domain/names.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import type { InstanceStatus } from "../ports/instance.ts";
import { provedInstance } from "./same-instance.ts";
import type { World } from "./world.ts";

/** The program is not there, or the operating system's account may not use it: asking again changes nothing. */
const WRONG = new Set(["UMB-5306", "UMB-5307"]);

/**
 * Why the configured way is not proved to lead to the instances of the database that the connection leads to; undefined
 * where it is proved, or where there is no way. Asked before anything is owed: a wrong SID would shut down another
 * database, or none, and STARTUP would be owed for it (rule 1). Changes nothing.
 * Errors: those of the instance's `status`, but for what asking again does not change.
 */
export async function whyNotThisInstance(
  world: World,
  connected: Pick<Facts, "identity" | "instances">,
): Promise<string | undefined> {
  const { instance, database, signal } = world;
  if (instance === undefined) return undefined;
  try {
    const status = await instance.status({ deadlineMs: database.deadlines.statementMs, signal });
    return await provedInstance(world, status, connected);
  } catch (error) {
    if (isUmbraError(error) && WRONG.has(error.code)) return error.message;
    throw error;
  }
}

/** For the moment before SHUTDOWN: UMB-3128 where it is not proved. */
export async function requireThisInstance(
  world: World,
  connected: Pick<Facts, "identity" | "instances">,
): Promise<void> {
  const why = await whyNotThisInstance(world, connected);
  if (why !== undefined)
    throw new UmbraError("UMB-3128", {
      seen: `the way to the instance is not the right one: ${why}; nothing was shut down`,
      rule: 1,
    });
}

/** The same question with a session of its own; undefined too where the database lets nobody in, which proves nothing. */
export async function whyNotTheConnected(
  around: Pick<World, "connector" | "database" | "databaseHost">,
  status: InstanceStatus,
  call: { readonly deadlineMs: number; readonly signal: AbortSignal },
): Promise<string | undefined> {
  try {
    await using db = await around.connector.connect({ ...call, container: ROOT });
    const identity = await readIdentity(db, call);
    if (!isOpen(identity.openMode) && identity.openMode !== "MOUNTED") return undefined;
    const instances = await readInstances(db, call);
    return await provedInstance({ ...around, signal: call.signal }, status, { identity, instances });
  } catch (error) {
    if (isUmbraError(error) && error.code.startsWith("UMB-5")) return undefined;
    throw error;
  }
}
