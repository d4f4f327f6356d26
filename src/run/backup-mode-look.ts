import { readBackupMode } from "../discover/backup-mode.ts";
import { readSessionStatus } from "../discover/sessions.ts";
import type { Obligation } from "../domain/obligation.ts";
import { isOurs } from "../plan/ownership.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import type { World } from "./world.ts";

export interface BackupModeLook {
  /** Files of the obligation that are ACTIVE and provably ours. */
  readonly active: readonly number[];
  /** Why v$backup does not prove that the others are not in backup mode of ours. */
  readonly doubts: readonly string[];
}

/** What v$backup says of an obligation's files. A file that it does not have any more was dropped. */
export async function lookAtBackupMode(
  db: Database,
  obligation: Obligation,
  options: CallOptions,
): Promise<BackupModeLook> {
  const modes = await readBackupMode(db, options);
  const active: number[] = [];
  const doubts: string[] = [];
  for (const identity of obligation.files) {
    const { file } = identity;
    const mode = modes.get(file);
    if (isOurs(obligation, identity, mode)) active.push(file);
    else if (mode?.problem !== undefined) doubts.push(`v$backup says of file ${file}: ${mode.problem}`);
    else if (
      mode?.active === true &&
      obligation.begun === undefined &&
      mode.changeScn >= obligation.asked.scn
    ) {
      doubts.push(`file ${file} is ACTIVE, and cannot be told from what somebody else began (rule 43)`);
    }
  }
  return { active, doubts };
}

/**
 * False when a BEGIN whose CHANGE# was never read cannot take effect any more: its session is gone. One that does nothing
 * may still have the statement on its way through a network that comes back, until its deadline has passed.
 */
export async function beginMayComeYet(
  world: World,
  db: Database,
  { begun, asked, openedAt }: Obligation,
  options: CallOptions,
): Promise<boolean> {
  if (begun !== undefined) return false;
  const inTime = world.clock.now() < openedAt + asked.deadlineMs;
  if (asked.session === undefined) return inTime;
  const status = await readSessionStatus(db, asked.session, options);
  return status !== undefined && (status === "ACTIVE" || inTime);
}
