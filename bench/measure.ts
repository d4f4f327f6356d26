import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";

/** Waits until the disk is quiet, and has nothing of these files in the page cache. */
export function dropFromCache(...files: readonly string[]): void {
  command(["sync"]);
  try {
    writeFileSync("/proc/sys/vm/drop_caches", "1");
  } catch {
    // Not root: the pages of these files alone are dropped.
    for (const file of files) {
      command(["dd", `of=${file}`, "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none"]);
    }
  }
}

/** Seconds that commands take one after the other. */
export function timed(...commands: readonly (readonly string[])[]): number {
  const begin = performance.now();
  for (const argv of commands) command(argv);
  return (performance.now() - begin) / 1000;
}

/** Runs a program to its end; gives what it printed. */
export function command([program = "", ...args]: readonly string[]): string {
  const run = spawnSync(program, args, { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`${program} failed: ${run.stderr || String(run.error)}`);
  return run.stdout;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
