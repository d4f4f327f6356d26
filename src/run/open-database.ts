import { oraCodeOf } from "../errors/database-error.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { mountSql, openSql } from "../plan/restore-sql.ts";
import type { InstanceChange, InstanceStatus, StartupRequest } from "../ports/instance.ts";
import {
  type Ascent,
  callWithin,
  connectRoot,
  controlOf,
  remainingMs,
  requireSameDatabase,
} from "./ascent.ts";

const CLOSED_BEFORE = 16_196;

/** From MOUNT to OPEN as it was, with the tool, or by SQL where it cannot. */
export async function openDatabase(ascent: Ascent, status: InstanceStatus): Promise<void> {
  const { world, obligation } = ascent;
  const readOnly = obligation.saved.openMode.startsWith("READ ONLY");
  const request: StartupRequest = {
    to: "open",
    seen: status,
    ...(readOnly ? { readOnly } : {}),
    ...(status.restricted ? { restricted: true } : {}),
  };
  try {
    const { now } = await opening(
      ascent,
      true,
      () => world.instance?.startup(request, callWithin(ascent)) ?? openBySql(ascent, readOnly),
    );
    ascent.known = now;
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

async function openBySql(ascent: Ascent, readOnly: boolean): Promise<InstanceChange> {
  await using db = await connectRoot(ascent);
  await requireSameDatabase(ascent, db);
  await db.execute(openSql(readOnly), { deadlineMs: remainingMs(ascent) });
  return { changed: true };
}

/** What it leads to is known when it is mounted: before that there is no DBID. */
export async function mountBySql(ascent: Ascent): Promise<void> {
  await using db = await connectRoot(ascent);
  await db.execute(mountSql, { deadlineMs: remainingMs(ascent) });
}

/** Notes when it returned: what was opened until then was opened by it. */
export async function opening(
  ascent: Ascent,
  opensDatabase: boolean,
  work: () => Promise<InstanceChange>,
): Promise<InstanceChange> {
  const change = await work();
  if (opensDatabase && change.changed) ascent.openedAtMs = ascent.world.clock.monotonicMs();
  return change;
}

/** The tool cannot do that. */
export function isUnable(error: unknown): boolean {
  return isUmbraError(error) && error.code === "UMB-5309";
}
