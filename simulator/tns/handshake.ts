import type { Profile } from "./profiles.ts";
import type { TtcWriter } from "./writer.ts";

const UTF8_CHARSET = 873;
const NATIONAL_CHARSET = 2000;

/** Answer to the protocol negotiation: charset, capabilities. */
export function writeProtocol(writer: TtcWriter, profile: Profile): void {
  writer
    .u8(1)
    .u8(6)
    .u8(0)
    .raw(Buffer.from(`${profile.banner}\0`));
  writer.u16le(UTF8_CHARSET).u8(1).u16le(0);
  const description = Buffer.alloc(11);
  description.writeUInt16BE(NATIONAL_CHARSET, 9);
  writer.u16be(description.length).raw(description);
  writer.bytes(compileCapabilities(profile)).bytes(runtimeCapabilities(profile));
}

function compileCapabilities(profile: Profile): Buffer {
  const bytes = Buffer.alloc(46);
  bytes[0] = 6;
  bytes[4] = 0xea;
  bytes[7] = profile.fieldVersion;
  bytes[15] = 0x29;
  bytes[40] = profile.endOfResponse ? 0x24 : 0x04;
  return bytes;
}

const SHORT_STRING = 4000;

function runtimeCapabilities(profile: Profile): Buffer {
  const bytes = Buffer.alloc(13);
  bytes[0] = 2;
  bytes[1] = profile.timeZone ? 1 : 0;
  bytes[6] = profile.longestString > SHORT_STRING ? 4 : 0;
  return bytes;
}

/** UTC. */
const TIME_ZONE = Buffer.from([0x80, 0, 0, 0, 60, 60, 60, 0x80, 0, 0, 0]);
/** Type and representation of the types that the server converts. */
const representations: readonly (readonly [number, number])[] = [
  [1, 1],
  [2, 10],
  [8, 1],
  [12, 10],
  [23, 1],
  [24, 1],
  [96, 1],
  [112, 1],
  [113, 1],
  [180, 1],
  [181, 1],
  [231, 1],
];

/** Answer to the negotiation of data types. The time zone goes only to clients that asked for it. */
export function writeDataTypes(writer: TtcWriter, withTimeZone: boolean): void {
  writer.u8(2);
  if (withTimeZone) writer.raw(TIME_ZONE);
  for (const [type, representation] of representations) {
    writer.u16be(type).u16be(type).u16be(representation).u16be(0);
  }
  writer.u16be(0);
}
