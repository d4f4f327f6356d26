import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  DATA_HEADER,
  dataFlag,
  encodeData,
  encodePacket,
  NotAPacket,
  packet,
  PacketCutter,
} from "../../../../simulator/tns/packets.ts";

describe("packets", () => {
  test("a payload comes back from packets of any size, however the bytes arrive", () => {
    const sizes = fc.tuple(
      fc.nat({ max: 5000 }),
      fc.integer({ min: 64, max: 2000 }),
      fc.integer({ min: 1, max: 700 }),
    );
    fc.assert(
      fc.property(sizes, ([length, sdu, step]) => {
        const payload = Buffer.from(Array.from({ length }, (_, i) => i % 251));
        const bytes = encodeData(payload, sdu, true, dataFlag.endOfResponse);
        const cutter = new PacketCutter();
        cutter.wideLengths = true;
        const cut = [];
        for (let at = 0; at < bytes.length; at += step)
          cut.push(...cutter.cut(bytes.subarray(at, at + step)));
        expect(Buffer.concat(cut.map((each) => each.body.subarray(2)))).toEqual(payload);
        expect(cut.every((each) => each.body.length + 8 <= sdu)).toBe(true);
        const flags = cut.map((each) => each.body.readUInt16BE(0));
        expect(flags.filter((flag) => flag === dataFlag.endOfResponse)).toHaveLength(1);
        expect(flags.at(-1)).toBe(dataFlag.endOfResponse);
      }),
    );
  });

  test("up to ACCEPT a length has two bytes, afterwards four", () => {
    expect(encodePacket(packet.resend, Buffer.alloc(0), false).toString("hex")).toBe("000800000b000000");
    expect(encodePacket(packet.marker, Buffer.from([1, 0, 2]), true, 0x20).toString("hex")).toBe(
      "0000000b0c200000010002",
    );
    expect(encodeData(Buffer.alloc(0), 512, true)).toHaveLength(DATA_HEADER);
  });

  test("an impossible length is no packet", () => {
    expect(() => [...new PacketCutter().cut(Buffer.alloc(8))]).toThrow(NotAPacket);
  });
});
