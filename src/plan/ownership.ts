import type { BackupModeFacts } from "../domain/facts.ts";
import { parseUtc } from "../domain/instant.ts";
import type { Obligation } from "../domain/obligation.ts";
import type { FileIdentity } from "../domain/step.ts";

/** V$ dates are whole seconds, so something after BEGIN can look a second early; the rest is for slow statements. */
const DATE_SLACK_MS = 2_000;

/**
 * True where the obligation proves that this backup mode is umbra's own (rules 37, 43): CHANGE# is the one noted after
 * BEGIN. Where the run died before noting it, the file was NOT ACTIVE right before our BEGIN, so it is ours if it
 * became active after that SCN and inside the time that our BEGIN could take.
 */
export function isOurs(
  obligation: Obligation,
  file: FileIdentity,
  backup: BackupModeFacts | undefined,
): boolean {
  if (backup?.active !== true) return false;
  if (!obligation.files.some((f) => f.file === file.file && f.creationScn === file.creationScn)) return false;
  const noted = obligation.begun?.[file.file];
  if (noted !== undefined) return noted === backup.changeScn;
  if (obligation.begun !== undefined) return false;
  return backup.changeScn >= obligation.asked.scn && insideWindow(obligation, backup.at);
}

function insideWindow({ asked }: Obligation, at: string | undefined): boolean {
  const begun = parseUtc(`${at ?? ""}Z`);
  const from = parseUtc(`${asked.localTime}Z`);
  if (begun === undefined || from === undefined) return false;
  return begun >= from - DATE_SLACK_MS && begun <= from + asked.deadlineMs + DATE_SLACK_MS;
}
