import { OraError } from "../engine/ora-error.ts";
import type { SqlValue } from "../engine/values.ts";
import type { RowAddress, Transaction } from "./api.ts";
import { change } from "./changes.ts";
import type { Container, Segment } from "./container.ts";
import { putRow, rowAt } from "./data-block.ts";
import { requireAlive, type SimulatedDatabase } from "./database.ts";
import { rowKey } from "./locks.ts";
import { roomInLog } from "./log-switch.ts";
import { encodeRow } from "./row-codec.ts";
import { findPlace, fitsInPlace } from "./segments.ts";
import { largestBefore, type UndoRecord } from "./undo-block.ts";
import type { UndoChain } from "./undo.ts";

/** A transaction on one container, of one thread. Dictionary changes of DDL run in one too. */
export class OpenTransaction implements Transaction {
  readonly container: Container;
  readonly thread: number;
  readonly startScn: bigint;
  readonly startedAt: Date;
  /** Newest last; the same records lie in undo blocks. */
  readonly undo: UndoRecord[] = [];
  chain: UndoChain | undefined;
  private readonly database: SimulatedDatabase;
  private readonly locked = new Set<string>();
  private ended = false;

  constructor(database: SimulatedDatabase, container: Container, thread: number) {
    this.database = database;
    this.container = container;
    this.thread = thread;
    this.startScn = database.scn;
    this.startedAt = database.hooks.now();
  }

  get conId(): number {
    return this.container.conId;
  }

  get usedUndoRecords(): number {
    return this.undo.length;
  }

  /** A transaction found in the undo of a database that was not shut down: its rows are locked until it is rolled back. */
  adopt(chain: UndoChain, records: readonly UndoRecord[]): void {
    this.chain = chain;
    this.database.transactions.add(this);
    for (const record of records.toReversed()) {
      this.undo.push(record);
      this.lockRow(record.objectId, record.address, record.before);
    }
  }

  async insert(objectId: number, values: readonly SqlValue[]): Promise<RowAddress> {
    const segment = this.container.segment(objectId);
    const piece = encodeRow(values);
    this.requireFitting(piece, segment);
    for (;;) {
      await roomInLog(this.database, this.thread);
      this.requireOpen();
      const address = await findPlace(
        this.database,
        this.container,
        segment,
        piece.length,
        this.thread,
        () => new OpenTransaction(this.database, this.container, this.thread),
      );
      // Somebody may have taken the place while a log was switched or space was added.
      if (address === undefined || !this.isFree(address)) continue;
      if (!fitsInPlace(this.database, address, piece.length)) continue;
      this.put(objectId, address, piece);
      return address;
    }
  }

  async update(objectId: number, row: RowAddress, values: readonly SqlValue[]): Promise<RowAddress> {
    const piece = encodeRow(values);
    this.requireFitting(piece, this.container.segment(objectId));
    await this.lock(objectId, row);
    await roomInLog(this.database, this.thread);
    this.requireOpen();
    if (fitsInPlace(this.database, row, piece.length)) {
      this.put(objectId, row, piece);
      return row;
    }
    this.put(objectId, row, undefined);
    return this.insert(objectId, values);
  }

  async delete(objectId: number, row: RowAddress): Promise<void> {
    await this.lock(objectId, row);
    await roomInLog(this.database, this.thread);
    this.requireOpen();
    this.put(objectId, row, undefined);
  }

  async lock(objectId: number, row: RowAddress): Promise<boolean> {
    this.container.segment(objectId);
    // Nobody lets go of a lock in a dead instance.
    this.requireOpen();
    const waited = await this.database.locks.waitFor(rowKey(row), this);
    this.requireOpen();
    const piece = this.pieceAt(row);
    this.lockRow(objectId, row, piece && Buffer.from(piece));
    return waited;
  }

  /** A mark to which `rollbackTo` returns: statements that fail leave nothing behind. */
  savepoint(): number {
    return this.undo.length;
  }

