import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { ColdFigures } from "./cold-measure.ts";
import type { BenchOptions } from "./options.ts";
import { shipped } from "./shipped.ts";

/** Seconds of downtime beyond SHUTDOWN and STARTUP themselves, whatever the size. */
const TARGET_OVERHEAD = 5;
/** Downtime of a pre-copy against that of a plain copy. */
const TARGET_RATIO = 0.25;

type Figures = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

/**
 * How long a database is down for a cold backup. With snapshots (reflinks on XFS, which needs root for a mount) the
 * figure is the downtime less what SHUTDOWN and STARTUP take by hand, at a quarter, a half and all of the size; with a
 * pre-copy it is the downtime against that of a plain copy in the same round, while 1 % of the blocks changed since the
 * pre-copy. What is shipped is measured: agent and simulator are compiled first.
 */
export function benchCold({ size, pairs }: BenchOptions): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "umbra-bench-"));
  try {
    const script = shipped(folder, "cold-measure", ["simulator/main.ts", "simulator/programs/client.ts"]);
    symlinkSync(fileURLToPath(new URL("../sql", import.meta.url)), join(folder, "sql"));
    const run = spawnSync(process.execPath, [script, String(size), String(pairs)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (run.status !== 0) throw new Error(`the measurement ended with ${run.signal ?? String(run.status)}`);
    const measured = JSON.parse(run.stdout) as ColdFigures;
    print(measured);
    return Promise.resolve({ ...measured, bytes: size, pairs });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function print({ downtimeOverheadSecondsBySize: overheads, preCopyDowntimeRatio: ratio }: ColdFigures): void {
  console.log("figure                              measured   target");
  for (const [gib, overhead] of Object.entries(overheads ?? { any: NaN })) {
    const value = Number.isNaN(overhead) ? "not run" : overhead.toFixed(2);
    console.log(`overhead, snapshot, ${gib.padEnd(12)} ${value.padStart(11)}   <= ${TARGET_OVERHEAD} s`);
  }
  console.log(`preCopyDowntimeRatio             ${ratio.toFixed(3).padStart(11)}   <= ${TARGET_RATIO}`);
}
