import { type Commands, portions } from "./commands.ts";

/** A file as a snapshot holds it. */
export interface PlainFile {
  readonly inode: string;
  readonly bytes: number;
}

/** Ordinary files with one name below `top`: what a list of changes says of one with several may be under another. */
export async function plainFiles(
  commands: Commands,
  top: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, PlainFile>> {
  const found = new Map<string, PlainFile>();
  for (const portion of portions(files.map((inside) => `${top}/${inside}`))) {
    const stat = ["stat", "--printf", String.raw`%f %h %i %s %n\0`, "--", ...portion];
    for (const line of (await commands.attempt(stat)).stdout.toString().split("\0")) {
      const match = /^([0-9a-f]+) 1 (\d+) (\d+) ([^]*)$/.exec(line);
      const [, mode = "", inode = "", bytes = "", path = ""] = match ?? [];
      if (match === null || (Number.parseInt(mode, 16) & 0o170000) !== 0o100000) continue;
      found.set(path.slice(top.length + 1), { inode, bytes: Number(bytes) });
    }
  }
  return found;
}
