import type { LogVerdict } from "../domain/log-report.ts";
import type { DatabaseName, FilePath } from "../domain/names.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { type BackfillPlan, bytesOf, copyId, copyTitle } from "../plan/archive-backfill.ts";
import { BackfillCopier } from "./backfill-copier.ts";
import { failureText } from "./failure-words.ts";
import type { LogsRecord } from "./logs-record.ts";
import type { World } from "./world.ts";

/** A log as it was before, and where its copy came from. */
export interface CopiedLog extends LogVerdict {
  readonly source: FilePath;
  /** Absent: the database's own host. */
  readonly standby?: DatabaseName;
}

export interface CopiedLogs {
  readonly copied: readonly CopiedLog[];
  readonly failed: readonly FailedLog[];
}

export interface FailedLog {
  readonly log: LogVerdict;
  readonly problem: string;
  /** The standby that it should have come from; absent: the database's own host. */
  readonly standby?: DatabaseName;
}

/** With the lock held and the run open. */
export async function copyAll(
  world: World,
  record: LogsRecord,
  plan: BackfillPlan,
  dbid: string,
): Promise<CopiedLogs> {
  const copied: CopiedLog[] = [];
  const failed: FailedLog[] = [];
  const copier = new BackfillCopier(world, dbid);
  const total = plan.copies.reduce((sum, copy) => sum + bytesOf(copy), 0);
  let done = 0;
  for (const copy of plan.copies) {
    world.signal.throwIfAborted();
    const id = copyId(copy);
    const origin = copy.from === undefined ? {} : { standby: copy.from.standby };
    try {
      await record.step(id, copyTitle(copy), () => copier.copy(copy));
      copied.push({ ...copy.log, source: copy.source, ...origin });
    } catch (error) {
      if (!isOfOneLog(error) || world.signal.aborted) throw error;
      failed.push({ log: copy.log, problem: failureText(error), ...origin });
    }
    done += bytesOf(copy);
    record.progress(id, done, total);
  }
  return { copied, failed };
}

/** What is wrong with one source says nothing about the next; a full or hanging storage does. */
function isOfOneLog(error: unknown): boolean {
  return isUmbraError(error) && (error.code.startsWith("UMB-9") || error.code.startsWith("UMB-71"));
}
