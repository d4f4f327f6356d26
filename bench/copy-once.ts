import type { FilePath } from "../src/domain/names.ts";
import { createCopier } from "../src/copy/copier.ts";
import { startWithHugePages } from "../src/copy/huge-pages.ts";
import { RELATIVE_FILE } from "./datafile.ts";

/**
 * One copy in a process of its own, started as umbra starts, so that its CPU time and memory are the copy's alone.
 * Prints one JSON object.
 */
startWithHugePages();
const [source, target] = process.argv.slice(2);
if (source === undefined || target === undefined) throw new Error("usage: copy-once.ts SOURCE TARGET");
await using copier = createCopier();
const begin = performance.now();
const result = await copier.copy({
  source: source as FilePath,
  target: target as FilePath,
  mode: "consistent",
  blockSize: 8192,
  relativeFile: RELATIVE_FILE,
  stallMs: 120_000,
  onProgress: () => {},
});
const seconds = (performance.now() - begin) / 1000;
const used = process.resourceUsage();
console.log(
  JSON.stringify({
    seconds,
    cpuSeconds: (used.userCPUTime + used.systemCPUTime) / 1_000_000,
    peakRssMiB: used.maxRSS / 1024,
    blocksOk: result.blocks.ok,
    sha256: result.sha256,
  }),
);
