import { spawnSync } from "node:child_process";

import type { TestContext } from "vitest";

/** How each system program that some tests need is found. */
const probes: Readonly<Record<string, readonly string[]>> = {
  "python3-oracledb": ["/usr/bin/python3", "-c", "import oracledb"],
  tshark: ["tshark", "--version"],
  strace: ["strace", "--version"],
  sshd: ["/usr/sbin/sshd", "-V"],
  "ssh-keygen": ["sh", "-c", "command -v ssh-keygen"],
  "mkfs.xfs": ["mkfs.xfs", "-V"],
  "mkfs.ext4": ["mkfs.ext4", "-V"],
  "zfs-fuse": ["sh", "-c", "command -v zfs-fuse"],
};

/**
 * Skips the test where the program is missing, with a line that names it.
 * With CI=true a missing program is a failure: a green run there has run everything.
 */
export function requireProgram(context: Pick<TestContext, "skip">, program: string): void {
  const [command = program, ...rest] = probes[program] ?? [program, "--version"];
  if (spawnSync(command, rest, { stdio: "ignore" }).status === 0) return;
  if (process.env["CI"] === "true") throw new Error(`${program} is not installed (see test/setup.sh)`);
  context.skip(`${program} is not installed`);
}
