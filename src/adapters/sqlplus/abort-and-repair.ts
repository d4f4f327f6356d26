import type { InstanceChange, InstanceStatus } from "../../ports/instance.ts";

export interface AbortParts {
  readonly status: () => Promise<InstanceStatus>;
  readonly abort: () => Promise<InstanceChange>;
  readonly startRestricted: () => Promise<InstanceChange>;
  readonly shutDownCleanly: () => Promise<InstanceChange>;
}

/**
 * Rules 16 and 17: files that an abort left are not consistent, so the instance recovers them restricted, and goes down
 * again by itself. An instance that is down may have been aborted by an earlier attempt, so it is repaired too.
 */
export async function abortAndRepair(parts: AbortParts): Promise<InstanceChange> {
  if ((await parts.status()).state !== "down") await parts.abort();
  await parts.startRestricted();
  return parts.shutDownCleanly();
}
