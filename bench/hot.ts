import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { forkSimulator } from "../simulator/doors/forked.ts";
import type { UmbraEvent } from "../src/domain/events.ts";
import { configureAgent, umbra } from "../demo/agent.ts";
import type { BenchOptions } from "./options.ts";

/** Seconds beyond the copies of its own files that a tablespace may spend in backup mode. */
const TARGET_SECONDS = 0.5;
const OPERATIONS_PER_SECOND = 200;

/**
 * How long each tablespace of a live database is in backup mode, against the time of copying its own files. Real
 * driver, real socket, a workload running, one file at a time.
 */
export async function benchHot(options: BenchOptions): Promise<Readonly<Record<string, number>>> {
  const folder = mkdtempSync(join(tmpdir(), "umbra-bench-"));
  try {
    await using production = await forkSimulator({
      base: join(folder, "production"),
      dbName: "BENCH",
      cdb: true,
      pdbs: 1,
      bytes: options.size,
      workload: true,
      opsPerSecond: OPERATIONS_PER_SECOND,
    });
    const setting = configureAgent(folder, {
      port: production.port,
      service: production.ready.services[0] ?? "BENCH",
      user: "c##umbra",
      password: production.ready.accounts.find(({ name }) => name === "C##UMBRA")?.password ?? "",
    });
    const rounds: number[] = [];
    for (let round = 0; round < options.pairs; round += 1) {
      const output = await umbra(setting, "backup", "hot", "DEMO", "--parallel", "1", "--output", "ndjson");
      rounds.push(...overheads(eventsOf(output)));
    }
    const figures = {
      backupModeOverheadSeconds: Math.max(...rounds),
      medianBackupModeOverheadSeconds: rounds.toSorted((a, b) => a - b)[rounds.length >> 1] ?? NaN,
      tablespaces: rounds.length / options.pairs,
      backups: options.pairs,
    };
    console.log(
      `tablespaces in backup mode beyond the copies of their files (target <= ${TARGET_SECONDS} s)`,
    );
    console.log(`  longest  ${figures.backupModeOverheadSeconds.toFixed(3)} s`);
    console.log(`  median   ${figures.medianBackupModeOverheadSeconds.toFixed(3)} s`);
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function eventsOf(output: string): readonly UmbraEvent[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as UmbraEvent);
}

/** From the start of BEGIN to the end of END, less the copies between them: one figure for each tablespace. */
function overheads(events: readonly UmbraEvent[]): readonly number[] {
  const found: number[] = [];
  let begun = 0;
  let copiedMs = 0;
  for (const event of events) {
    if (event.kind === "step-started" && event.step.startsWith("begin-backup")) {
      begun = timeOf(event.at);
      copiedMs = 0;
    }
    if (event.kind !== "step-finished") continue;
    if (event.step.startsWith("copy-datafile")) copiedMs += event.ms;
    if (event.step.startsWith("end-backup")) found.push((timeOf(event.at) - begun - copiedMs) / 1000);
  }
  return found;
}

/** NDJSON has moments as text. */
function timeOf(at: UmbraEvent["at"]): number {
  return new Date(at).getTime();
}
