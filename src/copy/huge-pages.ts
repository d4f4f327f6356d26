import { readFileSync } from "node:fs";

/**
 * Asks the C library (glibc from 2.35 on) for huge pages. It is read when a process starts, and only then.
 * Measured on a virtual disk: the device takes a chunk in one piece where its memory is in one piece, and in 256 where
 * it is not, and a copy takes half the time.
 */
const TUNABLE = "glibc.malloc.hugetlb=1";
const VARIABLE = "GLIBC_TUNABLES";

/**
 * Starts this process again, in its place, with huge pages for large memory. Call it before anything else. It does
 * nothing where that was done already, where somebody set tunables of their own, and on other systems.
 */
export function startWithHugePages(): void {
  if (process.platform !== "linux" || process.connected) return;
  const set = process.env[VARIABLE];
  // For this process alone: a database that umbra starts must not inherit it.
  if (set === TUNABLE) delete process.env[VARIABLE];
  if (set !== undefined) return;
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  try {
    process.execve?.(process.execPath, again, { ...process.env, [VARIABLE]: TUNABLE });
  } catch {
    // Not allowed to: copies are slower, nothing else.
  }
}

/** Did this process start with them? The kernel keeps the environment of the start. */
export function hasHugePages(): boolean {
  try {
    return readFileSync("/proc/self/environ", "latin1").split("\0").includes(`${VARIABLE}=${TUNABLE}`);
  } catch {
    return false;
  }
}
