import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import type { Host } from "../../../src/ports/host.ts";

/** This machine; the copy engine has no part in these tests. */
export function filesHere(): Host {
  const never = () => Promise.reject(new Error("nothing is copied here"));
  return createLocalHost({ copier: { copy: never, verify: never } });
}
