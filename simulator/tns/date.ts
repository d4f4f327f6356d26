import type { DateValue } from "../engine/values.ts";

/** 7 bytes: DATE. 11: TIMESTAMP. 13: WITH TIME ZONE, where the fields are UTC. */
export type DateSize = 7 | 11 | 13;

export function encodeDate(date: DateValue, size: DateSize): Buffer {
  const bytes = Buffer.alloc(size);
  bytes[0] = Math.trunc(date.year / 100) + 100;
  bytes[1] = (date.year % 100) + 100;
  bytes[2] = date.month;
  bytes[3] = date.day;
  bytes[4] = date.hour + 1;
  bytes[5] = date.minute + 1;
  bytes[6] = date.second + 1;
  if (size > 7) bytes.writeUInt32BE(date.nanos, 7);
  if (size === 13) {
    const zone = date.zoneMinutes ?? 0;
    bytes[11] = Math.trunc(zone / 60) + 20;
    bytes[12] = (zone % 60) + 60;
  }
  return bytes;
}

export function decodeDate(bytes: Buffer): DateValue {
  const at = (index: number): number => bytes[index] ?? 0;
  const date: DateValue = {
    kind: "date",
    year: (at(0) - 100) * 100 + at(1) - 100,
    month: at(2),
    day: at(3),
    hour: at(4) - 1,
    minute: at(5) - 1,
    second: at(6) - 1,
    nanos: bytes.length >= 11 ? bytes.readUInt32BE(7) : 0,
  };
  if (bytes.length < 13) return date;
  return { ...date, zoneMinutes: (at(11) - 20) * 60 + at(12) - 60 };
}
