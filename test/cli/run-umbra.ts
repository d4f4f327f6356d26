import { spawnSync } from "node:child_process";

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program from source, as a user does. Nothing of the test's own configuration is seen by it. */
export function umbra(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Finished {
  const { PATH = "" } = process.env;
  const { status, stdout, stderr } = spawnSync("node", ["src/main.ts", ...argv], {
    encoding: "utf8",
    env: { PATH, NO_COLOR: "1", ...env },
  });
  return { status, stdout, stderr };
}
