import { readFileSync } from "node:fs";

import { createCopier } from "../src/copy/copier.ts";
import { startWithHugePages } from "../src/copy/huge-pages.ts";
import type { RefreshRequest } from "../src/ports/copier.ts";
import { RELATIVE_FILE } from "./datafile.ts";

/** What is asked of this process: a JSON file of these, one for each datafile. */
export type RefreshOnce = Pick<RefreshRequest, "source" | "target" | "changes" | "hashes">;

/** Refreshes of some datafiles, one after the other, in a process that starts as umbra starts. Prints one JSON object. */
startWithHugePages();
const [asked] = process.argv.slice(2);
if (asked === undefined) throw new Error("usage: refresh-once.ts REQUESTS.json");
const requests = JSON.parse(readFileSync(asked, "utf8")) as readonly RefreshOnce[];
await using copier = createCopier();
const begin = performance.now();
let bytesWritten = 0;
const foundBy: string[] = [];
for (const request of requests) {
  const result = await copier.refresh({
    ...request,
    mode: "consistent",
    blockSize: 8192,
    relativeFile: RELATIVE_FILE,
    stallMs: 120_000,
  });
  bytesWritten += result.bytesWritten;
  foundBy.push(result.foundBy);
}
const seconds = (performance.now() - begin) / 1000;
console.log(
  JSON.stringify({ seconds, bytesWritten, foundBy, peakRssMiB: process.resourceUsage().maxRSS / 1024 }),
);
