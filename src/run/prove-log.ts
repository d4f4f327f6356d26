import type { FilePath } from "../domain/names.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { archivedLogProblems, readArchivedLogHeader } from "../formats/archived-log-header.ts";
import { type BackfillCopy, bytesOf } from "../plan/archive-backfill.ts";

/** That it is this log, and nothing else (rules 94, 95). Throws UMB-9003. */
export function proveLog(
  path: FilePath,
  head: Buffer,
  { log, firstScn, nextScn, blocks, blockSize }: BackfillCopy,
  dbid: string,
  bytes = bytesOf({ blocks, blockSize }),
): void {
  const { thread, sequence, incarnation: resetlogsId } = log;
  const parsed = readArchivedLogHeader(head);
  const expected = { fileBytes: bytes, dbid, thread, sequence, resetlogsId, firstScn, nextScn };
  const problems = parsed.ok ? archivedLogProblems(parsed.value, expected) : [parsed.reason];
  if (problems.length > 0) throw new UmbraError("UMB-9003", { log: path, problems, rule: 94 });
}
