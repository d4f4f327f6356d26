import { spawnSync } from "node:child_process";

import { programEnvironment } from "../rigs/program-environment.ts";

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program from source, as a user does. Nothing of the test's own configuration is seen by it. */
export function umbra(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Finished {
  const { status, stdout, stderr } = spawnSync("node", ["src/main.ts", ...argv], {
    encoding: "utf8",
    env: programEnvironment(env),
  });
  return { status, stdout, stderr };
}
