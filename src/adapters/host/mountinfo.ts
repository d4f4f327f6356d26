import type { Mount } from "../../domain/mount.ts";
import type { FilePath } from "../../domain/names.ts";

/** What the kernel tells of mounts. Reading it touches none of them, so that a dead one cannot hold it. */
export const MOUNTINFO = "/proc/self/mountinfo" as FilePath;

/**
 * `id parent major:minor root point options [optional…] - kind source super-options` (proc(5)). Lines that are not
 * like this say nothing.
 */
export function parseMountinfo(text: string): readonly Mount[] {
  return text.split("\n").flatMap((line) => {
    const words = line.split(" ");
    const [id, parent, device, root, point] = words;
    const dash = words.indexOf("-", 6);
    const [kind, source] = dash === -1 ? [] : words.slice(dash + 1);
    if (device === undefined || root === undefined || point === undefined || kind === undefined) return [];
    return [
      {
        id: Number(id),
        parent: Number(parent),
        device,
        kind,
        point: unescaped(point) as FilePath,
        source: unescaped(source ?? ""),
        root: unescaped(root),
      },
    ];
  });
}

/** The kernel writes space, tab, newline and backslash as three octal digits; other bytes are as they are. */
function unescaped(word: string): string {
  return word.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
