import type { SqlValue } from "../engine/values.ts";
import type { Cursor } from "./cursors.ts";
import { writeValue } from "./value.ts";
import type { Handles, Target } from "./value.ts";
import { isLob, isLong, wireTypes } from "./wire-types.ts";
import type { TtcWriter } from "./writer.ts";

const message = { rowHeader: 6, row: 7, bitVector: 21 };
const ROW_HEADER_FLAGS = 0x22;
const NULL_FETCHED = 1405;

export interface RowOptions {
  /** Values equal to those of the row before are left away, as real servers do. */
  readonly compress: boolean;
  readonly longestString: number;
  readonly handles: Handles;
  /** Stop after this row of the result (counted over all fetches): the connection is to be lost there. */
  readonly stopAt?: number | undefined;
}

interface RowTarget extends Target {
  readonly long: boolean;
}

/** Writes up to `count` rows of the cursor; says true when it stopped at `stopAt`. */
export function writeRows(writer: TtcWriter, cursor: Cursor, count: number, options: RowOptions): boolean {
  const targets = rowTargets(cursor, options.longestString);
  writer.u8(message.rowHeader).u8(ROW_HEADER_FLAGS);
  writer.ints(targets.length, cursor.fetched, count, 0, 0, 0);
  const batch = new RowBatch(writer, targets, options);
  for (let i = 0; i < count; i += 1) {
    const row = cursor.next();
    if (row === undefined) return false;
    batch.write(row);
    cursor.fetched += 1;
    if (cursor.fetched === options.stopAt) return true;
  }
  if (count > 0) cursor.lookAhead();
  return false;
}

function rowTargets(cursor: Cursor, longestString: number): readonly RowTarget[] {
  return (cursor.columns ?? []).map((column, index) => {
    const define = cursor.defines?.[index];
    const own = wireTypes[column.type];
    const type = define?.type ?? own.code;
    const size = define?.maxSize ?? column.size;
    return {
      type,
      form: define === undefined ? own.form : define.form,
      lobSizes: define?.lobSizes ?? true,
      inRow: true,
      long: !isLob(type) && (isLong(type) || size > longestString),
    };
  });
}

/** The rows of one response. Remembers where each column's last value was written. */
class RowBatch {
  readonly #writer: TtcWriter;
  readonly #targets: readonly RowTarget[];
  readonly #options: RowOptions;
  /** Start and length of the value that the client holds, for each column. */
  readonly #held: Int32Array;
  readonly #fresh: Int32Array;
  #first = true;

  constructor(writer: TtcWriter, targets: readonly RowTarget[], options: RowOptions) {
    this.#writer = writer;
    this.#targets = targets;
    this.#options = options;
    this.#held = new Int32Array(targets.length * 2);
    this.#fresh = new Int32Array(targets.length * 2);
  }

  write(row: readonly SqlValue[]): void {
    const start = this.#writer.length;
    this.#writer.u8(message.row);
    for (const [index, target] of this.#targets.entries()) {
      const from = this.#writer.length;
      this.#writeColumn(row[index] ?? null, target);
      this.#fresh[index * 2] = from;
      this.#fresh[index * 2 + 1] = this.#writer.length - from;
    }
    if (this.#options.compress && !this.#first) this.#leaveAwayRepeated(start);
    else this.#held.set(this.#fresh);
    this.#first = false;
  }

  #writeColumn(value: SqlValue, target: RowTarget): void {
    writeValue(this.#writer, value, target, this.#options.handles);
    if (target.long) this.#writer.int(0).int(value === null ? NULL_FETCHED : 0);
  }

  #leaveAwayRepeated(start: number): void {
    const changed: number[] = [];
    for (const index of this.#targets.keys()) if (!this.#repeats(index)) changed.push(index);
    if (changed.length === this.#targets.length) {
      this.#held.set(this.#fresh);
      return;
    }
    const bits = Buffer.alloc(Math.ceil(this.#targets.length / 8));
    const values = changed.map((index) => this.#copyOf(index));
    for (const index of changed) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
    this.#writer.rewind(start);
    this.#writer.u8(message.bitVector).int(changed.length).raw(bits).u8(message.row);
    for (const [i, index] of changed.entries()) {
      const value = values[i] ?? Buffer.alloc(0);
      this.#held[index * 2] = this.#writer.length;
      this.#held[index * 2 + 1] = value.length;
      this.#writer.raw(value);
    }
  }

  #repeats(index: number): boolean {
    const length = this.#held[index * 2 + 1] ?? 0;
    if (length !== this.#fresh[index * 2 + 1]) return false;
    return this.#writer.same(this.#held[index * 2] ?? 0, this.#fresh[index * 2] ?? 0, length);
  }

  #copyOf(index: number): Buffer {
    const from = this.#fresh[index * 2] ?? 0;
    return Buffer.from(this.#writer.written.subarray(from, from + (this.#fresh[index * 2 + 1] ?? 0)));
  }
}