  async rollbackTo(savepoint: number, pace?: (left: number) => Promise<void>): Promise<void> {
    while (this.undo.length > savepoint) {
      await pace?.(this.undo.length);
      await roomInLog(this.database, this.thread);
      const record = this.undo.pop();
      if (record === undefined) return;
      this.database.reservations.release(this, record.address);
      change(this.database, this.thread, [
        {
          file: this.database.readable(record.address.file),
          block: record.address.block,
          mutate: (block) => putRow(block, record.address.slot, record.before),
        },
      ]);
    }
  }

  async commit(): Promise<bigint> {
    if (this.chain === undefined) {
      this.finish();
      return this.database.scn;
    }
    await roomInLog(this.database, this.thread);
    this.requireOpen();
    const marker = { kind: "commit", at: this.database.hooks.now() } as const;
    const scn = change(this.database, this.thread, [this.container.undo.end(this.chain)], marker);
    this.database.flushRedo();
    for (const key of this.locked) {
      const lock = this.database.locks.holding(key);
      if (lock?.holder !== this) continue;
      this.database.versions.replaced(`${this.conId}.${lock.objectId}`, key, lock.before, scn);
      this.container.segments.get(lock.objectId)?.freed.add(freedKey(lock.address));
    }
    this.finish();
    return scn;
  }

  /** Once: what is rolled back already, or about to be, is left alone. `pace` is awaited before each undo record. */
  async rollback(pace?: (left: number) => Promise<void>): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    await this.rollbackTo(0, pace);
    if (this.chain !== undefined) {
      await roomInLog(this.database, this.thread);
      change(this.database, this.thread, [this.container.undo.end(this.chain)]);
    }
    this.finish();
  }

  private put(objectId: number, address: RowAddress, piece: Buffer | undefined): void {
    if (this.chain === undefined) {
      this.chain = this.container.undo.open();
      this.database.transactions.add(this);
    }
    const found = this.pieceAt(address);
    const before = found === undefined ? undefined : Buffer.from(found);
    const record: UndoRecord = { objectId, address, before };
    const edits = this.container.undo.note(this.chain, record, this.thread);
    const file = this.database.writable(address.file);
    change(this.database, this.thread, [
      ...edits,
      { file, block: address.block, mutate: (block) => putRow(block, address.slot, piece) },
    ]);
    this.undo.push(record);
    this.lockRow(objectId, address, before);
    const original = this.database.locks.holding(rowKey(address))?.before;
    this.database.reservations.hold(this, address, (original?.length ?? 0) - (piece?.length ?? 0));
  }

  private pieceAt(row: RowAddress): Buffer | undefined {
    return rowAt(this.database.cache.read(this.database.readable(row.file), row.block).buffer, row.slot);
  }

  private isFree(address: RowAddress): boolean {
    return this.pieceAt(address) === undefined && this.database.locks.holding(rowKey(address)) === undefined;
  }

  private lockRow(objectId: number, address: RowAddress, before: Buffer | undefined): void {
    const key = rowKey(address);
    if (this.locked.has(key)) return;
    this.locked.add(key);
    this.database.locks.take(key, { holder: this, objectId, address, before });
  }

  private requireFitting(piece: Buffer, segment: Segment): void {
    const [file] = this.container.filesOf(segment.definition.tablespace);
    const blockSize = Math.min(file?.blockSize ?? 0, this.container.systemFile.blockSize);
    if (piece.length > largestBefore(blockSize))
      throw new OraError(1489, "result of string concatenation is too long");
  }

  private requireOpen(): void {
    requireAlive(this.database);
    if (this.ended) throw new OraError(1012, "not logged on");
  }

  private finish(): void {
    this.ended = true;
    if (this.chain !== undefined) this.container.undo.release(this.chain);
    this.database.transactions.delete(this);
    this.database.reservations.releaseAll(this);
    this.database.locks.release(this, this.locked);
  }
}

const freedKey = (address: RowAddress): string => `${address.file}.${address.block}`;
