import { quoted } from "../../domain/shell-word.ts";

/**
 * A command line that a POSIX shell splits back into exactly these words. The first is found as a program and takes
 * the shell's place, so that its own exit, or the signal that ended it, is what the server tells.
 * A word must not hold NUL.
 */
export function commandLine(argv: readonly string[]): string {
  return ["exec", ...argv.map(quoted)].join(" ");
}
