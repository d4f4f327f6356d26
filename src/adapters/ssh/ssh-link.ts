import { setTimeout as sleep } from "node:timers/promises";

import type { Client, ClientChannel } from "ssh2";

import { UmbraError } from "../../errors/umbra-error.ts";
import { guardCall } from "../host/call-guard.ts";
import { lastWords, type Link } from "../remote/link.ts";
import { killProgram } from "./kill-program.ts";
import { commandLine } from "./quote.ts";
import { isNoRoom, ROOM_MS, ROOM_TRIES } from "./room.ts";
import type { SshRunner } from "./run-over-ssh.ts";

/** For a server that lives, as its keepalives show, and does not answer the request for a channel. */
const CHANNEL_MS = 30_000;

/**
 * Starts a program that is spoken with, on one channel of the host's connection, for as long as it runs. A forced command
 * of the account runs in its place. Errors: UMB-7201, and those of the connection.
 */
export async function startOverSsh(
  { host, connection, slots, become }: SshRunner,
  argv: readonly string[],
  channelMs = CHANNEL_MS,
): Promise<Link> {
  // Callers have deadlines; a place that comes after them is used by the next.
  const slot = await slots.take(new Promise<never>(() => {}));
  const lease = connection.lease();
  const release = () => {
    lease[Symbol.dispose]();
    slot[Symbol.dispose]();
  };
  try {
    const client = await lease.client;
    const channel = await openedWithin(channelMs, client, commandLine([...become, ...argv]), () =>
      lease.retire(),
    );
    // A connection that is cut does not always end its channels.
    const cut = () => channel.destroy();
    client.once("close", cut);
    channel.once("close", () => {
      client.removeListener("close", cut);
      release();
    });
    channel.on("error", () => {});
    const kill = () => {
      lease.retire();
      killProgram(channel);
      channel.destroy();
    };
    return { input: channel, output: channel, complaint: lastWords(channel.stderr), kill };
  } catch (error) {
    release();
    if (error instanceof UmbraError) throw error;
    const [program = ""] = argv;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UmbraError("UMB-7201", { host, program, reason }, { cause: error });
  }
}

/** A channel that comes later is closed again, and its program killed: nobody speaks with it. */
async function openedWithin(
  ms: number,
  client: Client,
  line: string,
  giveUp: () => void,
): Promise<ClientChannel> {
  const channel = opened(client, line);
  const late = () => {
    giveUp();
    channel.then(killProgram, () => {});
    return new Error(`no answer to the request for a channel within ${ms} ms`);
  };
  using guard = guardCall(ms, late, undefined);
  return await Promise.race([channel, guard.left]);
}

async function opened(client: Client, line: string): Promise<ClientChannel> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await new Promise<ClientChannel>((resolve, reject) => {
        client.exec(line, (error, channel) => (error ? reject(error) : resolve(channel)));
      });
    } catch (error) {
      if (!isNoRoom(error) || tries === ROOM_TRIES) throw error;
      await sleep(ROOM_MS);
    }
  }
}
