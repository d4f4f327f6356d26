import { fileURLToPath } from "node:url";

/** Starts umbra from its source. */
export const umbraMain: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL("../../src/main.ts", import.meta.url)),
];
