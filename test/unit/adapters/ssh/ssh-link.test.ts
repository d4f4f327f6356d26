import type { Client, ClientChannel } from "ssh2";
import { expect, test } from "vitest";

import type { SshConnection } from "../../../../src/adapters/ssh/connection.ts";
import { Slots } from "../../../../src/adapters/ssh/slots.ts";
import { startOverSsh } from "../../../../src/adapters/ssh/ssh-link.ts";

/** A server that takes the request for a channel and answers it when it likes. */
function silentServer() {
  const seen = { retired: 0, released: 0, closed: 0 };
  let answer: (error: undefined, channel: ClientChannel) => void = () => {};
  const client = {
    exec: (_line: string, callback: typeof answer) => {
      answer = callback;
    },
  } as unknown as Client;
  const lease = {
    client: Promise.resolve(client),
    retire: () => (seen.retired += 1),
    [Symbol.dispose]: () => (seen.released += 1),
  };
  const slots = new Slots(1);
  const connection = { lease: () => lease } as unknown as SshConnection;
  const channel = { close: () => (seen.closed += 1) } as unknown as ClientChannel;
  return {
    seen,
    runner: { host: "db1", connection, slots, become: [] },
    free: () => {
      const left = Promise.reject(new Error("no place is free"));
      left.catch(() => {});
      return slots.take(left);
    },
    answers: () => answer(undefined, channel),
  };
}

test("a server that never answers the request for a channel is left: its place and its connection are free again", async () => {
  const { runner, seen, free, answers } = silentServer();
  await expect(startOverSsh(runner, ["umbra", "remote"], 20)).rejects.toMatchObject({
    code: "UMB-7201",
    message: expect.stringContaining("no answer to the request for a channel within 20 ms") as string,
  });
  expect(seen).toEqual({ retired: 1, released: 1, closed: 0 });
  using _place = await free();
  answers();
  await expect.poll(() => seen.closed).toBe(1);
});
