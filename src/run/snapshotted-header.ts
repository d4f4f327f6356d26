import type { DatabaseIdentity } from "../domain/facts.ts";
import type { Scn } from "../domain/scn.ts";
import type { SnapshottedFile } from "../domain/snapshot-step.ts";
import type { DatafileHeader } from "../formats/datafile-header.ts";
import { copyProblems, identityProblems } from "./copied-header.ts";

/** Everything in which a file in a snapshot differs from what the database says (rule 128). */
export function snapshottedProblems(
  head: Uint8Array,
  bytes: number,
  file: SnapshottedFile,
  expected: Pick<DatabaseIdentity, "dbid" | "resetlogsScn"> & { readonly beginScn: Scn | undefined },
): { readonly header?: DatafileHeader; readonly problems: readonly string[] } {
  const timed = file.protection.by === "snapshot-time";
  const { header, problems } = timed
    ? identityProblems(head, file, expected)
    : copyProblems(head, file, expected);
  if (header === undefined) return { problems };
  const wanted = (header.blocks + 1) * header.blockSize;
  const short = bytes < wanted ? [`it holds ${bytes} bytes, its header tells of ${wanted}`] : [];
  return { header, problems: [...problems, ...short] };
}
