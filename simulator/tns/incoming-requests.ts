import { asksForNetworkServices, noNetworkServices } from "./ano.ts";
import type { StatementContext } from "./execute-request.ts";
import type { PacketStream } from "./packet-stream.ts";
import { dataFlag, packet } from "./packets.ts";
import type { Packet } from "./packets.ts";
import { MalformedRequest, TtcReader, Underrun } from "./reader.ts";
import { readRequest } from "./request.ts";
import type { Request } from "./request.ts";

/** A request larger than this is no request. */
const LARGEST_REQUEST = 64 * 1024 * 1024;

/** Puts the requests of a connection together from its packets. */
export class IncomingRequests {
  readonly #stream: PacketStream;
  readonly #context: () => StatementContext;
  readonly #cancelled: () => Promise<void>;
  /** The client marks the last packet of each request. Others are parsed until they are whole. */
  #marksEnd = false;

  /** `cancelled` answers a break that no call was running for. */
  constructor(stream: PacketStream, context: () => StatementContext, cancelled: () => Promise<void>) {
    this.#stream = stream;
    this.#context = context;
    this.#cancelled = cancelled;
  }

  /** The next whole request; undefined when the client has gone. Throws MalformedRequest. */
  async next(): Promise<Request | undefined> {
    let held: Buffer[] = [];
    for (;;) {
      const incoming = await this.#stream.next();
      if (incoming.kind === "closed") return undefined;
      if (incoming.kind === "interrupt") {
        held = [];
        await this.#cancelled();
        continue;
      }
      const flags = dataFlagsOf(incoming.packet);
      if ((flags & dataFlag.endOfFile) !== 0) return undefined;
      const payload = incoming.packet.body.subarray(2);
      if (held.length === 0 && asksForNetworkServices(payload)) {
        this.#stream.sendData(noNetworkServices(), false);
        continue;
      }
      held.push(payload);
      const request = this.#tryRead(held, (flags & dataFlag.endOfRequest) !== 0);
      if (request !== undefined) return request;
    }
  }

  /** Undefined while more of the request has to come. */
  #tryRead(held: readonly Buffer[], ends: boolean): Request | undefined {
    if (ends) this.#marksEnd = true;
    else if (this.#marksEnd) return undefined;
    const bytes = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held);
    if (bytes.length > LARGEST_REQUEST) throw new MalformedRequest("a request without end");
    try {
      return readRequest(new TtcReader(bytes), this.#context());
    } catch (error) {
      if (error instanceof Underrun && !ends) return undefined;
      throw error;
    }
  }
}

function dataFlagsOf(arrived: Packet): number {
  if (arrived.type !== packet.data || arrived.body.length < 2) {
    throw new MalformedRequest(`packet of type ${arrived.type}`);
  }
  return arrived.body.readUInt16BE(0);
}
