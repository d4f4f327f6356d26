import type { DatabaseName, RunId } from "../domain/names.ts";
import { failureText } from "./failure-words.ts";
import { newRunId } from "./run-id.ts";
import type { World } from "./world.ts";

/** Work on what backups left, beside the backups themselves: each kind has a lock and a journal of its own. */
export type AsideKind = "retention" | "snapshot";

export interface AsideRun {
  readonly run: RunId;
  /** For what must not happen while a backup of the database is made. UMB-8001 while one is. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface AsideOptions<T> {
  /** The caller has the database's lock already. */
  readonly alone?: boolean;
  /** Why a result is none; noted in the journal. */
  readonly failureOf?: (result: T) => string | undefined;
}

/**
 * Runs `work` with the lock of its kind and an entry in the journal. A run that died is closed by the next one: all that
 * such a run does may be done again. Throws UMB-8001 while another one is at it.
 */
export async function aside<T>(
  world: World,
  kind: AsideKind,
  work: (run: AsideRun) => Promise<T>,
  { alone = false, failureOf }: AsideOptions<T> = {},
): Promise<T> {
  const { clock, database, signal, state } = world;
  const { journal, leases, locks } = state;
  const name = `${database.name}/${kind}` as DatabaseName;
  const run = newRunId(world, kind);
  using _lock = locks.take(name, run, clock.now());
  for (const { id } of await journal.openRuns(name)) {
    await journal.closeRun(id, { at: clock.now(), outcome: "interrupted", error: `found open by ${run}` });
  }
  // What a dead run used can go again.
  for (const lease of leases.over(database.name)) leases.release(lease.run);
  await journal.openRun({ id: run, database: name, kind, startedAt: clock.now() });
  const withDatabase = async <R>(inner: () => Promise<R>) => {
    if (alone) return await inner();
    using _database = locks.take(database.name, run, clock.now());
    return await inner();
  };
  try {
    const result = await work({ run, alone: withDatabase });
    const failure = failureOf?.(result);
    const end =
      failure === undefined ? { outcome: "done" as const } : { outcome: "failed" as const, error: failure };
    await journal.closeRun(run, { at: clock.now(), ...end });
    return result;
  } catch (error) {
    const outcome = signal.aborted ? "interrupted" : "failed";
    await journal.closeRun(run, { at: clock.now(), outcome, error: failureText(error) }).catch(() => {});
    throw error;
  }
}
