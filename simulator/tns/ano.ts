import { TtcWriter } from "./writer.ts";

const MAGIC = 0xdeadbeef;
const VERSION = 0x1300_0000;

/** First four bytes of the payload by which a client asks for native network services. */
export function asksForNetworkServices(payload: Buffer): boolean {
  return payload.length >= 4 && payload.readUInt32BE(0) === MAGIC;
}

/** The answer that no service is active: no authentication adapter, no encryption, no checksum. */
export function noNetworkServices(): Buffer {
  const writer = new TtcWriter(128);
  const service = (type: number, fields: number): TtcWriter =>
    writer.u16be(type).u16be(fields).u32be(0).u16be(4).u16be(5).u32be(VERSION);
  writer.u32be(MAGIC).u16be(0).u32be(VERSION).u16be(4).u8(0);
  service(4, 3).u16be(2).u16be(6).u16be(0x1f);
  writer.u16be(18).u16be(1).u32be(MAGIC).u16be(3).u32be(4).u16be(4).u16be(1).u16be(2).u16be(3);
  service(1, 2).u16be(2).u16be(6).u16be(0xfbff);
  service(2, 2).u16be(1).u16be(2).u8(0);
  service(3, 2).u16be(1).u16be(2).u8(0);
  const answer = Buffer.from(writer.written);
  answer.writeUInt16BE(answer.length, 4);
  return answer;
}
