import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";

import type { TestContext } from "vitest";

export interface HangingMount extends Disposable {
  /** Every call on it waits for a server that never answers. */
  readonly path: string;
}

/**
 * A file system in user space whose server takes no request: what is left of an NFS mount when its server is gone. Only
 * root can mount it. Disposing ends all calls that wait for it.
 */
export function hangingMount(context: TestContext, directory: string): HangingMount {
  const path = join(directory, "hangs");
  mkdirSync(path);
  const device = opened(context);
  const options = `fd=3,rootmode=40000,user_id=0,group_id=0`;
  const stdio = ["ignore", "ignore", "pipe", device] as const;
  const { status, stderr } = spawnSync(
    "/bin/mount",
    ["-i", "-t", "fuse", "-o", options, "umbra-test", path],
    {
      stdio: [...stdio],
    },
  );
  if (status !== 0) {
    closeSync(device);
    if (process.env["CI"] === "true") throw new Error(`cannot mount: ${stderr.toString()}`);
    context.skip(`a hanging file system cannot be mounted here: ${stderr.toString().trim()}`);
  }
  const dispose = () => {
    closeSync(device);
    spawnSync("/bin/umount", ["-l", path]);
  };
  return { path, [Symbol.dispose]: dispose };
}

function opened(context: TestContext): number {
  try {
    return openSync("/dev/fuse", "r+");
  } catch (error) {
    if (process.env["CI"] === "true") throw error;
    return context.skip(`no /dev/fuse: ${String(error)}`);
  }
}
