import type { InstanceChange, InstanceStatus } from "../../ports/instance.ts";

export interface AbortParts {
  readonly status: () => Promise<InstanceStatus>;
  readonly abort: () => Promise<InstanceChange>;
  readonly startRestricted: () => Promise<InstanceChange>;
  readonly shutDownCleanly: () => Promise<InstanceChange>;
}

/**
 * Rules 16 and 17: files that an abort left are not consistent, so the instance recovers them restricted, and goes down
 * again by itself. Down already is left alone: who knows how it came there is the caller.
 */
export async function abortAndRepair(parts: AbortParts): Promise<InstanceChange> {
  if ((await parts.status()).state === "down") return { changed: false };
  await parts.abort();
  await parts.startRestricted();
  return parts.shutDownCleanly();
}
