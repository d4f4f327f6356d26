import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import type { TestContext } from "vitest";
import { describe, expect, test } from "vitest";

import { acceptBody } from "../../../simulator/tns/connect.ts";
import type { StatementContext } from "../../../simulator/tns/execute-request.ts";
import { encodePacket, packet } from "../../../simulator/tns/packets.ts";
import { profiles } from "../../../simulator/tns/profiles.ts";
import { TtcReader } from "../../../simulator/tns/reader.ts";
import { readRequest } from "../../../simulator/tns/request.ts";
import { writeOutcome } from "../../../simulator/tns/response.ts";
import { TtcWriter } from "../../../simulator/tns/writer.ts";
import { projectRoot } from "../../source-tree.ts";

/** Facts seen on real servers: ACCEPT of 18c and 23ai without their last bytes, RESEND, ORA-00942. */
const known = {
  accept18c: "013d000100000000010000000029c5000000000000000000000020000000200000",
  accept23aiHead: "013f00010000000001000000003dc5000000000000000000000020000000200000",
  resend: "000800000b000000",
  tableMissing:
    "040101020d2f000203ae00000102010e03000000000000000000000000060000000000000203ae00010300284f52412d30303934323a207461626c65206f72207669657720646f6573206e6f742065786973740a",
};

/** Recorded bytes, where they are at hand: UMBRA_CONTRACTS or shared/contracts beside the project. */
function recorded(context: TestContext, key: string): Buffer {
  const folder = process.env["UMBRA_CONTRACTS"] ?? resolve(projectRoot, "../shared/contracts");
  const path = join(folder, "tns/real-server-bytes.json");
  if (!existsSync(path)) context.skip(`${path} is not there; the embedded values are checked all the same`);
  const all = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, string>>;
  return Buffer.from(all[key] ?? "", "hex");
}

/** A recorded packet without header and data flags. */
const payload = (bytes: Buffer): Buffer => bytes.subarray(10);

function requestContext(fieldVersion: number, binds: number): StatementContext {
  const shape = { type: 2, form: 0, isArray: false, maxSize: 22, lobSizes: false };
  return {
    fieldVersion,
    longestString: 4000,
    prefixedText: false,
    cursor: () => ({
      isPlsql: false,
      isQuery: true,
      binds: Array.from({ length: binds }, () => shape),
      outOnly: [],
    }),
  };
}

describe("bytes of real servers", () => {
  test("ACCEPT is the one of 18c", () => {
    const body = acceptBody({ ...profiles["12.2"], tnsVersion: 317 }, 8192);
    expect(body.toString("hex")).toBe(known.accept18c);
  });

  test("ACCEPT has the layout of 23ai", () => {
    const body = acceptBody({ ...profiles["23ai"], tnsVersion: 319 }, 8192);
    const real = Buffer.from(known.accept23aiHead, "hex");
    // 23ai adds an id of the connection behind the flags, so its data starts 16 bytes later.
    body.writeUInt16BE(real.readUInt16BE(12), 12);
    expect(body.toString("hex", 0, 33)).toBe(known.accept23aiHead);
  });

  test("RESEND is the one of 18c", () => {
    expect(encodePacket(packet.resend, Buffer.alloc(0), false).toString("hex")).toBe(known.resend);
  });

  test("a failing statement is told in the bytes of a real server", () => {
    const context = {
      fieldVersion: 14,
      wideScale: false,
      sequence: 0,
      callCount: 0x0d2f,
      inTransaction: false,
    };
    const writer = new TtcWriter();
    writeOutcome(writer, context, {
      code: 942,
      text: "ORA-00942: table or view does not exist",
      position: 14,
      cursor: 2,
      sqlType: 3,
      rowId: { rba: 0, partition: 0, block: 0, slot: 0 },
    });
    const real = Buffer.from(known.tableMissing, "hex");
    // The recorded server leaves a 6 where the number of the call's kind stands; clients skip it.
    expect(writer.length).toBe(real.length);
    const differing = [...real.entries()].filter(([index, byte]) => writer.written[index] !== byte);
    expect(differing.length).toBeLessThanOrEqual(1);
  });

  test.for([
    ["go.oall8MarshalToDropTable", "DROP TABLE"],
    ["go.oall8MarshalToSelectFromTable", "select * from table1"],
    ["go.oall8MarshalToDeleteFromTable", "delete from table1"],
  ] as const)("the recorded request %s is understood", ([key, sql], context) => {
    const bytes = payload(recorded(context, key));
    const request = readRequest(new TtcReader(bytes), requestContext(23, 0));
    expect(request).toMatchObject({ kind: "call", call: { kind: "execute", cursor: 0, execute: true } });
    expect(JSON.stringify(request)).toContain(sql);
  });

  test("the recorded re-execution is understood, binds and all", (context) => {
    const bytes = payload(recorded(context, "go.oexfenMarshalToDump"));
    const request = readRequest(new TtcReader(bytes), requestContext(23, 3));
    expect(request).toMatchObject({
      call: { kind: "reexecute", fetch: true, cursor: 8, rows: [["11", "10", "12"]] },
    });
  });

  test("the embedded values are the recorded ones", (context) => {
    const accept = recorded(context, "rs.pre23ai_xe18_accept_payload").toString("hex");
    expect(accept).toBe(known.accept18c);
    expect(recorded(context, "rs.pre23ai_resend_packet").toString("hex")).toBe(known.resend);
    expect(payload(recorded(context, "go.oer14ErrDump")).toString("hex")).toBe(known.tableMissing);
    expect(recorded(context, "rs.free23_accept_payload").toString("hex")).toContain(known.accept23aiHead);
  });
});
