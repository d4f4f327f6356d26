import type { Facts, OnlineLogFacts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import { formatBytes } from "../domain/human.ts";
import type { Refusal } from "../domain/refusal.ts";

/** Reasons that lie in the backup area: not there, not writable, too small for what is predicted. */
export function refuseArea(facts: Facts, config: DatabaseConfig, datafileBytes: number): readonly Refusal[] {
  const area = facts.backupArea;
  if (area === undefined || !area.parentExists) {
    const seen = `neither the backup area ${config.backupArea} nor the storage's directory above it is there`;
    return [{ code: "UMB-3113", seen, todo: "mount the storage, or correct its path in the configuration" }];
  }
  const refusals: Refusal[] = [];
  if (!area.writable) {
    const seen = `the backup area ${area.path} cannot be written`;
    refusals.push({ code: "UMB-3114", seen, todo: "let umbra's user write it; look for a read-only mount" });
  }
  const predicted = predictedBytes(facts, datafileBytes);
  if (area.freeBytes < predicted + config.backup.spareBytes) {
    refusals.push({
      code: "UMB-3115",
      seen: `the backup area ${area.path} has ${formatBytes(area.freeBytes)} free; the backup needs ${formatBytes(predicted)} and ${formatBytes(config.backup.spareBytes)} is to stay free`,
      todo: "free or add space, or lower spare in the configuration",
    });
  }
  return refusals;
}

/** Bytes of a backup. At least one log of each thread is copied; how many more, the load decides. */
export function predictedBytes({ onlineLogs }: Facts, datafileBytes: number): number {
  return datafileBytes + predictedLogBytes(onlineLogs);
}

function predictedLogBytes(logs: readonly OnlineLogFacts[]): number {
  const largest = new Map<number, number>();
  for (const log of logs) largest.set(log.thread, Math.max(largest.get(log.thread) ?? 0, log.bytes));
  return [...largest.values()].reduce((sum, bytes) => sum + bytes, 0);
}
