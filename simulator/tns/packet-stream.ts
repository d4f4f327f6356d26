import type { Socket } from "node:net";

import { dataFlag, encodeData, encodePacket, marker, packet, PacketCutter } from "./packets.ts";
import type { Packet } from "./packets.ts";

/** What the session takes from the connection next. */
export type Incoming =
  | { readonly kind: "packet"; readonly packet: Packet }
  /** The client wants the running call, or the one it has just sent, to end. */
  | { readonly kind: "interrupt" }
  | { readonly kind: "closed" };

/**
 * Packets of one connection, and its breaks. Markers overtake requests, so they are looked at when they
 * arrive: an interrupt drops the requests that wait and is told through `onInterrupt`; until the client's
 * reset has come, everything else that it sends belongs to the cancelled call and is dropped too.
 */
export class PacketStream {
  readonly #socket: Socket;
  readonly #cutter = new PacketCutter();
  readonly #waiting: Packet[] = [];
  #interrupted = false;
  #awaitingReset = false;
  #closed = false;
  #deaf = false;
  #wake: (() => void) | undefined;
  /** Called when the client breaks, before the session takes the interrupt. */
  onInterrupt: () => void = () => {};
  /** Called once, when the connection is gone. */
  onClosed: () => void = () => {};
  sdu: number;

  constructor(socket: Socket, sdu: number) {
    this.#socket = socket;
    this.sdu = sdu;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", () => this.#close());
    socket.on("end", () => this.#close());
    socket.on("close", () => this.#close());
  }

  get closed(): boolean {
    return this.#closed;
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** From ACCEPT on, lengths have four bytes. */
  useWideLengths(): void {
    this.#cutter.wideLengths = true;
  }

  /** Accepts bytes and never answers again. */
  goSilent(): void {
    this.#deaf = true;
  }

  async next(): Promise<Incoming> {
    for (;;) {
      if (this.#closed) return { kind: "closed" };
      if (this.#interrupted) return { kind: "interrupt" };
      const first = this.#waiting.shift();
      if (first !== undefined) return { kind: "packet", packet: first };
      await this.#somethingNew();
    }
  }

  send(type: number, body: Buffer, flags = 0): void {
    this.#write(encodePacket(type, body, this.#cutter.wideLengths, flags));
  }

  /** One response in as many DATA packets as it needs. */
  sendData(payload: Buffer, endOfResponse: boolean): void {
    this.#write(this.#dataPackets(payload, endOfResponse));
  }

  /** Half of the response's first packet, then the connection is closed. */
  sendTornData(payload: Buffer): void {
    const whole = this.#dataPackets(payload, false);
    const torn = whole.subarray(0, Math.max(5, Math.floor(Math.min(whole.length, this.sdu) / 2)));
    if (this.#closed || this.#deaf) return;
    this.#socket.end(torn);
    this.#socket.destroySoon();
  }

  /** Break and reset to the client, then waits for its reset: afterwards both sides are in step. */
  async breakAndReset(): Promise<void> {
    this.#awaitingReset = true;
    this.#interrupted = false;
    this.#waiting.length = 0;
    this.send(packet.marker, Buffer.from([1, 0, marker.break]), MARKER_FLAGS);
    this.send(packet.marker, Buffer.from([1, 0, marker.reset]), MARKER_FLAGS);
    while (this.#awaitingReset && !this.#closed) await this.#somethingNew();
  }

  /** Sends what was written, then closes. */
  end(): void {
    if (this.#deaf) return;
    this.#socket.end();
    this.#socket.destroySoon();
  }

  /** Closes at once; what was not sent is lost. */
  destroy(): void {
    this.#socket.destroy();
    this.#close();
  }

  #dataPackets(payload: Buffer, endOfResponse: boolean): Buffer {
    const flags = endOfResponse ? dataFlag.endOfResponse : 0;
    return encodeData(payload, this.sdu, this.#cutter.wideLengths, flags);
  }

  #write(bytes: Buffer): void {
    if (!this.#closed && !this.#deaf) this.#socket.write(bytes);
  }

  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #receive(chunk: Buffer): void {
    if (this.#deaf || this.#closed) return;
    try {
      for (const each of this.#cutter.cut(chunk)) this.#take(each);
    } catch {
      // Not the protocol: this connection ends, the listener goes on.
      this.destroy();
    }
  }

  #take(arrived: Packet): void {
    if (arrived.type === packet.marker) this.#takeMarker(arrived.body[2] ?? 0);
    else if (!this.#awaitingReset && !this.#interrupted) this.#waiting.push(arrived);
    this.#notify();
  }

  #takeMarker(kind: number): void {
    if (this.#awaitingReset) {
      if (kind === marker.reset) this.#awaitingReset = false;
      return;
    }
    if (kind === marker.reset) return;
    this.#interrupted = true;
    this.#waiting.length = 0;
    this.onInterrupt();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onClosed();
    this.#notify();
  }
}

const MARKER_FLAGS = 0x20;
