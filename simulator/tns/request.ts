import { readExecute, readReexecute } from "./execute-request.ts";
import type { ExecuteRequest, ReexecuteRequest, StatementContext } from "./execute-request.ts";
import { readLob } from "./lob-request.ts";
import type { LobRequest } from "./lob-request.ts";
import { readDataTypes, readLogin, readProtocol } from "./login-request.ts";
import type { DataTypesRequest, LoginRequest, ProtocolRequest } from "./login-request.ts";
import { readPiggyback } from "./piggyback.ts";
import type { Piggyback } from "./piggyback.ts";
import { since } from "./profiles.ts";
import { MalformedRequest } from "./reader.ts";
import type { TtcReader } from "./reader.ts";

export type Request =
  | ProtocolRequest
  | DataTypesRequest
  | {
      readonly kind: "fast-auth";
      readonly protocol: ProtocolRequest;
      readonly dataTypes: DataTypesRequest;
      readonly sequence: number;
      readonly login: LoginRequest;
    }
  | { readonly kind: "flush-out-binds" }
  | CallRequest;

/** One call with the piggybacks before it. */
export interface CallRequest {
  readonly kind: "call";
  readonly piggybacks: readonly Piggyback[];
  /** Counted by the client; echoed as the call number. */
  readonly sequence: number;
  readonly call: Call;
}

export type Call =
  | LoginRequest
  | ExecuteRequest
  | ReexecuteRequest
  | LobRequest
  | { readonly kind: "fetch"; readonly cursor: number; readonly rows: number }
  | { readonly kind: "commit" | "rollback" | "ping" | "logoff" }
  | { readonly kind: "unsupported"; readonly function: number };

const message = { protocol: 1, dataTypes: 2, function: 3, piggyback: 17, flushOutBinds: 19, fastAuth: 34 };

/** Numbers of the functions that a client may call. */
const fn = {
  reexecute: 4,
  fetch: 5,
  logoff: 9,
  commit: 14,
  rollback: 15,
  reexecuteAndFetch: 78,
  execute: 94,
  lob: 96,
  login2: 115,
  login1: 118,
  ping: 147,
};

/**
 * Reads one request. Pure: nothing is changed but the reader, so that a request which ends too early
 * (Underrun) can be read again when more of it is there. Throws MalformedRequest.
 */
export function readRequest(reader: TtcReader, context: StatementContext): Request {
  const piggybacks: Piggyback[] = [];
  for (;;) {
    const type = reader.u8();
    if (type === message.protocol) return readProtocol(reader);
    if (type === message.dataTypes) return readDataTypes(reader);
    if (type === message.fastAuth) return readFastAuth(reader);
    if (type === message.flushOutBinds) return { kind: "flush-out-binds" };
    if (type !== message.function && type !== message.piggyback) {
      throw new MalformedRequest(`message type ${type}`);
    }
    const number = reader.u8();
    const sequence = reader.u8();
    if (context.fieldVersion >= since.token) reader.int();
    if (type === message.piggyback) piggybacks.push(readPiggyback(number, reader));
    else return { kind: "call", piggybacks, sequence, call: readCall(number, reader, context) };
  }
}

function readCall(number: number, reader: TtcReader, context: StatementContext): Call {
  switch (number) {
    case fn.login1:
      return readLogin(1, reader, context);
    case fn.login2:
      return readLogin(2, reader, context);
    case fn.execute:
      return readExecute(reader, context);
    case fn.reexecute:
      return readReexecute(false, reader, context);
    case fn.reexecuteAndFetch:
      return readReexecute(true, reader, context);
    case fn.fetch:
      return { kind: "fetch", cursor: reader.int(), rows: reader.int() };
    case fn.lob:
      return readLob(reader);
    case fn.ping:
      return { kind: "ping" };
    case fn.commit:
      return { kind: "commit" };
    case fn.rollback:
      return { kind: "rollback" };
    case fn.logoff:
      return { kind: "logoff" };
    default:
      return { kind: "unsupported", function: number };
  }
}

/** Protocol, data types and the first phase of the login in one message. */
function readFastAuth(reader: TtcReader): Request {
  reader.skip(3);
  reader.skip(1);
  const protocol = readProtocol(reader);
  reader.skip(6);
  reader.skip(1);
  const dataTypes = readDataTypes(reader);
  reader.skip(1);
  const number = reader.u8();
  const sequence = reader.u8();
  const login = readLogin(number === fn.login2 ? 2 : 1, reader, { prefixedText: true });
  return { kind: "fast-auth", protocol, dataTypes, sequence, login };
}
