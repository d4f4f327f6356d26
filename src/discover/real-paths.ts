import type { Host, HostOptions } from "../ports/host.ts";

/** Words of one command line together stay far below what Linux and ssh take. */
const MOST_BYTES = 64 * 1024;
/** A path is at most 4096 bytes, and resolving makes some longer. */
const MOST_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * Paths without the symbolic links in them, by what they were; one that is not there is resolved as far as it goes. As
 * it was where the host has no GNU realpath.
 * Errors: UMB-7xxx of `Host.run`.
 */
export async function realPaths(
  host: Pick<Host, "run">,
  paths: readonly string[],
  options: HostOptions,
): Promise<ReadonlyMap<string, string>> {
  const real = new Map<string, string>();
  const own = [...new Set(paths)].filter((path) => path.startsWith("/"));
  for (const part of parts(own)) {
    const argv = ["realpath", "-m", "-z", "--", ...part];
    const { status, stdout } = await host.run(argv, { ...options, maxOutputBytes: MOST_OUTPUT_BYTES });
    const found = stdout.toString("utf8").split("\0");
    if (status !== 0 || found.length !== part.length + 1) continue;
    for (const [index, path] of part.entries()) real.set(path, found[index] ?? path);
  }
  return real;
}

function parts(paths: readonly string[]): readonly (readonly string[])[] {
  const all: string[][] = [];
  let bytes = MOST_BYTES;
  for (const path of paths) {
    // Each quote of a path becomes four on its way over ssh.
    bytes += 4 * Buffer.byteLength(path);
    if (bytes > MOST_BYTES) {
      all.push([]);
      bytes = 4 * Buffer.byteLength(path);
    }
    all.at(-1)?.push(path);
  }
  return all;
}
