import { spawn } from "node:child_process";
import { Socket } from "node:net";

import { UmbraError } from "../../errors/umbra-error.ts";
import { errnoOf } from "../host/path-call.ts";
import { lastWords, type Link } from "./link.ts";

/**
 * Starts `umbra remote` as a child of this process, in a process group of its own. It holds nothing up: this process
 * can end while the child hangs in a system call that not even SIGKILL ends. Errors: UMB-7201.
 */
export async function startChild(host: string, argv: readonly string[]): Promise<Link> {
  const [program = "", ...args] = argv;
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], detached: true });
  const { promise: started, resolve, reject } = Promise.withResolvers<void>();
  child.on("spawn", resolve);
  child.on("error", (error) => {
    const reason = errnoOf(error) ?? String(error);
    reject(new UmbraError("UMB-7201", { host, program, reason }, { cause: error }));
  });
  child.unref();
  const streams = [child.stdin, child.stdout, child.stderr];
  for (const stream of streams) if (stream instanceof Socket) stream.unref();
  // It may have ended before it read all.
  child.stdin.on("error", () => {});
  const complaint = lastWords(child.stderr);
  await started;
  const kill = () => {
    for (const stream of streams) stream.destroy();
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  };
  return { input: child.stdin, output: child.stdout, complaint, kill };
}
