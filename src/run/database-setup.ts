import { readBlockChangeTracking } from "../discover/block-change-tracking.ts";
import type { FilePath } from "../domain/names.ts";
import type { RmanScript } from "../domain/rman.ts";
import type { DatabaseSetupStep, SnapshotControlfile } from "../domain/setup-plan.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import {
  nameSnapshotControlfileScript,
  resetSnapshotControlfileScript,
  showSnapshotControlfileScript,
} from "../plan/rman-script.ts";
import { disableChangeTrackingSql, enableChangeTrackingSql } from "../plan/sql-text.ts";
import type { RmanReport } from "../ports/rman.ts";
import { inRoot } from "./in-root.ts";
import type { World } from "./world.ts";

/** Of a script that only reads or sets one name. */
const RMAN_MS = 300_000;

/** The tracking file; undefined while tracking is off. */
export async function readTracking(world: World): Promise<FilePath | undefined> {
  return await inRoot(world, (db, statement) => readBlockChangeTracking(db, statement));
}

/** Where RMAN puts its snapshot of the control file; undefined where it cannot be asked. Errors as those of `Rman`. */
export async function readSnapshotControlfile(world: World): Promise<SnapshotControlfile | undefined> {
  const report = await runScript(world, showSnapshotControlfileScript());
  const found = report?.events.findLast((event) => event.kind === "snapshot-controlfile");
  return found === undefined ? undefined : { path: found.path as FilePath, isDefault: found.isDefault };
}

/**
 * Performs one step and reads back what it made: an answer that was lost is no failure where it was done.
 * Errors: UMB-9042 where it is not as it was set; those of the database and of RMAN.
 */
export async function performOnDatabase(world: World, step: DatabaseSetupStep): Promise<void> {
  switch (step.kind) {
    case "enable-change-tracking":
      await execute(world, enableChangeTrackingSql(step.path), step.path);
      return;
    case "disable-change-tracking":
      await execute(world, disableChangeTrackingSql(), undefined);
      return;
    case "share-snapshot-controlfile":
      await configure(world, nameSnapshotControlfileScript(step.path), (now) => now?.path === step.path);
      return;
    case "reset-snapshot-controlfile":
      await configure(world, resetSnapshotControlfileScript(), (now) => now?.isDefault === true);
      await world.backupHost.remove(step.path, {
        deadlineMs: world.database.deadlines.statementMs,
        signal: world.signal,
      });
  }
}

async function execute(world: World, sql: string, wanted: FilePath | undefined): Promise<void> {
  const done = await attempt(world, () => inRoot(world, (db, statement) => db.execute(sql, statement)));
  const found = await readTracking(world);
  if (found === wanted) return;
  if (done.error !== undefined) throw done.error;
  const text = (path: FilePath | undefined) => path ?? "off";
  throw new UmbraError("UMB-9042", {
    name: "block change tracking",
    wanted: text(wanted),
    found: text(found),
  });
}

async function configure(
  world: World,
  script: RmanScript,
  isDone: (now: SnapshotControlfile | undefined) => boolean,
): Promise<void> {
  const done = await attempt(world, () => runScript(world, script));
  const now = await readSnapshotControlfile(world);
  if (isDone(now)) return;
  if (done.error !== undefined) throw done.error;
  const name = "the snapshot control file of RMAN";
  throw new UmbraError("UMB-9042", { name, wanted: script.action, found: now?.path ?? "unknown" });
}

async function runScript({ rman, signal }: World, script: RmanScript): Promise<RmanReport | undefined> {
  return await rman?.run(script, { deadlineMs: RMAN_MS, signal });
}

async function attempt(
  { signal }: World,
  work: () => Promise<unknown>,
): Promise<{ readonly error?: unknown }> {
  try {
    await work();
    return {};
  } catch (error) {
    if (!isUmbraError(error) || signal.aborted) throw error;
    return { error };
  }
}
