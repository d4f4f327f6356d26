import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Memory-backed where the machine has it: these tests are about order and content, and fsync thousands of times. */
const FAST = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

export interface ScratchDirectory extends Disposable {
  readonly path: string;
}

/** A directory of the test's own, gone with the test. */
export function scratchDirectory(parent = FAST): ScratchDirectory {
  const path = mkdtempSync(join(parent, "umbra-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
