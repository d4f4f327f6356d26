import { join } from "node:path/posix";

import type { FilePath } from "../../domain/names.ts";

/** One name for each check, so that what a death leaves is removed the next time. */
export function probeFile(directory: FilePath, check: string): FilePath {
  return join(directory, `.umbra-doctor-${check}`) as FilePath;
}
