import type { FilePath } from "../domain/names.ts";

/** Beside the copy that is made in several passes; gone before the backup is finished. */
export function marksPath(copy: FilePath): FilePath {
  return `${copy}.marks` as FilePath;
}
