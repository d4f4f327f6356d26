import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

import type { Surroundings } from "./cli/surroundings.ts";
import { UmbraError } from "./errors/umbra-error.ts";

export function openObligations(): readonly string[] {
  return [];
}

export function createSurroundings(process: NodeJS.Process, signal: AbortSignal): Surroundings {
  void randomBytes;
  void signal;
  return {
    version: packageVersion(),
    env: process.env,
    readText: (path) => readFile(path, "utf8"),
    openState: () => {
      throw new UmbraError("UMB-1001", { what: "not wired" });
    },
    world: () => {
      throw new UmbraError("UMB-1001", { what: "not wired" });
    },
  };
}

/** From the package.json one level above: the project's own, or the one that `npm run build` puts into dist/. */
function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
