import { OraError } from "../engine/ora-error.ts";
import type { RecoverSpec } from "./api.ts";
import { headerOf } from "./checkpoint.ts";
import type { Reached } from "./recover.ts";
import type { RecoveryContext } from "./recovery-logs.ts";
import type { FileUnderRecovery } from "./redo-apply.ts";
import { fileLine, line } from "./refusals.ts";

/**
 * SNAPSHOT TIME recovers copies that were taken at one moment without backup mode (rules 66 to 69). Refused without the
 * option (ORA-19840), and where a copy's checkpoint is later than the moment (ORA-19839): it was taken after it.
 */
export function requireSnapshotTime(
  { profile }: Pick<RecoveryContext, "profile">,
  { snapshotTime }: RecoverSpec,
  files: readonly FileUnderRecovery[],
): void {
  if (snapshotTime === undefined) return;
  const refused = (...below: readonly string[]) =>
    new OraError(283, "recovery session canceled due to errors", { below });
  if (profile.edition !== "EE") throw refused(line(19_840, "SNAPSHOT TIME recovery is not enabled"));
  const late = files.find(({ record, wasOpen }) => wasOpen && headerOf(record).checkpoint.at > snapshotTime);
  if (late === undefined) return;
  const text = "snapshot datafile checkpoint time is greater than snapshot time";
  throw refused(line(19_839, text), fileLine(late.record));
}

/**
 * Whether redo was applied past everything that a copy of an open file can hold: to the end of all redo, or past the
 * moment that SNAPSHOT TIME names, which is believed. Without it a target proves nothing (ORA-01194). Who cancels by
 * himself is believed too, as far as the redo that was applied met no newer block.
 */
export function isWhole(
  { snapshotTime, until }: RecoverSpec,
  { end, at }: Pick<Reached, "end" | "at">,
): boolean {
  if (end.kind === "end") return true;
  if (snapshotTime === undefined) return until === "CANCEL";
  return at !== undefined && at >= snapshotTime;
}
