import { OraError } from "../engine/ora-error.ts";
import { LOB_CHUNK } from "./value.ts";
import { lobOperation } from "./lob-request.ts";
import type { LobRequest } from "./lob-request.ts";
import type { Lobs } from "./lobs.ts";
import type { TtcWriter } from "./writer.ts";
import { wire } from "./wire-types.ts";

const message = { parameters: 8, lobData: 14 };
const UTF8_CHARSET = 873;

/** Does one operation on a LOB and writes all of the answer but its end. Throws OraError. */
export function answerLob(request: LobRequest, lobs: Lobs, writer: TtcWriter): void {
  if (request.operation === lobOperation.createTemporary) {
    const kind = request.newType === wire.clob ? "clob" : "blob";
    const locator = lobs.add({ kind, data: Buffer.alloc(0) }, true);
    writer.u8(message.parameters).raw(locator).int(UTF8_CHARSET).u8(0);
    return;
  }
  const amount = operate(request, lobs, writer);
  writer.u8(message.parameters).raw(request.locator);
  if (request.amount !== undefined) writer.int(amount);
  if (request.operation === lobOperation.isOpen) writer.u8(0);
}

/** The amount that the answer tells. */
function operate(request: LobRequest, lobs: Lobs, writer: TtcWriter): number {
  const lob = lobs.get(request.locator.toString("hex"));
  const amount = request.amount ?? 0;
  switch (request.operation) {
    case lobOperation.length:
      return lob.length;
    case lobOperation.chunkSize:
      return LOB_CHUNK;
    case lobOperation.read: {
      const data = lob.read(request.offset, amount);
      writer.u8(message.lobData).bytes(data);
      return data.length;
    }
    case lobOperation.write:
      lob.write(request.offset, request.data ?? Buffer.alloc(0));
      return amount;
    case lobOperation.trim:
      lob.trim(amount);
      return amount;
    case lobOperation.freeTemporary:
      lobs.free(request.locator);
      return amount;
    case lobOperation.open:
    case lobOperation.close:
    case lobOperation.isOpen:
      return amount;
    default:
      throw new OraError(3115, "unsupported network datatype or representation");
  }
}
