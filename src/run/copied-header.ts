import { formatScn, type Scn } from "../domain/scn.ts";
import { type DatafileHeader, readDatafileHeader } from "../formats/datafile-header.ts";
import type { Transfer } from "./at-its-place.ts";

export interface ExpectedHeader {
  readonly dbid: string;
  readonly resetlogsScn: Scn;
  /** v$backup.CHANGE#; undefined for a file that was copied while nobody wrote it. */
  readonly beginScn: Scn | undefined;
}

/** Everything in which the header of a copy differs from what the database says (rule 128). */
export function copyProblems(
  head: Uint8Array,
  step: Transfer,
  expected: ExpectedHeader,
): { readonly header?: DatafileHeader; readonly problems: readonly string[] } {
  const parsed = readDatafileHeader(head);
  if (!parsed.ok) return { problems: [parsed.reason] };
  const header = parsed.value;
  const problems = [
    ...different("DBID", header.dbid, expected.dbid),
    ...different("file number", header.file, step.file),
    ...different("creation SCN", formatScn(header.creationScn), formatScn(step.creationScn)),
    ...stateProblems(header, step, expected),
  ];
  return { header, problems };
}

/**
 * In backup mode the checkpoint stands at BEGIN. Else it stands where it stood when the plan was made, or somebody wrote
 * the file; such files may be of an earlier incarnation, as read-only tablespaces are.
 */
function stateProblems(header: DatafileHeader, step: Transfer, expected: ExpectedHeader): readonly string[] {
  const checkpoint = formatScn(header.checkpoint.scn);
  if (expected.beginScn !== undefined) {
    return [
      ...(header.status.hotBackup ? [] : ["its header does not say that it is in backup mode"]),
      ...different("checkpoint SCN", checkpoint, formatScn(expected.beginScn)),
      ...different("resetlogs SCN", formatScn(header.resetlogsScn), formatScn(expected.resetlogsScn)),
    ];
  }
  const needsRecovery =
    step.protection.by === "nobody-writes" && step.protection.why === "offline-needs-recovery";
  if (needsRecovery) return [];
  const moved = step.protection.by === "backup-mode";
  return [
    ...(header.status.fuzzy
      ? ["its header says that it needs recovery: it was written while it was copied"]
      : []),
    // A tablespace made read only since the plan has a later checkpoint, and is clean.
    ...(moved ? [] : different("checkpoint SCN", checkpoint, formatScn(step.checkpointScn))),
  ];
}

function different(what: string, found: string | number, wanted: string | number): readonly string[] {
  return found === wanted ? [] : [`its ${what} is ${found}, not ${wanted}`];
}
