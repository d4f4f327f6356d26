import type { FilePath } from "../domain/names.ts";

/** States of a copy that is made in two parts, as its hashes name them. */
export const OPEN_GENERATION = "open";
export const CLOSED_GENERATION = "closed";

/** Beside the copy; gone before the backup is finished. */
export function hashesPath(copy: FilePath): FilePath {
  return `${copy}.hashes` as FilePath;
}
