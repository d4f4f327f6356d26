import type { Host } from "../../ports/host.ts";
import { startChild } from "../remote/child-link.ts";
import { createRemoteHost } from "../remote/remote-host.ts";

/** A child that is not used for so long is ended: it holds memory. */
const IDLE_MS = 30_000;
/** Node starts in a tenth of a second; a machine that is busy may take long. */
const HELLO_MS = 30_000;

export interface ChildHostParts {
  readonly name: string;
  /** Starts `umbra remote --direct --allow files,copy,verify,run` on this machine. */
  readonly argv: readonly string[];
  readonly version: string;
  readonly idleMs?: number;
}

/**
 * This machine, by a child process that may hang in the place of this one. A call that misses its deadline, or a copy
 * that stalls, costs the child: it is killed as far as that is possible, nobody waits for its end, and the next call
 * starts another. Contract: `Host`.
 */
export function createChildHost({
  name,
  argv,
  version,
  idleMs = IDLE_MS,
}: ChildHostParts): Host & Disposable {
  return createRemoteHost({
    host: name,
    program: "umbra remote",
    version,
    helloMs: HELLO_MS,
    idleMs,
    // It touches nothing that hangs: a machine on which it is slow is busy, and that is no dead mount.
    patientStart: true,
    start: () => startChild(name, argv),
  });
}
