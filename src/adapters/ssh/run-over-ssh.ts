import { setTimeout as sleep } from "node:timers/promises";

import { isUmbraError, UmbraError } from "../../errors/umbra-error.ts";
import type { RunOptions, RunResult } from "../../ports/host.ts";
import { guardRun } from "../host/call-guard.ts";
import { Channel } from "./channel.ts";
import type { SshConnection } from "./connection.ts";
import { commandLine } from "./quote.ts";
import { isNoRoom, ROOM_MS, ROOM_TRIES } from "./room.ts";
import type { Slots } from "./slots.ts";

/** The whole line is one argument of the far shell; Linux takes 128 KiB in one, with its end. */
const MAX_LINE_BYTES = 128 * 1024 - 1;

export interface SshRunner {
  readonly host: string;
  readonly connection: SshConnection;
  readonly slots: Slots;
  /** Words before every program, as `sudo -n -u oracle --`; empty: the account itself runs it. */
  readonly become: readonly string[];
}

export interface SshRunOptions extends RunOptions {
  /** Called with all output as it comes. */
  readonly onOutput?: (stream: "stdout" | "stderr", chunk: Buffer) => void;
}

/** A program on the far side. Contract: `Host.run`. Also the errors of the connection. */
export async function runOverSsh(
  { host, connection, slots, become }: SshRunner,
  argv: readonly string[],
  options: SshRunOptions,
): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const [program = ""] = argv;
  const notStarted = (reason: string, cause?: unknown) =>
    new UmbraError("UMB-7201", { host, program, reason }, { cause });
  const line = commandLine(asAccount(become, argv));
  const unfit = whyUnfit(line);
  if (unfit !== undefined) throw notStarted(unfit);
  using guard = guardRun(host, program, options);
  /** Before there is one, nothing can have been started. */
  let channel: Channel | undefined;
  try {
    using _slot = await slots.take(guard.left);
    using lease = connection.lease();
    try {
      const client = await Promise.race([lease.client, guard.left]);
      for (let tries = 1; ; tries += 1) {
        channel = new Channel({ host, program, options });
        const result = await Promise.race([channel.run(client, line), guard.left]).catch(ifNoRoom);
        if ("status" in result) return result;
        if (tries === ROOM_TRIES) throw result;
        channel = undefined;
        await Promise.race([sleep(ROOM_MS), guard.left]);
      }
    } catch (error) {
      if (channel !== undefined) lease.retire();
      channel?.kill();
      throw error;
    }
  } catch (error) {
    const late = isUmbraError(error) && error.code === "UMB-7202" && channel === undefined;
    throw late ? notStarted(`no room for it within ${options.deadlineMs} ms`, error) : error;
  }
}

/** A program that is not there ends with 127 under `become` too, which has statuses of its own: a shell says it. */
function asAccount(become: readonly string[], argv: readonly string[]): readonly string[] {
  return become.length === 0 ? argv : [...become, "sh", "-c", 'exec "$@"', "sh", ...argv];
}

function whyUnfit(line: string): string | undefined {
  if (line.includes("\0")) return "an argument holds NUL";
  return Buffer.byteLength(line) > MAX_LINE_BYTES ? "E2BIG" : undefined;
}

/** The error, where the server refused to open one more channel; else it is thrown on. */
function ifNoRoom(error: unknown): UmbraError {
  if (isUmbraError(error) && error.code === "UMB-7201" && isNoRoom(error.cause)) return error;
  throw error;
}
