import type { Transaction } from "../../instance/api.ts";
import { fixedView, type ViewRow, type ViewWorld } from "../dictionary/view.ts";
import type { SessionState } from "../session-state.ts";

/** Undo records in a block, roughly. */
const RECORDS_IN_BLOCK = 50;
const SESSIONS_AT = 0x7000_0000n;
const TRANSACTIONS_AT = 0x6000_0000n;
const SLOT_BYTES = 0x100n;

/** V$TRANSACTION: SES_ADDR leads to SADDR of its session, and is zero where there is none any more. */
export const transaction = fixedView(
  "V$TRANSACTION",
  "NOMOUNT",
  `ADDR RAW(8);XIDUSN n;XIDSLOT n;XIDSQN n;STATUS v16;START_TIME v20;START_SCNB n;START_SCNW n;START_SCN n;START_DATE d
   USED_UBLK n;USED_UREC n;SES_ADDR RAW(8);CON_ID n`,
  (world) => world.core.instance.activeTransactions.map((open, index) => transactionRow(world, open, index)),
);

type Open = ViewWorld["core"]["instance"]["activeTransactions"][number];

function transactionRow(world: ViewWorld, open: Open, index: number): ViewRow {
  const owner = world.core.sessions.all().find((state) => (state.transaction as unknown) === open);
  return {
    ADDR: address(TRANSACTIONS_AT, index),
    XIDUSN: 1,
    XIDSLOT: index + 1,
    XIDSQN: index + 100,
    STATUS: "ACTIVE",
    START_TIME: asText(open.startedAt, world.core.zoneMinutes),
    START_SCN: open.startScn,
    START_SCNB: open.startScn & 0xffff_ffffn,
    START_SCNW: open.startScn >> 32n,
    START_DATE: open.startedAt,
    USED_UBLK: Math.max(1, Math.ceil(open.usedUndoRecords / RECORDS_IN_BLOCK)),
    USED_UREC: open.usedUndoRecords,
    SES_ADDR: owner === undefined ? Buffer.alloc(8) : sessionAddress(owner),
    CON_ID: open.conId,
  };
}

export function sessionAddress(state: SessionState): Buffer {
  return address(SESSIONS_AT, state.sid);
}

/** TADDR of a session: null without a transaction. */
export function transactionAddress(world: ViewWorld, of: Transaction | undefined): Buffer | null {
  const index = world.core.instance.activeTransactions.findIndex((open) => (open as unknown) === of);
  return index === -1 ? null : address(TRANSACTIONS_AT, index);
}

function address(base: bigint, slot: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(base + BigInt(slot) * SLOT_BYTES);
  return bytes;
}

/** MM/DD/RR HH24:MI:SS, wall clock of the database host. */
function asText(at: Date, zoneMinutes: number): string {
  const [date = "", time = ""] = new Date(at.getTime() + zoneMinutes * 60_000).toISOString().split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  return `${month}/${day}/${year.slice(2)} ${time.slice(0, 8)}`;
}
