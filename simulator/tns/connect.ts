import type { Profile } from "./profiles.ts";

/** What a CONNECT packet asks for. */
export interface ConnectRequest {
  readonly sdu: number;
  /** Length of the connect data; what is missing follows in DATA packets. */
  readonly dataLength: number;
  readonly data: Buffer;
}

/** Reads the body (without the header) of a CONNECT packet. */
export function readConnect(body: Buffer): ConnectRequest | undefined {
  if (body.length < 50) return undefined;
  const dataLength = body.readUInt16BE(16);
  const start = body.readUInt16BE(18) - 8;
  const wide = body.length >= 54 ? body.readUInt32BE(50) : 0;
  return {
    sdu: wide === 0 ? body.readUInt16BE(6) : wide,
    dataLength,
    data: body.subarray(Math.max(0, start), Math.max(0, start) + dataLength),
  };
}

/** The service or SID of a connect descriptor, upper case. */
export function wantedService(descriptor: string): { readonly name: string; readonly isSid: boolean } {
  const service = /\(\s*SERVICE_NAME\s*=\s*([^)\s]*)/i.exec(descriptor)?.[1];
  if (service !== undefined) return { name: service.toUpperCase(), isSid: false };
  const sid = /\(\s*SID\s*=\s*([^)\s]*)/i.exec(descriptor)?.[1];
  return { name: (sid ?? "").toUpperCase(), isSid: sid !== undefined };
}

const SMALLEST_SDU = 512;
/** No native network services: the client need not negotiate encryption. */
const NO_SERVICES = 0xc500;
const FAST_AUTH = 0x1000_0000;
const END_OF_RESPONSE = 0x0200_0000;
const WIDE_FLAGS_SINCE = 318;

export function agreedSdu(asked: number, offered: number): number {
  return Math.max(SMALLEST_SDU, Math.min(asked === 0 ? offered : asked, offered));
}

/** Body of ACCEPT. The 16-bit sizes stay 0, as real servers of these versions leave them. */
export function acceptBody(profile: Profile, sdu: number): Buffer {
  const wideFlags = profile.tnsVersion >= WIDE_FLAGS_SINCE;
  const body = Buffer.alloc(wideFlags ? 37 : 33);
  body.writeUInt16BE(profile.tnsVersion, 0);
  body.writeUInt16BE(0x0001, 2);
  body.writeUInt16BE(0x0100, 8);
  body.writeUInt16BE(body.length + 8, 12);
  body.writeUInt16BE(NO_SERVICES, 14);
  body.writeUInt32BE(sdu, 24);
  body.writeUInt32BE(sdu, 28);
  if (wideFlags) {
    const flags = (profile.fastAuth ? FAST_AUTH : 0) + (profile.endOfResponse ? END_OF_RESPONSE : 0);
    body.writeUInt32BE(flags, 33);
  }
  return body;
}

const VERSION_NUMBER = 318_767_104;

/** Body of REFUSE with an ORA- code of the listener. */
export function refuseBody(code: number): Buffer {
  const error = `(ERROR_STACK=(ERROR=(CODE=${code})(EMFI=4)))`;
  const text = Buffer.from(`(DESCRIPTION=(TMP=)(VSNNUM=${VERSION_NUMBER})(ERR=${code})${error})`);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(text.length, 2);
  return Buffer.concat([head, text]);
}

/** Header flag of REDIRECT: address and connect data follow in the packet. */
export const REDIRECT_FLAGS = 2;

export function redirectBody(host: string, port: number, connectData: Buffer): Buffer {
  const address = Buffer.from(`(ADDRESS=(PROTOCOL=tcp)(HOST=${host})(PORT=${port}))\0`);
  const head = Buffer.alloc(2);
  head.writeUInt16BE(address.length + connectData.length, 0);
  return Buffer.concat([head, address, connectData]);
}

const CONTROL_SERVER_ERROR = 8;
const FACILITY_TNS = 12;

/** Body of an unsolicited CONTROL packet: the server announces that it is going away. */
export function controlBody(code: number): Buffer {
  const body = Buffer.alloc(14);
  body.writeUInt16BE(CONTROL_SERVER_ERROR, 0);
  body.writeUInt32BE(FACILITY_TNS, 2);
  body.writeUInt32BE(code, 6);
  return body;
}
