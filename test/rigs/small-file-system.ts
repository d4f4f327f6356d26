import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";

import type { TestContext } from "vitest";

export interface SmallFileSystem extends Disposable {
  readonly path: string;
  /** Mounts it again with other options: `size=20m`, `ro`. */
  remount(options: string): void;
}

/** A memory file system of a few MiB at the path. Skips the test where mounting is not allowed: that needs root. */
export function smallFileSystem(context: TestContext, path: string, options: string): SmallFileSystem {
  mkdirSync(path, { recursive: true });
  const mounted = spawnSync("/bin/mount", ["-t", "tmpfs", "-o", options, "tmpfs", path], { stdio: "ignore" });
  if (mounted.status !== 0) context.skip("a small file system cannot be mounted without root");
  return {
    path,
    remount: (other) => {
      const { status } = spawnSync("/bin/mount", ["-o", `remount,${other}`, path], { stdio: "ignore" });
      if (status !== 0) throw new Error(`${path} cannot be mounted again with ${other}`);
    },
    [Symbol.dispose]: () => void spawnSync("/bin/umount", [path], { stdio: "ignore" }),
  };
}
