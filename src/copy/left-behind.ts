import { isMainThread } from "node:worker_threads";

/** Calls that hang in the operating system. Of the process, because its end is what they would hold up. */
let hanging = 0;

/**
 * Says that a call of the operating system does not answer and nobody waits for it any more. The end of a process
 * waits for all its threads, also in `process.exit()`; with one that hangs, the process is replaced by one that ends at
 * once with the same status. Call what is given back when the call was answered after all.
 */
export function leaveBehind(): () => void {
  hanging += 1;
  if (hanging === 1) process.on("exit", endWithout);
  let open = true;
  return () => {
    if (!open) return;
    open = false;
    hanging -= 1;
    if (hanging === 0) process.off("exit", endWithout);
  };
}

function endWithout(status: number): void {
  if (isMainThread) process.execve?.("/bin/sh", ["sh", "-c", `exit ${status}`], {});
}
