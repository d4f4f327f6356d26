import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";

/** Gives what `work` gives; a failure of SQLite (disk full, rights, a lock that is not given up) becomes UMB-8006. */
export function onState<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isUmbraError(error)) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw new UmbraError("UMB-8006", { path, problem }, { cause: error });
  }
}
