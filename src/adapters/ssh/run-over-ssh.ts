import { setTimeout as sleep } from "node:timers/promises";

import { isUmbraError, UmbraError } from "../../errors/umbra-error.ts";
import type { RunOptions, RunResult } from "../../ports/host.ts";
import { guardRun } from "../host/run-guard.ts";
import { Channel } from "./channel.ts";
import type { SshConnection } from "./connection.ts";
import { commandLine } from "./quote.ts";
import type { Slots } from "./slots.ts";

/** The whole line is one argument of the far shell; Linux takes 128 KiB in one, with its end. */
const MAX_LINE_BYTES = 128 * 1024 - 1;

/**
 * OpenSSH counts a program that has ended until its next turn: when many end at once it may refuse those that follow,
 * though fewer run than it allows. Tried for two seconds.
 */
const ROOM_TRIES = 40;
const ROOM_MS = 50;

export interface SshRunner {
  readonly host: string;
  readonly connection: SshConnection;
  readonly slots: Slots;
}

/** A program on the far side. Contract: `Host.run`. Also the errors of the connection. */
export async function runOverSsh(
  { host, connection, slots }: SshRunner,
  argv: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const [program = ""] = argv;
  const notStarted = (reason: string, cause?: unknown) =>
    new UmbraError("UMB-7201", { host, program, reason }, { cause });
  const line = commandLine(argv);
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

function whyUnfit(line: string): string | undefined {
  if (line.includes("\0")) return "an argument holds NUL";
  return Buffer.byteLength(line) > MAX_LINE_BYTES ? "E2BIG" : undefined;
}

/** The error, where the server refused to open one more channel; else it is thrown on. */
function ifNoRoom(error: unknown): UmbraError {
  const { reason } = ((error as Error | undefined)?.cause ?? {}) as { readonly reason?: unknown };
  if (isUmbraError(error) && error.code === "UMB-7201" && NO_ROOM.has(reason)) return error;
  throw error;
}

/** SSH_OPEN_CONNECT_FAILED, which OpenSSH says, and SSH_OPEN_RESOURCE_SHORTAGE (RFC 4254, 5.1). */
const NO_ROOM: ReadonlySet<unknown> = new Set([2, 4]);
