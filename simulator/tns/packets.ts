/** Types of packets, in byte 4 of the header. */
export const packet = {
  connect: 1,
  accept: 2,
  refuse: 4,
  redirect: 5,
  data: 6,
  resend: 11,
  marker: 12,
  control: 14,
} as const;

/** Kinds of MARKER. */
export const marker = { break: 1, reset: 2, interrupt: 3 } as const;

/** Flags of a DATA packet. */
export const dataFlag = { endOfFile: 0x0040, endOfRequest: 0x0800, endOfResponse: 0x2000 } as const;

const HEADER = 8;
/** Header and flags of a DATA packet. */
export const DATA_HEADER = 10;
/** The largest packet that a client may ask for. */
const LARGEST_PACKET = 2_097_152;

export interface Packet {
  readonly type: number;
  readonly flags: number;
  /** Without the header. */
  readonly body: Buffer;
}

/** The bytes are no packet: the connection must be closed. */
export class NotAPacket extends Error {
  override readonly name = "NotAPacket";
}

/** Cuts the byte stream of one direction into packets. */
export class PacketCutter {
  #held: Buffer = Buffer.alloc(0);
  /** False up to ACCEPT: lengths have two bytes. Afterwards four. */
  wideLengths = false;

  /** The packets that are complete now. Read lazily, so that `wideLengths` may change in between. */
  *cut(chunk: Buffer): Generator<Packet> {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    while (this.#held.length >= HEADER) {
      const length = this.wideLengths ? this.#held.readUInt32BE(0) : this.#held.readUInt16BE(0);
      if (length < HEADER || length > LARGEST_PACKET) throw new NotAPacket(`a packet of ${length} bytes`);
      if (this.#held.length < length) return;
      const whole = this.#held.subarray(0, length);
      this.#held = this.#held.subarray(length);
      yield { type: whole[4] ?? 0, flags: whole[5] ?? 0, body: whole.subarray(HEADER) };
    }
  }
}

export function encodePacket(type: number, body: Buffer, wideLengths: boolean, flags = 0): Buffer {
  const bytes = Buffer.alloc(HEADER + body.length);
  writeHeader(bytes, 0, bytes.length, type, wideLengths, flags);
  body.copy(bytes, HEADER);
  return bytes;
}

/** The payload as DATA packets of at most `sdu` bytes, back to back. The last one carries `lastFlags`. */
export function encodeData(payload: Buffer, sdu: number, wideLengths: boolean, lastFlags = 0): Buffer {
  const room = sdu - DATA_HEADER;
  const count = Math.max(1, Math.ceil(payload.length / room));
  const bytes = Buffer.allocUnsafe(payload.length + count * DATA_HEADER);
  let offset = 0;
  for (let i = 0; i < count; i += 1) {
    const part = payload.subarray(i * room, (i + 1) * room);
    writeHeader(bytes, offset, part.length + DATA_HEADER, packet.data, wideLengths, 0);
    bytes.writeUInt16BE(i === count - 1 ? lastFlags : 0, offset + HEADER);
    part.copy(bytes, offset + DATA_HEADER);
    offset += part.length + DATA_HEADER;
  }
  return bytes;
}

function writeHeader(
  bytes: Buffer,
  offset: number,
  length: number,
  type: number,
  wideLengths: boolean,
  flags: number,
): void {
  bytes.fill(0, offset, offset + HEADER);
  if (wideLengths) bytes.writeUInt32BE(length, offset);
  else bytes.writeUInt16BE(length, offset);
  bytes[offset + 4] = type;
  bytes[offset + 5] = flags;
}
