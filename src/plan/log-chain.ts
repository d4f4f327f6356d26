import type { Manifest, ManifestLog } from "../domain/manifest.ts";

/**
 * Why the logs of a backup do not lead from its first BEGIN to where it says recovery can go; empty for a whole chain.
 * Logs of each thread must follow each other by sequence and by SCN (rules 47, 95, 96).
 */
export function logChainProblems({ scns, logs }: Pick<Manifest, "scns" | "logs">): readonly string[] {
  const problems = scns.threads.flatMap((thread) => threadProblems(thread, scns, logs));
  if (BigInt(scns.recoverableTo) < BigInt(scns.minimumRecovery)) {
    problems.push(
      `the logs end at SCN ${scns.recoverableTo}, before the last END BACKUP at ${scns.minimumRecovery}`,
    );
  }
  return problems;
}

function threadProblems(
  thread: number,
  scns: Manifest["scns"],
  all: readonly ManifestLog[],
): readonly string[] {
  const logs = all.filter((log) => log.thread === thread).toSorted((a, b) => a.sequence - b.sequence);
  const [first] = logs;
  const last = logs.at(-1);
  if (first === undefined || last === undefined) return [`thread ${thread} has no log`];
  const problems: string[] = [];
  // A thread that was enabled later begins with its first log.
  if (BigInt(first.firstScn) > BigInt(scns.neededFrom) && first.sequence !== 1) {
    problems.push(`thread ${thread} begins at SCN ${first.firstScn}, needed is ${scns.neededFrom}`);
  }
  if (BigInt(last.nextScn) < BigInt(scns.recoverableTo)) {
    problems.push(`thread ${thread} ends at SCN ${last.nextScn}, promised is ${scns.recoverableTo}`);
  }
  for (const [index, log] of logs.entries()) {
    const next = logs[index + 1];
    if (next !== undefined && !follows(log, next)) {
      problems.push(`thread ${thread}: sequence ${next.sequence} does not follow ${log.sequence}`);
    }
  }
  return problems;
}

function follows(log: ManifestLog, next: ManifestLog): boolean {
  return (
    next.sequence === log.sequence + 1 &&
    next.firstScn === log.nextScn &&
    next.resetlogsId === log.resetlogsId
  );
}
