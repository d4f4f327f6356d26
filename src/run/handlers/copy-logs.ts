import type { ArchivedLogFacts } from "../../domain/facts.ts";
import { counted } from "../../domain/human.ts";
import { formatScn } from "../../domain/scn.ts";
import type { FilePath } from "../../domain/names.ts";
import type { ManifestLog } from "../../domain/manifest.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { archivedLogProblems, readArchivedLogHeader } from "../../formats/archived-log-header.ts";
import { below } from "../../plan/backup-layout.ts";
import { eachOf } from "../each-of.ts";
import type { Handler, StepContext } from "../step-context.ts";

/** Copies each needed log once and checks it by header and size (rule 94). */
export const copyLogs: Handler<"copy-logs"> = async (step, context) => {
  const { results, signal } = context;
  const total = results.logSet.reduce((sum, log) => sum + (log.blocks + 1) * log.blockSize, 0);
  let done = 0;
  await eachOf(results.logSet, step.width, signal, async (log, stop) => {
    const copied = await copyLog(step.directory, log, context, stop);
    results.logs.push(copied);
    done += copied.bytes;
    context.progress(step.id, done, total);
  });
  results.logs.sort((a, b) => a.thread - b.thread || a.sequence - b.sequence);
  return { note: counted(results.logs.length, "archived log"), bytes: done };
};

/** The log under a name of umbra's own, checked by its header. */
export async function copyLog(
  directory: FilePath,
  log: ArchivedLogFacts,
  { world, plan }: StepContext,
  signal: AbortSignal,
): Promise<ManifestLog> {
  const { thread, sequence, resetlogsId, firstScn, nextScn, blockSize } = log;
  const target: FilePath = below(directory, `${thread}_${sequence}_${resetlogsId}.arc`);
  const result = await world.databaseHost.copy({
    source: log.path,
    target,
    mode: "redo",
    blockSize,
    expectedBlocks: log.blocks,
    signal,
    stallMs: world.database.deadlines.copyStallMs,
  });
  const parsed = readArchivedLogHeader(result.head);
  const expected = {
    fileBytes: result.bytes,
    dbid: plan.facts.identity.dbid,
    thread,
    sequence,
    resetlogsId,
    firstScn,
    nextScn,
  };
  const problems = parsed.ok ? archivedLogProblems(parsed.value, expected) : [parsed.reason];
  if (problems.length > 0) throw new UmbraError("UMB-9003", { log: log.path, problems, rule: 94 });
  return {
    name: target.slice(plan.directory.length + 1),
    bytes: result.bytes,
    sha256: result.sha256,
    thread,
    sequence,
    resetlogsId,
    firstScn: formatScn(firstScn),
    nextScn: formatScn(nextScn),
    blockSize,
  };
}
