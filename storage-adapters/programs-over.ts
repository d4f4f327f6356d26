import { setTimeout } from "node:timers/promises";

import type { Commands } from "./commands.ts";

const AGAIN_MS = 25;

/**
 * Waits until no program runs whose command line holds one of these words. A program that was given up may still do its
 * work: in the kernel, where a signal does not end it, under sudo, or on the far side of a connection that is gone. When
 * none is left, what is seen is final. `words` are such that nobody else has a reason to name them. Errors: as the call's
 * deadline.
 */
export async function programsOver(commands: Commands, words: readonly string[]): Promise<void> {
  // The words come by standard input, so that who looks does not find itself. What ends meanwhile cannot be read.
  const look = ["sh", "-c", "grep -lszF -f - /proc/[0-9]*/cmdline"];
  const input = words.map((word) => `${word}\n`).join("");
  while ((await commands.attempt(look, { input })).stdout.length > 0) await setTimeout(AGAIN_MS);
}
