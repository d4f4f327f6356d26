import { type ChildProcess, spawn } from "node:child_process";

import { UmbraError } from "../../errors/umbra-error.ts";

const MAX_BYTES = 64 * 1024;

/**
 * Runs a program and takes its standard output. Its arguments and its standard error stay unseen: either may hold
 * part of the secret. At the deadline the program and all it started are killed.
 */
export function printedSecret(
  argv: readonly string[],
  options: { readonly deadlineMs: number; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<string> {
  const [program = "", ...rest] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
      env: { ...options.env },
    });
    const parts: Buffer[] = [];
    let bytes = 0;
    const fail = (reason: string) => {
      clearTimeout(timer);
      killGroup(child);
      child.stdout.destroy();
      reject(new UmbraError("UMB-2106", { program, reason }));
    };
    const timer = setTimeout(() => fail(`did not end within ${options.deadlineMs} ms`), options.deadlineMs);
    child.on("error", (error: NodeJS.ErrnoException) =>
      fail(`cannot be started (${error.code ?? "unknown reason"})`),
    );
    child.stdout.on("data", (part: Buffer) => {
      bytes += part.length;
      parts.push(part);
      if (bytes > MAX_BYTES) fail(`printed more than ${MAX_BYTES} bytes`);
    });
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      if (status === 0) resolve(Buffer.concat(parts).toString("utf8"));
      else fail(signal === null ? `ended with status ${status}` : `was ended by ${signal}`);
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
