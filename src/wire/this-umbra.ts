import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Starts this very program: run from source or from dist/, it has the ending of this file. */
export function thisUmbra(): readonly string[] {
  const main = import.meta.url.endsWith(".ts") ? "../main.ts" : "../main.js";
  return [process.execPath, fileURLToPath(new URL(main, import.meta.url))];
}

/** From the package.json above: the project's own, or the one that `npm run build` puts into dist/. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
