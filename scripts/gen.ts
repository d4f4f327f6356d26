import { readFileSync, writeFileSync } from "node:fs";

import { generators } from "./gen/index.ts";

/** `npm run gen [-- --check]`: writes the generated files, or says which are stale. */
const checkOnly = process.argv.includes("--check");
const stale: string[] = [];
for (const generator of generators) {
  const wanted = await generator.content();
  if (wanted === currentContent(generator.path)) continue;
  stale.push(generator.path);
  if (!checkOnly) writeFileSync(generator.path, wanted);
}
if (stale.length > 0) console.log(`${checkOnly ? "stale" : "written"}: ${stale.join(", ")}`);
if (checkOnly && stale.length > 0) {
  console.log("run `npm run gen` and commit the result");
  process.exitCode = 1;
}

function currentContent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
