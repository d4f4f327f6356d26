import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "vitest";

import type { FarUmbra } from "../../src/adapters/ssh/target.ts";
import type { CopyRequest } from "../../src/ports/copier.ts";
import { compiled } from "./program-environment.ts";
import { umbraMain } from "./umbra-main.ts";

let made = 0;

/** Umbra on the far side, started so that the test knows its process. */
export function farUmbra(directory: string, ...options: readonly string[]) {
  made += 1;
  const mark = join(directory, `far-${made}`);
  const settings = Object.entries(compiled).map(([name, value]) => `${name}=${value}`);
  const noted = ["env", ...settings, "sh", "-c", 'echo $$ > "$1"; shift; exec "$@"', "sh", mark];
  const umbra: FarUmbra = { argv: [...noted, ...umbraMain, "remote", ...options], version: "test" };
  /** Of the one that was started last. */
  const pid = async () => Number(await readFile(mark, "utf8"));
  return { umbra, pid };
}

/** Holds a copy in its middle: give `onProgress` to the request, wait for `reached`. Files are larger than `LARGE`. */
export function heldCopy() {
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const onProgress: CopyRequest["onProgress"] = () => {
    reached.resolve();
    return held.promise;
  };
  return { onProgress, reached: reached.promise, letGo: () => held.resolve() };
}

/** Bytes that a far side copies without having waited for the near side's progress. */
export const LARGE = 96 * 1024 * 1024;

/** A zombie that nobody has collected yet does not run. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && !stat.includes(") Z ");
}

export async function hasEnded(pid: number): Promise<void> {
  await expect.poll(() => isRunning(pid), { timeout: 15_000 }).toBe(false);
}
