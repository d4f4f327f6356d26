import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { writeDatafile } from "./datafile.ts";
import { command, dropFromCache, median, timed } from "./measure.ts";
import type { BenchOptions } from "./options.ts";
import { shipped } from "./shipped.ts";

interface Once {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMiB: number;
  readonly blocksOk: number;
  readonly sha256: string;
}

const targets = {
  ratioToCp: 0.9,
  ratioToCpPlusSha256sum: 2.5,
  cpuSecondsPerGiB: 2,
  peakRssMiB: 160,
} as const;

/**
 * The copy engine against `cp` + fsync and against `cp` + fsync + `sha256sum`, in turn, each with a cold source and a
 * new target. Each round begins with another side, and ratios are medians of the rounds' ratios, so that load from
 * elsewhere and what one side leaves behind on the disk hit all of them.
 */
export async function benchCopy(options: BenchOptions): Promise<Readonly<Record<string, number>>> {
  const folder = mkdtempSync(join(tmpdir(), "umbra-bench-"));
  try {
    const script = shipped(folder, "copy-once");
    const source = join(folder, "users01.dbf");
    const { bytes, blocks } = await writeDatafile(source, options.size);
    const copy = join(folder, "copy.dbf");
    const rounds: { umbra: Once; cp: number; sums: number }[] = [];
    for (let round = 0; round < options.pairs; round += 1) {
      const sides = {
        umbra: () => copyOnce(script, source, copy, blocks),
        cp: () => timed(["cp", source, copy], ["sync", copy]),
        sums: () => timed(["cp", source, copy], ["sync", copy], ["sha256sum", copy]),
      };
      const measured = inTurn(round, sides, (side) => cold(source, copy, side));
      rounds.push(measured);
      const { umbra, cp, sums } = measured;
      console.error(
        `round ${round + 1}: umbra ${umbra.seconds.toFixed(2)} s, cp ${cp.toFixed(2)} s, cp + sha256sum ${sums.toFixed(2)} s`,
      );
    }
    const figures = {
      ratioToCp: median(rounds.map((r) => r.cp / r.umbra.seconds)),
      ratioToCpPlusSha256sum: median(rounds.map((r) => r.sums / r.umbra.seconds)),
      cpuSecondsPerGiB: median(rounds.map((r) => (r.umbra.cpuSeconds / bytes) * 2 ** 30)),
      peakRssMiB: Math.max(...rounds.map((r) => r.umbra.peakRssMiB)),
      mibPerSecond: median(rounds.map((r) => bytes / 2 ** 20 / r.umbra.seconds)),
      bytes,
      pairs: options.pairs,
    };
    print(figures);
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Sides = { readonly umbra: () => Once; readonly cp: () => number; readonly sums: () => number };

/** Measures all sides of a round, beginning with another one each time. */
function inTurn(round: number, sides: Sides, measure: <T>(side: () => T) => T) {
  const found = { umbra: undefined as Once | undefined, cp: 0, sums: 0 };
  const turns = [
    () => (found.umbra = measure(sides.umbra)),
    () => (found.cp = measure(sides.cp)),
    () => (found.sums = measure(sides.sums)),
  ];
  for (const index of turns.keys()) turns[(index + round) % turns.length]?.();
  const { umbra, cp, sums } = found;
  if (umbra === undefined) throw new Error("a side was not measured");
  return { umbra, cp, sums };
}

/** Runs one side with a source that is not in the page cache, a target that does not exist and a quiet disk. */
function cold<T>(source: string, target: string, side: () => T): T {
  rmSync(target, { force: true });
  dropFromCache(source);
  return side();
}

function copyOnce(script: string, source: string, target: string, blocks: number): Once {
  const once = JSON.parse(command([process.execPath, script, source, target])) as Once;
  if (once.blocksOk !== blocks) throw new Error(`${once.blocksOk} of ${blocks} blocks were judged good`);
  return once;
}

function print(figures: Readonly<Record<string, number>>): void {
  console.log("figure                    measured   target");
  for (const [name, target] of Object.entries(targets)) {
    const sign = name.startsWith("ratio") ? ">=" : "<=";
    const value = (figures[name] ?? NaN).toFixed(2);
    console.log(`${name.padEnd(24)} ${value.padStart(9)}   ${sign} ${target}`);
  }
  console.log(`throughput               ${(figures["mibPerSecond"] ?? NaN).toFixed(0).padStart(9)}   MiB/s`);
}
