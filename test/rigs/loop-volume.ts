import { spawnSync } from "node:child_process";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import type { TestContext } from "vitest";

import type { FilePath } from "../../src/domain/names.ts";
import { scratchDirectory } from "./scratch-directory.ts";

export interface LoopVolume extends AsyncDisposable {
  readonly path: FilePath;
}

/**
 * A file system of its own in a file: made, mounted, and gone with the test. On disk and not in memory, because the
 * image's pages would count twice. Skips the test where mounting is not allowed: that needs root.
 */
export function loopVolume(
  context: Pick<TestContext, "skip">,
  {
    mkfs,
    bytes,
    options = "loop",
  }: { readonly mkfs: readonly string[]; readonly bytes: number; readonly options?: string },
): LoopVolume {
  const scratch = scratchDirectory(tmpdir());
  const [image, path] = [join(scratch.path, "image"), join(scratch.path, "volume")];
  writeFileSync(image, "");
  truncateSync(image, bytes);
  mkdirSync(path);
  const [program = "", ...args] = mkfs;
  const made = spawnSync(program, [...args, image], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`${mkfs.join(" ")} failed: ${made.stderr}`);
  if (spawnSync("/bin/mount", ["-o", options, image, path], { stdio: "ignore" }).status !== 0) {
    scratch[Symbol.dispose]();
    context.skip(`${program} works, but a loop mount needs root`);
  }
  return {
    path: path as FilePath,
    [Symbol.asyncDispose]: async () => {
      await unmounted(path);
      scratch[Symbol.dispose]();
    },
  };
}

/** A program that was killed may have its files open for a moment more. */
async function unmounted(path: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (spawnSync("/bin/umount", [path], { stdio: "ignore" }).status === 0) return;
    await setTimeout(50);
  }
  throw new Error(`${path} cannot be unmounted`);
}
