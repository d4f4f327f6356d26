import type { ClientChannel } from "ssh2";

/** What `ClientChannel.signal` of ssh2 1.17 uses inside. */
interface SignalDoor {
  readonly outgoing?: { readonly id?: number };
  readonly _client?: { readonly _protocol?: { signal?(channel: number, name: string): void } };
}

/**
 * Asks the server to kill the program of a channel, and lets go of the channel. OpenSSH refuses it for root.
 * RFC 4254 allows the request after the end of the input, `ClientChannel.signal` then sends nothing: hence the door
 * behind it. Where a later ssh2 has none, the program is let go without a signal.
 */
export function killProgram(channel: ClientChannel): void {
  const { outgoing, _client: client } = channel as unknown as SignalDoor;
  if (outgoing?.id !== undefined) client?._protocol?.signal?.(outgoing.id, "KILL");
  channel.close();
}
