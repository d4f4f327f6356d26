import type { OwnershipTag } from "../src/domain/snapshot.ts";
import { type Commands, portions } from "./commands.ts";
import { tagIn, tagLine } from "./ownership.ts";

/**
 * Reads small files with a tag in them, many with one program: path → tag, for those that are there and hold one.
 * The first line counts.
 */
export async function readTagFiles(
  commands: Commands,
  paths: readonly string[],
): Promise<ReadonlyMap<string, OwnershipTag>> {
  const tags = new Map<string, OwnershipTag>();
  for (const portion of portions(paths)) {
    // -Z ends each path with NUL, so that any path is told from its line. Status 1: nothing found, 2: some are not there.
    const { stdout } = await commands.attempt(["grep", "-sHZ", "-m1", "-e", "", "--", ...portion]);
    for (const [path, line] of pathsAndLines(stdout.toString())) {
      const tag = tagIn(line);
      if (tag !== undefined) tags.set(path, tag);
    }
  }
  return tags;
}

/** Replaces what was there. Durable when it has answered, except the name: sync the directory too. */
export async function writeTagFile(commands: Commands, path: string, tag: OwnershipTag): Promise<void> {
  await commands.output(["dd", `of=${path}`, "conv=fsync", "status=none"], { input: tagLine(tag) });
}

function* pathsAndLines(text: string): Generator<[string, string]> {
  let from = 0;
  for (;;) {
    const nul = text.indexOf("\0", from);
    if (nul < 0) return;
    const end = text.indexOf("\n", nul);
    yield [text.slice(from, nul), text.slice(nul + 1, end < 0 ? undefined : end)];
    if (end < 0) return;
    from = end + 1;
  }
}
