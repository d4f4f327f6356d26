import type { RetentionConfig } from "../../src/domain/fleet.ts";
import { instant } from "../../src/domain/instant.ts";
import type { CatalogEntry } from "../../src/domain/journal.ts";
import { backupHot } from "../../src/run/backup-hot.ts";
import { DAY, RETENTION } from "./kept-backups.ts";
import { type LiveLogs, liveLogs } from "./live-logs.ts";
import type { SimulatedWorldOptions } from "./simulated-world.ts";

export interface PrunableLogs extends LiveLogs {
  /** Both clocks are so far ahead. */
  readonly time: { aheadMs: number };
  /** A hot backup, then so many logs, then a day. */
  readonly backedUp: (switches?: number) => Promise<CatalogEntry>;
}

/** A database whose logs come into its live area, and whose policy protects nothing older than the newest backup. */
export async function prunableLogs(
  retention: Partial<RetentionConfig> = {},
  { database, ...options }: SimulatedWorldOptions = {},
): Promise<PrunableLogs> {
  const time = { aheadMs: 0 };
  const now = () => instant(Date.now() + time.aheadMs);
  const live = await liveLogs({
    ...options,
    database: { totalBytes: 2_000_000, logBytes: 131_072, ...database, now: () => new Date(now()) },
    config: { retention: { ...RETENTION, graceMs: 0, ...retention }, ...options.config },
    change: (world) => {
      const moved = { ...world, clock: { ...world.clock, now } };
      return options.change?.(moved) ?? moved;
    },
  });
  return {
    ...live,
    time,
    backedUp: async (switches = 2) => {
      const made = await backupHot(live.world);
      if (!made.ok) throw new Error(JSON.stringify(made.refusals));
      await live.switched(switches);
      time.aheadMs += DAY;
      return made.backup;
    },
  };
}
