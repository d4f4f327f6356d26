import type { DateValue, SqlValue } from "../engine/values.ts";
import type { Chance } from "./chance.ts";

export interface TableKind {
  readonly name: string;
  /** The first column is the key: a whole number, never used twice. */
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  fresh(chance: Chance, id: number): SqlValue[];
  /** The row after one business change; its size may grow past its block, so that it moves. */
  changed(chance: Chance, row: readonly SqlValue[]): SqlValue[];
}

/** With letters of two and three bytes, so that characters and bytes are told apart. */
const WORDS = [
  "invoice",
  "paid",
  "Straße",
  "naïve",
  "reminder",
  "東京",
  "open",
  "x",
  "settlement",
  "Łódź",
] as const;
const STATUSES = ["NEW", "PAID", "SHIPPED", "CANCELLED"] as const;
const LONGEST_NOTE = 2400;

const id = { name: "ID", type: "NUMBER", nullable: false } as const;

/** Longest text in UTF-8 is `bytes`. */
function text(chance: Chance, bytes: number): string {
  const wanted = chance.between(1, bytes);
  let made = chance.pick(WORDS).slice(0, Math.max(1, Math.floor(wanted / 3)));
  for (;;) {
    const longer = `${made} ${chance.pick(WORDS)}`;
    if (Buffer.byteLength(longer) > wanted) return made;
    made = longer;
  }
}

/** Drawn, not read from a clock, so that a seed gives the same rows again. */
function day(chance: Chance): DateValue {
  const time = { hour: chance.between(0, 23), minute: chance.between(0, 59), second: chance.between(0, 59) };
  return {
    kind: "date",
    year: 2026,
    month: chance.between(1, 12),
    day: chance.between(1, 28),
    ...time,
    nanos: 0,
  };
}

const accounts: TableKind = {
  name: "ACCOUNTS",
  columns: [
    id,
    { name: "OWNER_NAME", type: "VARCHAR2(200)", nullable: false },
    { name: "BALANCE", type: "NUMBER(12,2)", nullable: false },
    { name: "MEMO", type: "VARCHAR2(800)", nullable: true },
  ],
  fresh: (chance, key) => [key, text(chance, 60), chance.between(-99_999, 999_999) / 100, null],
  changed: (chance, row) => [
    row[0] ?? null,
    row[1] ?? null,
    chance.between(-99_999, 999_999) / 100,
    chance.next() < 0.3 ? null : text(chance, 700),
  ],
};

const orders: TableKind = {
  name: "ORDERS",
  columns: [
    id,
    { name: "ACCOUNT_ID", type: "NUMBER", nullable: true },
    { name: "STATUS", type: "VARCHAR2(20)", nullable: false },
    { name: "PLACED_AT", type: "DATE", nullable: false },
    { name: "AMOUNT", type: "NUMBER(12,2)", nullable: true },
  ],
  fresh: (chance, key) => [key, chance.between(1, 500), "NEW", day(chance), chance.between(1, 99_999) / 100],
  changed: (chance, row) => [
    row[0] ?? null,
    row[1] ?? null,
    chance.pick(STATUSES),
    row[3] ?? null,
    chance.between(1, 99_999) / 100,
  ],
};

const notes: TableKind = {
  name: "NOTES",
  columns: [
    id,
    { name: "TITLE", type: "VARCHAR2(100)", nullable: true },
    { name: "BODY", type: "VARCHAR2(4000)", nullable: true },
  ],
  fresh: (chance, key) => [key, text(chance, 40), chance.next() < 0.1 ? null : text(chance, 400)],
  changed: (chance, row) => [row[0] ?? null, row[1] ?? null, text(chance, LONGEST_NOTE)],
};

export const tableKinds: readonly TableKind[] = [accounts, orders, notes];
