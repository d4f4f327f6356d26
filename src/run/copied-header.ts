import { formatScn, type Scn } from "../domain/scn.ts";
import { type DatafileHeader, readDatafileHeader } from "../formats/datafile-header.ts";
import type { CopyDatafile } from "../domain/step.ts";

/** What is compared of a file, however it was copied. */
type Copied = Pick<CopyDatafile, "file" | "creationScn" | "checkpointScn" | "protection">;

export interface ExpectedHeader {
  readonly dbid: string;
  readonly resetlogsScn: Scn;
  /** v$backup.CHANGE#; undefined for a file that was copied while nobody wrote it. */
  readonly beginScn: Scn | undefined;
}

/** The header of a file that was in any state: whose it is, and nothing more. */
export function identityProblems(
  head: Uint8Array,
  step: Copied,
  expected: Pick<ExpectedHeader, "dbid" | "resetlogsScn">,
): { readonly header?: DatafileHeader; readonly problems: readonly string[] } {
  const parsed = readDatafileHeader(head);
  if (!parsed.ok) return { problems: [parsed.reason] };
  const header = parsed.value;
  const problems = [
    ...ownerProblems(header, step, expected),
    ...different("resetlogs SCN", formatScn(header.resetlogsScn), formatScn(expected.resetlogsScn)),
  ];
  return { header, problems };
}

/** Everything in which the header of a copy differs from what the database says (rule 128). */
export function copyProblems(
  head: Uint8Array,
  step: Copied,
  expected: ExpectedHeader,
): { readonly header?: DatafileHeader; readonly problems: readonly string[] } {
  const parsed = readDatafileHeader(head);
  if (!parsed.ok) return { problems: [parsed.reason] };
  const header = parsed.value;
  const problems = [...ownerProblems(header, step, expected), ...stateProblems(header, step, expected)];
  return { header, problems };
}

function ownerProblems(
  header: DatafileHeader,
  step: Copied,
  { dbid }: Pick<ExpectedHeader, "dbid">,
): readonly string[] {
  return [
    ...different("DBID", header.dbid, dbid),
    ...different("file number", header.file, step.file),
    ...different("creation SCN", formatScn(header.creationScn), formatScn(step.creationScn)),
  ];
}

/**
 * In backup mode the checkpoint stands at BEGIN. Else it stands where it stood when the plan was made, or somebody wrote
 * the file; such files may be of an earlier incarnation, as read-only tablespaces are.
 */
function stateProblems(header: DatafileHeader, step: Copied, expected: ExpectedHeader): readonly string[] {
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
