import { scratchDirectory } from "./rigs/scratch-directory.ts";

/**
 * Said once for every run: what decides which tests can run here, and where the processes that tests start keep what they
 * have compiled. Each of them loads the same hundreds of files: most of what a short process costs is this.
 */
export function setup(): () => void {
  process.env["NO_COLOR"] ??= "1";
  const compiled = scratchDirectory();
  process.env["NODE_COMPILE_CACHE"] = compiled.path;
  return () => compiled[Symbol.dispose]();
}
