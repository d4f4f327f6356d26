import type { Engine } from "../engine/engine.ts";
import {
  acceptBody,
  agreedSdu,
  readConnect,
  REDIRECT_FLAGS,
  redirectBody,
  refuseBody,
  wantedService,
} from "./connect.ts";
import type { PacketStream } from "./packet-stream.ts";
import { packet } from "./packets.ts";
import type { Profile } from "./profiles.ts";

export interface AcceptOptions {
  readonly engine: Engine;
  readonly profile: Profile;
  /** The largest packet that the listener agrees to. */
  readonly sdu: number;
  /** Ask for the CONNECT again, as real servers do when it came in two packets. */
  readonly resendFirst: boolean;
  /** Send every client on to another listener. */
  readonly redirectTo?: { readonly host: string; readonly port: number } | undefined;
}

/** The first exchange of a connection. The service that was asked for, or undefined when it ended there. */
export async function acceptConnection(
  stream: PacketStream,
  options: AcceptOptions,
): Promise<string | undefined> {
  let resend = options.resendFirst;
  for (;;) {
    const request = await readWholeConnect(stream);
    if (request === undefined) return undefined;
    if (resend) {
      resend = false;
      stream.send(packet.resend, Buffer.alloc(0));
      continue;
    }
    if (options.redirectTo !== undefined) {
      const { host, port } = options.redirectTo;
      stream.send(packet.redirect, redirectBody(host, port, request.data), REDIRECT_FLAGS);
      stream.end();
      return undefined;
    }
    return admit(stream, options, request);
  }
}

function admit(
  stream: PacketStream,
  options: AcceptOptions,
  request: { readonly sdu: number; readonly data: Buffer },
): string | undefined {
  const wanted = wantedService(request.data.toString("latin1"));
  const refusal = refusalOf(options.engine.service(wanted.name), wanted.isSid);
  if (refusal !== undefined) {
    refuse(stream, refusal);
    return undefined;
  }
  stream.sdu = agreedSdu(request.sdu, options.sdu);
  stream.send(packet.accept, acceptBody(options.profile, stream.sdu));
  stream.useWideLengths();
  return wanted.name;
}

/** Answers with an ORA- code of the listener and hangs up. */
export function refuse(stream: PacketStream, code: number): void {
  stream.send(packet.refuse, refuseBody(code));
  stream.end();
}

function refusalOf(service: ReturnType<Engine["service"]>, isSid: boolean): number | undefined {
  switch (service) {
    case "ready":
      return undefined;
    case "blocked":
      return 12_528;
    case "restricted":
      return 12_526;
    case "unknown":
      return isSid ? 12_505 : 12_514;
  }
}

/** A CONNECT with its data, which usually follows in a DATA packet of its own. */
async function readWholeConnect(
  stream: PacketStream,
): Promise<{ readonly sdu: number; readonly data: Buffer } | undefined> {
  const first = await nextBody(stream, packet.connect);
  const request = first === undefined ? undefined : readConnect(first);
  if (request === undefined) {
    stream.destroy();
    return undefined;
  }
  let data = request.data;
  while (data.length < request.dataLength) {
    const more = await nextBody(stream, packet.data);
    if (more === undefined) {
      stream.destroy();
      return undefined;
    }
    data = Buffer.concat([data, more.subarray(2)]);
  }
  return { sdu: request.sdu, data };
}

async function nextBody(stream: PacketStream, type: number): Promise<Buffer | undefined> {
  const incoming = await stream.next();
  return incoming.kind === "packet" && incoming.packet.type === type ? incoming.packet.body : undefined;
}
